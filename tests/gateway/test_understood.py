"""What the log has of a message beside its intent: what is named, what it is about, what is stated."""

from pathlib import Path

from bot.interactions import Kind
from bot.pages.command import crawl
from bot.settings import Settings
from bot.store.interactions import of_conversation
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.gateway.visitor import Visitor

PAGE = """<html><head><title>Fold Blanket | The mill</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "name": "Fold Blanket", "offers": {"@type": "Offer",
"price": "149.00", "priceCurrency": "EUR"}}</script></head><body><main><h1>Fold Blanket</h1>
<p>A blanket of lambswool, woven here and finished by hand, which keeps its shape for many years.</p>
</main></body></html>"""


async def test_names_of_the_sites_pages_and_statements_are_in_the_log(
    visitor: Visitor, store: Store, shop: Site, settings: Settings, tmp_path: Path
):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "fold-blanket.html").write_text(PAGE)
    await crawl(store, settings, SHOP, str(folder), base="https://shop.example/")
    conversation = (await visitor.connect())["conversation"]

    await visitor.ask("The fold blanket for 149 EUR came with a hole in it.")

    rows = [row.interaction for row in await store.read(of_conversation, conversation, limit=100)]
    (data,) = [row.data for row in rows if row.kind is Kind.UNDERSTANDING]
    assert [(one["kind"], one["value"]) for one in data["entities"]] == [
        ("product", "Fold Blanket"),
        ("money", "149 EUR"),
    ]
    assert "Fold Blanket" in data["topics"]
    (stated,) = data["statements"]
    assert (stated["kind"], stated["start"]) == ("complaint", 0)
    assert stated["text"] == "The fold blanket for 149 EUR came with a hole in it"
