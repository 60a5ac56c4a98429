"""`duologue shell` with the running product: written into a pipe, and typed at a terminal."""

import asyncio
import json
import os
import pty
import subprocess

from sqlalchemy import Connection, select

from bot.store.tables import messages
from tests.conversations.visitor import House
from tests.running import COMMAND, PROJECT, Duologue

PATIENCE_S = 60


async def piped(duologue: Duologue, lines: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [COMMAND, "shell", *more],
        input=lines,
        env=duologue.environment | environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


async def test_a_question_in_a_pipe_is_answered_with_its_page(duologue: Duologue) -> None:
    done = await piped(duologue, "Do you ship to Norway?\n")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("you   Do you ship to Norway?\nbot   Yes, we ship to Norway.")
    assert f"{duologue.shop_url}/faq.html\n" in done.stdout


async def test_why_shows_intent_rule_action_and_passage(duologue: Duologue) -> None:
    done = await piped(duologue, "do you ship to norway\n/why\n")

    _, _, why = done.stdout.partition("you   /why\n")
    rows = dict(line.split(maxsplit=1) for line in why.splitlines())
    assert set(rows) >= {"intent", "mood", "rule", "did", "page", "passage"}
    assert rows["intent"].startswith("ask_page ") and rows["rule"].endswith("data/rules/pages.yml")
    assert rows["did"] == "action_answer_from_pages" and "Norway" in rows["passage"]
    assert f"{duologue.shop_url}/faq.html" in rows["page"] and "sure" in rows["page"]


async def test_a_button_is_pressed_by_its_number(duologue: Duologue) -> None:
    done = await piped(duologue, "are you a robot?\n1\n/why\n")

    assert "[1] Talk to a person   [2] No, thanks" in done.stdout
    assert "did        action_ask_person" in done.stdout and "A person is asked for" in done.stderr


async def test_the_page_that_one_is_on_answers(duologue: Duologue) -> None:
    done = await piped(duologue, "/page product-lane-cardigan.html\nhow much is it?\n")

    assert "€159.00" in done.stdout and f"On {duologue.shop_url}/product-lane-cardigan.html." in done.stderr


async def test_for_programs_each_line_is_an_object(duologue: Duologue) -> None:
    done = await piped(duologue, "hello\nthanks\n", "--output", "json")

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["understanding"]["intent"] for one in told] == ["greet", "thank"]
    assert all(one["replies"][0]["text"] for one in told)


async def test_what_was_said_is_erased_at_the_end_unless_it_is_kept(duologue: Duologue, house: House) -> None:
    words = "i would like a jumper for my parrot"
    await piped(duologue, f"{words}\n")
    erased = await house.store.read(_was_said, words)

    await piped(duologue, f"{words}\n", "--keep")

    assert (erased, await house.store.read(_was_said, words)) == (False, True)


async def test_a_line_that_is_refused_fails_the_pipe(duologue: Duologue) -> None:
    done = await piped(duologue, f"{'x' * 4_001}\nhello\n")

    assert done.returncode == 1 and "4,000" in done.stderr and "\nbot   " in done.stdout


async def test_where_nothing_runs_is_told(duologue: Duologue) -> None:
    done = await piped(duologue, "hello\n", DUOLOGUE_PORT="9")

    assert (done.returncode, done.stdout) == (3, "") and "make up" in done.stderr


async def test_an_unknown_site_is_wrong_usage(duologue: Duologue) -> None:
    done = await piped(duologue, "hello\n", "--site", "nobodys")

    assert (done.returncode, done.stdout) == (2, "") and 'no site "nobodys"' in done.stderr


async def test_somebody_types_at_a_terminal(duologue: Duologue) -> None:
    ours, its = pty.openpty()
    streams = {"stdin": its, "stdout": its, "stderr": its}
    shell = await asyncio.to_thread(
        subprocess.Popen, [COMMAND, "shell"], **streams, env=duologue.environment, cwd=PROJECT
    )
    os.close(its)
    try:
        await asyncio.to_thread(_read_until, ours, "you   ")
        os.write(ours, b"Do you ship to Norway?\n")
        answered = await asyncio.to_thread(_read_until, ours, "faq.html", "you   ")
        os.write(ours, b"/quit\n")
        code = await asyncio.to_thread(shell.wait, PATIENCE_S)
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)

    assert "bot   Yes, we ship to Norway." in answered and code == 0


def _was_said(connection: Connection, words: str) -> bool:
    return connection.execute(select(messages.c.seq).where(messages.c.text == words)).first() is not None


def _read_until(terminal: int, *wanted: str) -> str:
    """What the terminal shows until each of `wanted` has come, in this order."""
    shown, after = "", 0
    for one in wanted:
        while one not in shown[after:]:
            shown += os.read(terminal, 4_096).decode()
        after = shown.index(one, after) + len(one)
    return shown
