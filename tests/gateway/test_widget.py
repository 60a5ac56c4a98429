"""How the widget is served: small, cached, and to any page."""

import gzip
import re
from importlib.resources import files
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

Client = TestClient[Any, Any]
LOADER_BYTES = 2_000
OPENING_BYTES = 12_000
"""The loader, and all that opens with the panel, in the longest language."""
OPENING = ("widget.js", "widget/panel.js", "widget/wire.js", "widget/keep.js", "widget/look.js")
LANGUAGES = sorted(one.name for one in files("bot.gateway").joinpath("static", "widget", "words").iterdir())


async def test_the_loader_costs_a_page_less_than_two_kilobytes(client: Client):
    async with client.get("/widget.js") as answer:
        body = await answer.read()

    assert answer.status == 200 and answer.content_type == "text/javascript"
    assert len(gzip.compress(body, 9)) < LOADER_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
async def test_all_that_opens_with_the_panel_is_less_than_twelve_kilobytes(client: Client, language: str):
    sizes = [await _packed(client, path) for path in (*OPENING, f"widget/words/{language}")]

    assert sum(sizes) < OPENING_BYTES


async def test_opening_loads_what_is_counted_as_such_and_no_more(client: Client):
    async with client.get("/widget/panel.js") as answer:
        panel = await answer.text()

    assert set(re.findall(r"^import .* from '\./(.*)';", panel, re.MULTILINE)) == {"keep.js", "look.js", "wire.js"}
    assert re.findall(r"import\(`\./(\w+)/", panel) == ["words"]


async def test_any_page_may_fetch_it_and_a_cached_one_is_not_sent_again(client: Client):
    async with client.get("/widget.js") as first:
        etag = first.headers["ETag"]

    async with client.get("/widget.js", headers={"If-None-Match": etag}) as again:
        assert (again.status, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


async def test_it_is_sent_compressed_to_who_can_read_that(client: Client):
    async with client.get("/widget.js", headers={"Accept-Encoding": "gzip"}, compress=False) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
    async with client.get("/widget.js", headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers


async def test_a_module_that_the_widget_does_not_have_is_not_found(client: Client):
    for name in ("nonsense.js", "..%2fconsole.css", "widget.js%00"):
        assert (await client.get(f"/widget/{name}")).status == 404
    assert (await client.get("/widget/panel.js")).status == 200


async def _packed(client: Client, path: str) -> int:
    async with client.get(f"/{path}") as answer:
        assert answer.status == 200, path
        return len(gzip.compress(await answer.read(), 9))
