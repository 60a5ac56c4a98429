from bot.store.sites import Site, add_site, find_site
from bot.store.store import Store
from tests.cast import ORIGIN, SHOP, at


async def test_a_site_keeps_its_secret_and_its_lot_when_it_is_renamed(store: Store, shop: Site):
    renamed = await store.write(add_site, SHOP, name="Demo shop", origins=(ORIGIN,), at=at(days=1))

    assert renamed.name == "Demo shop"
    assert (renamed.secrets, renamed.salt) == (shop.secrets, shop.salt)


async def test_an_unknown_key_is_no_site(store: Store):
    assert await store.read(find_site, "nowhere") is None
