import io
import json
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, DuologueError
from bot.insights.command import export, insights
from bot.insights.exports.export import wanted
from bot.insights.reports import REPORTS, Wish
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.insights.happened import bought, talked


async def test_programs_get_json_and_people_a_table(store: Store, shop: Site):
    await store.write(append, [*talked("v"), bought("v", 4990)])
    for_programs, for_people = io.StringIO(), io.StringIO()

    assert await insights(store, "segments", Wish(SHOP), output="json", out=for_programs) == 0
    assert await insights(store, "segments", Wish(SHOP), out=for_people) == 0

    assert json.loads(for_programs.getvalue())["rows"][0]["people"] == 1
    assert "conversing buyer" in for_people.getvalue() and "49.90 EUR" in for_people.getvalue()


async def test_a_site_without_pages_is_told_how_to_read_them(
    store: Store, shop: Site, capsys: pytest.CaptureFixture[str]
):
    for_programs, for_people = io.StringIO(), io.StringIO()

    assert await insights(store, "pages", Wish(SHOP), output="json", out=for_programs) == 0
    assert await insights(store, "pages", Wish(SHOP), out=for_people) == 0

    assert json.loads(for_programs.getvalue())["rows"] == []
    assert (for_people.getvalue(), capsys.readouterr().err) == (
        "",
        "No page was crawled or seen yet. Read the site: duologue crawl URL --site demo\n",
    )


async def test_the_lift_is_told_with_its_verdict_and_labels(store: Store, shop: Site):
    for_programs, for_people = io.StringIO(), io.StringIO()

    assert await insights(store, "lift", Wish(SHOP), output="json", out=for_programs) == 0
    assert await insights(store, "lift", Wish(SHOP), out=for_people) == 0

    assert json.loads(for_programs.getvalue())["verdict"] == "nobody_drawn"
    assert "Nobody was drawn" in for_people.getvalue() and "descriptive" in for_people.getvalue()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("value", "Nobody has ordered yet, so there is no value to tell."), ("likeness", "Too few days are known")],
)
async def test_what_is_foretold_is_told_also_where_there_is_nothing(store: Store, shop: Site, name: str, sentence: str):
    for_programs, for_people = io.StringIO(), io.StringIO()

    assert await insights(store, name, Wish(SHOP), output="json", out=for_programs) == 0
    assert await insights(store, name, Wish(SHOP), out=for_people) == 0

    assert json.loads(for_programs.getvalue())["sentence"].startswith(sentence)
    assert sentence in " ".join(for_people.getvalue().split())


@pytest.mark.parametrize("name", REPORTS)
async def test_a_site_that_there_is_not_is_told(store: Store, shop: Site, name: str):
    with pytest.raises(ConfigurationError, match='There is no site "nope"; `duologue site list` shows those there are'):
        await insights(store, name, Wish("nope"), out=io.StringIO())


async def test_a_report_that_there_is_not_is_told(store: Store, shop: Site):
    with pytest.raises(ConfigurationError, match="There is no report"):
        await insights(store, "luck", Wish(SHOP))


@pytest.mark.parametrize(
    ("name", "wish", "sentence"),
    [
        ("lift", Wish(SHOP, by="channel"), "--by goes with segments and likeness and listening, not with lift"),
        ("segments", Wish(SHOP, rule="last"), "--rule goes with channels, not with segments"),
    ],
)
async def test_an_option_of_another_report_is_refused(store: Store, shop: Site, name: str, wish: Wish, sentence: str):
    with pytest.raises(ConfigurationError, match=sentence):
        await insights(store, name, wish)


async def test_a_file_appears_only_whole(store: Store, shop: Site, tmp_path: Path):
    out = tmp_path / "segments.csv"
    out.write_text("the one before")

    (tmp_path / "no-folder").touch()
    with pytest.raises(DuologueError):
        await export(store, wanted(SHOP, "segments"), out=out, log=tmp_path / "no-folder")
    assert out.read_text() == "the one before"

    assert await export(store, wanted(SHOP, "segments"), out=out) == 0
    assert out.read_text().startswith("segment,people,visits,revenue,currency")
    assert not any(".part" in one.name for one in out.parent.iterdir())


async def test_a_folder_that_is_not_there_is_told(store: Store, shop: Site, tmp_path: Path):
    with pytest.raises(DuologueError, match="can't be written"):
        await export(store, wanted(SHOP, "segments"), out=tmp_path / "nowhere" / "segments.csv")
