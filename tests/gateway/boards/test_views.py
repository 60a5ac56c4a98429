"""Views of the dashboard that members keep: by name, their own or for all."""

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway.boards.views import own_address
from tests.cast import Person
from tests.gateway.front_office import Browser, Office

WEEK = "/insights?site=demo&window=7d&against=previous&channel=search"
MILO = Person("Milo", "milo@shop.example", role="marketer")


async def test_a_view_is_kept_shown_and_deleted(mayas: Browser) -> None:
    kept = await mayas.post("/insights/views", {"name": "My <b>week</b>", "address": WEEK})
    page = await mayas.get(kept.location)
    id = page.text.partition("/insights/views/")[2].partition("/")[0]
    gone = await mayas.post(f"/insights/views/{id}/delete", {"address": WEEK})

    assert (kept.status, kept.location, gone.status) == (303, WEEK, 303)
    assert "My &lt;b&gt;week&lt;/b&gt;" in page.text and 'aria-current="page"><bdi>My' in page.text
    assert "My &lt;b" not in (await mayas.get(gone.location)).text


async def test_a_name_is_one_view_and_keeps_the_last_address(mayas: Browser) -> None:
    for address in (WEEK, "/insights/people?who=bought"):
        await mayas.post("/insights/views", {"name": "Mine", "address": address})

    page = await mayas.get("/insights")

    assert page.text.count("<bdi>Mine</bdi>") == 1
    assert 'href="/insights/people?who=bought"' in page.text


async def test_colleagues_see_what_is_for_all_and_can_not_delete_it(
    server: TestServer, office: Office, mayas: Browser
) -> None:
    await mayas.post("/insights/views", {"name": "Mine", "address": WEEK})
    await mayas.post("/insights/views", {"name": "Ours", "address": WEEK, "shared": "on"})
    id = (await mayas.get("/insights")).text.partition("/insights/views/")[2].partition("/")[0]
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(MILO))
        page = await browser.get("/insights")
        await browser.post(f"/insights/views/{id}/delete", {"address": WEEK})

    assert "<bdi>Ours</bdi>" in page.text and "by <bdi>Maya</bdi>" in page.text
    assert "<bdi>Mine</bdi>" not in page.text and "/delete" not in page.text
    assert "<bdi>Mine</bdi>" in (await mayas.get("/insights")).text


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
async def test_a_view_without_a_good_name_is_not_kept(mayas: Browser, name: str) -> None:
    page = await mayas.post("/insights/views", {"name": name, "address": WEEK})

    assert page.status == 400
    assert "Give the view a name of 1 to 40 characters" in page.words


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://elsewhere.example/insights?site=a", "/insights?site=a"),
        ("//elsewhere.example", "/insights"),
        ("/console/people", "/insights"),
        ("/insights/person?person=c:alice", "/insights"),
        ("/insights/people?who=bought&part=3&person=c:alice", "/insights/people?who=bought"),
        ("http://[", "/insights"),
        ("/insights?site=%00&by=page%0d%0aSet-Cookie:x", "/insights?by=page%0D%0ASet-Cookie%3Ax"),
        ("", "/insights"),
    ],
)
def test_only_addresses_of_boards_are_kept(given: str, kept: str) -> None:
    assert own_address(given) == kept
