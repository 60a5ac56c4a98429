"""What `duologue train` says of the examples: too few, taught twice, or like another intent's."""

from pathlib import Path

import pytest

from bot.engine.doubts import FEWEST, Doubt, doubts_of, examples_in
from bot.errors import ConfigurationError
from tests.engine_fixture import PROJECT

HOURS = ("when do you open", "opening hours", "open on sunday?", "what time do you close", "how late are you open")
ORDERS = ("where is my order", "track my parcel", "has my package been sent", "when does my delivery arrive")


def a_project(folder: Path, **taught: tuple[str, ...]) -> Path:
    (folder / ".rasa").symlink_to(PROJECT / ".rasa")
    (folder / "data" / "nlu").mkdir(parents=True)
    for intent, texts in taught.items():
        examples = "".join(f"      - {text}\n" for text in texts)
        lines = f'version: "3.1"\nnlu:\n  - intent: {intent}\n    examples: |\n{examples}'
        (folder / "data" / "nlu" / f"{intent}.yml").write_text(lines, encoding="utf-8")
    return folder


def test_an_example_that_reads_like_another_intent_is_named_with_its_neighbour(tmp_path: Path):
    project = a_project(tmp_path, hours=HOURS, orders=(*ORDERS, "how late are you open today"))

    told = doubts_of(project).in_words()

    assert "“how late are you open today” is taught as orders but reads like hours (“how late are you open”)." in told


def test_intents_with_few_examples_are_named(tmp_path: Path):
    project = a_project(tmp_path, hours=HOURS, orders=ORDERS)

    doubts = doubts_of(project)

    assert doubts.few == {"hours": 5, "orders": 4}
    assert f"hours has 5 examples; give it at least {FEWEST}." in doubts.in_words()


def test_a_text_that_is_taught_as_two_intents_is_named_once(tmp_path: Path):
    project = a_project(tmp_path, hours=HOURS, orders=(*ORDERS, "Opening hours!"))

    doubts = doubts_of(project)

    assert doubts.twice == {"opening hours": ["hours", "orders"]}
    assert doubts.alike == []


def test_marks_of_entities_are_no_part_of_an_example(tmp_path: Path):
    project = a_project(tmp_path, orders=('where is [1001](order_number) by [ups]{"entity": "courier"}',))

    assert [one.text for one in examples_in(project)] == ["where is 1001 by ups"]


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path):
    project = a_project(tmp_path, hours=HOURS)
    (project / "data" / "nlu" / "broken.yml").write_text("nlu: [", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"broken\.yml can not be read"):
        doubts_of(project)


def test_nothing_taught_is_nothing_to_doubt(tmp_path: Path):
    assert doubts_of(tmp_path).as_json() == {"examples": 0, "intents": 0, "few": {}, "twice": {}, "alike": []}


def test_programs_get_every_doubt_in_full():
    doubt = Doubt("how late is it", "hours", "orders", "how late is my parcel", 0.8)

    assert str(doubt) == "“how late is it” is taught as hours but reads like orders (“how late is my parcel”)"
