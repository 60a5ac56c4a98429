"""What a page says that it sells: once, in its words, with a picture of its own."""

import json
from typing import Any

import pytest

from bot.interactions import SiteKey
from bot.pages.indexing.index import build, load
from bot.pages.reading.extract import extract_html
from bot.store.migrate import downgrade, upgrade
from bot.store.pages import NewPage, NewPassage, Product, add_pages, begin_crawl, passages_of
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at

URL = "https://shop.example/scarves/ferry.html"
SCARF = {
    "@type": "Product",
    "name": "Ferry Scarf",
    "image": "/pictures/ferry.jpg",
    "offers": {"price": "49.00", "priceCurrency": "EUR"},
}
FERRY = Product("Ferry Scarf", "49.00 EUR", "https://shop.example/pictures/ferry.jpg")


def sold(*nodes: Any) -> Product | None:
    told = "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)
    return extract_html(f"<head>{told}</head><main><h1>Scarf</h1><p>It is long.</p></main>", url=URL).product


def test_a_page_that_sells_one_thing_says_which():
    assert sold(SCARF) == FERRY
    assert sold({"@graph": [{"@type": "WebPage", "name": "x"}, SCARF]}) == FERRY
    assert sold(SCARF, SCARF | {"@type": ["ProductGroup"]}) is not None


def test_a_list_of_products_is_no_product():
    assert sold(SCARF, SCARF | {"name": "Gate Mittens"}) is None
    assert sold({"@type": "ItemList", "itemListElement": [{"item": SCARF}, {"item": SCARF | {"name": "Hat"}}]}) is None
    assert sold({"@type": "WebPage", "name": "About"}) is None
    assert sold() is None


@pytest.mark.parametrize(
    ("offers", "price"),
    [
        ({"price": 49, "priceCurrency": "EUR"}, "49 EUR"),
        ([{"price": "49.00"}, {"price": "59.00"}], "49.00"),
        ({"lowPrice": "20", "highPrice": "30", "priceCurrency": "EUR"}, "20 to 30 EUR"),
        ({"priceCurrency": "EUR"}, None),
        (None, None),
        ("free", None),
    ],
)
def test_the_price_is_as_the_page_says_it(offers: Any, price: str | None):
    product = sold(SCARF | {"offers": offers})

    assert product is not None and product.price == price


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("ferry.jpg", "https://shop.example/scarves/ferry.jpg"),
        (["https://shop.example/a.jpg", "https://shop.example/b.jpg"], "https://shop.example/a.jpg"),
        ({"@type": "ImageObject", "url": "/a.jpg"}, "https://shop.example/a.jpg"),
        ({"contentUrl": "/a.jpg"}, "https://shop.example/a.jpg"),
        ("https://elsewhere.example/track.gif", None),
        ("http://shop.example/a.jpg", None),
        ("//elsewhere.example/a.jpg", None),
        ("https://shop.example:8443/a.jpg", None),
        ("https://shop.example@elsewhere.example/a.jpg", None),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,x", None),
        ("https://[::1", None),
        (7, None),
        ([], None),
        ([[]], None),
        ({}, None),
        (None, None),
    ],
)
def test_a_picture_is_of_the_pages_own_host_or_none(image: Any, address: str | None):
    product = sold(SCARF | {"image": image})

    assert product is not None and product.image == address


async def test_a_passage_knows_its_pages_product_in_the_store_and_in_the_index(store: Store, shop: Site, tmp_path: Any):
    crawl = await store.write(begin_crawl, SiteKey(SHOP), origin=URL, at=at())
    passage = NewPassage(0, ("Scarf",), "The Ferry Scarf is long.", "digest")
    scarf = NewPage(URL, "Scarf", "d1", at(), (passage,), FERRY)
    about = NewPage(f"{URL}?about", "About", "d2", at(), (passage,))

    await store.write(add_pages, crawl, [scarf, about])

    stored = await store.read(passages_of, crawl)
    assert [one.product for one in stored] == [FERRY, None]
    build(stored).save(tmp_path / "index")
    assert list(load(tmp_path / "index").passages) == stored


async def test_pages_from_before_products_sell_nothing_and_survive_the_way_down(store: Store, shop: Site):
    crawl = await store.write(begin_crawl, SiteKey(SHOP), origin=URL, at=at())
    passage = NewPassage(0, ("Scarf",), "The Ferry Scarf is long.", "digest")
    await store.write(add_pages, crawl, [NewPage(URL, "Scarf", "d", at(), (passage,), FERRY)])
    await store.write(downgrade, "0002")

    await store.write(upgrade)

    (stored,) = await store.read(passages_of, crawl)
    assert (stored.text, stored.product) == ("The Ferry Scarf is long.", None)
