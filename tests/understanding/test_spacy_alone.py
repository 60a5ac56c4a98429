"""spaCy without its command line; in a process of its own, since this one may have it already."""

import subprocess
import sys


def shown(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_what_reads_a_text_comes_without_the_command_line():
    given = "import sys; from bot.understanding.spacy_alone import imported; nlp = imported().blank('en');"

    told = shown(
        f"{given} print(len(nlp('Hello there')), [n for n in ('spacy.cli', 'weasel', 'typer') if n in sys.modules])"
    )

    assert told == "2 []"


def test_who_asks_for_the_command_line_gets_it():
    told = shown(
        "from bot.understanding.spacy_alone import imported; imported();"
        "from spacy.cli import info; print(info.__module__, imported().__version__[:2])"
    )

    assert told == "spacy.cli.info 3."


def test_a_command_line_that_is_there_stays():
    told = shown(
        "import spacy.cli, sys; from bot.understanding.spacy_alone import imported;"
        "print(imported() is spacy, sys.modules['spacy.cli'] is spacy.cli)"
    )

    assert told == "True True"
