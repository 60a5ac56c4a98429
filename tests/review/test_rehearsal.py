"""Reviews, exported and trained by a real Rasa, played with the new model; one that breaks a case is not used."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.engine.training import train_if_changed
from bot.rehearsal import model_to_use, rehearse
from bot.review.cases import Case, read_cases, with_cases
from bot.review.in_use import CASES, in_use, take_into_use
from bot.review.training_files import plan, write
from bot.store.reviews import Should, Told
from tests.homes import PROJECT
from tests.review.test_training_files import HOSTILE, a_review

REVIEWS = (
    a_review("is anybody human around", value="ask_person", number=1),
    a_review("do you wrap presents in paper", Should.WORDS, "Yes: [gift](wrap) is {free}.\n\n- in paper", number=2),
    a_review("kann man das als Geschenk einpacken", Should.WORDS, "Ja, kostenlos.", number=3),
    a_review("هل تغلفون الهدايا", Should.WORDS, "نعم، مجاناً.", number=4),
    a_review("good evening", Should.RIGHT, "", taken_for="greet", number=5),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped recipe, domain and rules, with few examples, so that it is soon trained."""
    folder = tmp_path_factory.mktemp("company")
    for name in ("bot", "actions", ".venv-engine"):
        (folder / name).symlink_to(PROJECT / name)
    (folder / ".rasa").mkdir()
    (folder / ".rasa" / "minilm").symlink_to(PROJECT / ".rasa" / "minilm")
    for name in ("config.yml", "domain.yml"):
        shutil.copy(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "data" / "rules", folder / "data" / "rules")
    (folder / "data" / "nlu").mkdir()
    for name in ("manners", "people", "yes_and_no", "pages_places"):
        shutil.copy(PROJECT / "data" / "nlu" / f"{name}.yml", folder / "data" / "nlu")
    return folder


@pytest.fixture(scope="module")
async def untaught(company: Path) -> Path:
    """The model from before any review."""
    return await train_if_changed(company, company / "models", on_line=lambda _: None)


@pytest.fixture(scope="module")
async def taught(company: Path, untaught: Path) -> AsyncIterator[Path]:
    """The model with all of the reviews, and with everything that could break a file."""
    hostile = [
        a_review(f"zz {text} {number}", value="unclear", number=100 + number) for number, text in enumerate(HOSTILE)
    ]
    answers = [
        a_review(f"{text} yy", Should.WORDS, text, number=200 + number) for number, text in enumerate(HOSTILE[:6])
    ]
    made = plan(company, [(one, Told()) for one in (*REVIEWS, *hostile, *answers)])
    assert made.left == []
    write(company, made)
    yield await train_if_changed(company, company / "models", on_line=lambda _: None)


async def test_what_was_exported_trains_and_comes_out_right(company: Path, taught: Path, tmp_path: Path) -> None:
    wanted = [case for case in read_cases(company) if int(case.id, 16) < 100]

    played = await rehearse(company, taught, wanted, run_dir=tmp_path / "run")

    assert {one.case.said: one.faults for one in played if one.faults} == {}
    assert len(played) == len(REVIEWS)
    assert played[1].says == "Yes: [gift](wrap) is (free).\n\n- in paper"


async def test_a_model_without_the_reviews_breaks_them_and_says_how(
    company: Path, untaught: Path, taught: Path, tmp_path: Path
) -> None:
    (wrapped,) = [case for case in read_cases(company) if case.said == "do you wrap presents in paper"]
    too_long = Case("by-hand", "x" * 4_001, "greet")

    played = await rehearse(company, untaught, [wrapped, too_long], run_dir=tmp_path / "run")

    assert any("not reviewed_yes_gift_wrap" in fault for fault in played[0].faults)
    assert "says something else" in played[0].faults
    assert played[1].faults[0].startswith("no answer")


async def test_a_new_model_that_breaks_a_case_is_not_used(
    company: Path, untaught: Path, taught: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    take_into_use(tmp_path, taught)

    used = await model_to_use(company, untaught, tmp_path, say=told.append)

    assert used == in_use(tmp_path) == taught
    (sentence,) = told
    assert sentence.startswith("The new model breaks ") and "the one before stays in use" in sentence


async def test_a_new_model_that_breaks_nothing_is_used(
    company: Path, untaught: Path, taught: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    take_into_use(tmp_path, untaught)
    project = tmp_path / "project"
    project.mkdir()
    for name in ("bot", "actions", ".venv-engine"):
        (project / name).symlink_to(PROJECT / name)
    (project / ".rasa").symlink_to(company / ".rasa")
    (project / CASES).parent.mkdir(parents=True)
    (project / CASES).write_text(with_cases("", [Case("a", "good evening", "greet")]), encoding="utf-8")

    used = await model_to_use(project, taught, tmp_path, say=told.append)

    assert used == in_use(tmp_path) == taught
    assert told == []


async def test_without_cases_a_new_model_is_used_at_once(tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"never loaded")

    used = await model_to_use(tmp_path, model, tmp_path / "home", say=print)

    assert used == in_use(tmp_path / "home") == model


async def test_where_there_is_none_before_it_a_model_that_breaks_a_case_is_used_and_that_is_said(
    company: Path, untaught: Path, taught: Path, tmp_path: Path
) -> None:
    told: list[str] = []

    used = await model_to_use(company, untaught, tmp_path, say=told.append)

    assert used == untaught
    assert "there is none before it" in told[0]


def test_a_model_that_is_gone_is_not_in_use(tmp_path: Path) -> None:
    take_into_use(tmp_path, tmp_path / "gone.tar.gz")

    assert in_use(tmp_path) is None
