import asyncio
from functools import partial

import pytest

from bot.errors import ConfigurationError
from bot.site_changes import changed
from bot.store.sites import Site, add_site, change_settings, find_site
from bot.store.store import Store
from tests.cast import ORIGIN, SHOP, at


async def test_a_site_keeps_its_secret_and_its_lot_when_it_is_renamed(store: Store, shop: Site):
    renamed = await store.write(add_site, SHOP, name="Demo shop", origins=(ORIGIN,), at=at(days=1))

    assert renamed.name == "Demo shop"
    assert (renamed.secrets, renamed.salt) == (shop.secrets, shop.salt)


async def test_an_unknown_key_is_no_site(store: Store):
    assert await store.read(find_site, "nowhere") is None


async def test_what_is_not_told_of_a_known_site_stays(store: Store, shop: Site):
    await store.write(change_settings, SHOP, partial(changed, file=None, told=["phone=+353 20"]))

    after = await store.write(add_site, SHOP, holdout=0.5, at=at(days=1))

    assert (after.name, after.origins, after.consent) == (shop.name, shop.origins, shop.consent)
    assert (after.holdout, after.settings) == (0.5, {"phone": "+353 20"})


async def test_two_who_set_something_at_once_both_have_it(store: Store, shop: Site):
    wishes = [f"greeting.{one}{other}=Hello" for one in "abc" for other in "xyz"]
    changes = (store.write(change_settings, SHOP, partial(changed, file=None, told=[wish])) for wish in wishes)

    await asyncio.gather(*changes)

    site = await store.read(find_site, SHOP)
    assert site is not None and len(site.settings["greeting"]) == len(wishes)


async def test_a_change_that_is_refused_changes_nothing(store: Store, shop: Site):
    with pytest.raises(ConfigurationError):
        await store.write(change_settings, SHOP, partial(changed, file=None, told=["phone=+353 20", "mail=me"]))

    assert await store.read(find_site, SHOP) == shop


async def test_a_site_that_is_not_there_cant_be_set(store: Store):
    assert await store.write(change_settings, "nowhere", partial(changed, file=None, told=[])) is None
