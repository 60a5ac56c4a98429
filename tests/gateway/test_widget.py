"""How the widget is served: small, cached, and to any page."""

import gzip
from typing import Any

from aiohttp.test_utils import TestClient

Client = TestClient[Any, Any]
LOADER_BYTES = 2_000


async def test_the_loader_costs_a_page_less_than_two_kilobytes(client: Client):
    async with client.get("/widget.js") as answer:
        body = await answer.read()

    assert answer.status == 200 and answer.content_type == "text/javascript"
    assert len(gzip.compress(body, 9)) < LOADER_BYTES


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
