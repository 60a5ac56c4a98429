"""docs/insights.md publishes the formula: its example comes to what it says, and its list is the one in use."""

import re
from pathlib import Path

from bot.conversation_counts import Line, counted
from bot.conversation_score import Counts, parts_of, score_of, words_in
from bot.pitches import TOPICS

DOCS = (Path(__file__).parents[1] / "docs" / "insights.md").read_text()
SECTION = DOCS.partition("## The conversation score")[2]
ROW = re.compile(r"^\| (visitor|bot|) ?\| (.+) \| (\d+).*\|$", re.MULTILINE)
INTENTS = ["ask_page", "ask_page", "ask_page", "deny"]
ASKED = [True, True, False, None]


def the_example() -> tuple[list[Line], list[tuple[str, int]]]:
    """Its lines, and each row's words with the number that stands beside them."""
    rows = [(sender, text, int(number)) for sender, text, number in ROW.findall(SECTION)]
    lines: list[Line] = []
    turns = iter(zip(INTENTS, ASKED, strict=True))
    for sender, text, _ in rows:
        said, quoted = text.strip("*"), text.startswith("*")
        quotes = (said,) if quoted else ()
        if sender == "visitor":
            intent, asked = next(turns)
            lines.append(Line("visitor", said, f"turn {len(lines)}", intent=intent, asked=asked))
        elif sender == "bot":
            lines.append(Line("bot", said, lines[-1].turn, quotes=quotes))
        else:
            lead = lines.pop()
            lines.append(Line("bot", f"{lead.text}\n{said}", lead.turn, quotes=quotes))
    return lines, [(text.strip("*"), number) for _, text, number in rows]


def test_the_example_counts_its_words_as_it_says():
    _, rows = the_example()

    assert len(rows) == 9
    assert [(text, words_in(text)) for text, _ in rows] == rows


def test_the_example_comes_to_the_score_that_it_says():
    lines, _ = the_example()

    found = sum(counted(lines).values(), Counts())

    assert found == Counts(
        4, visitor_words=17, our_words=50, questions=3, answered=2, waiting=4, replied=4, follow_ups=2, pitches=1
    )
    points = [round(part.points or 0, 1) for part in parts_of(found)]
    assert points == [12.7, 20, 25, 20]
    assert f"That is {sum(points)} of 100." in SECTION
    assert f"The score is {score_of(found)}." in SECTION


def test_the_list_of_pitches_is_the_one_in_use():
    for topic in TOPICS:
        asked = f"Asked for by: {', '.join(dict.fromkeys(topic.asked))}." if topic.asked else "Never asked for."
        # Lines are broken where they get long.
        assert f"- **{topic.name}**: {', '.join(topic.said)}. {asked}" in " ".join(SECTION.split())
