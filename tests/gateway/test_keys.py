"""The keys of the console, and what a member chooses for themselves."""

from collections.abc import AsyncIterator

import pytest

from bot.gateway.console.keys import KEYS
from bot.store.choices import Choices, choices_of, choose
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import Person
from tests.gateway.front_office import Browser, Office

LENA = Person("Lena", "lena@shop.example", role="agent")


@pytest.fixture
async def danas(office: Office, dana: NewMember) -> AsyncIterator[Browser]:
    async with office.serve() as server, Browser(server) as browser:
        await browser.is_signed_in(office, dana)
        yield browser


async def test_who_has_chosen_nothing_has_keys_and_no_notices(store: Store, dana: NewMember) -> None:
    assert await store.read(choices_of, dana.id) == Choices(keys=True, notices=False)


async def test_each_member_chooses_for_themselves(office: Office, dana: NewMember) -> None:
    lena = await office.hire(LENA)

    await office.store.write(choose, dana.id, keys=False)
    await office.store.write(choose, dana.id, notices=True)

    assert await office.store.read(choices_of, dana.id) == Choices(keys=False, notices=True)
    assert await office.store.read(choices_of, lena.id) == Choices()


async def test_every_key_is_on_the_page(danas: Browser) -> None:
    page = await danas.get("/console/keys")

    assert page.status == 200
    for key, what in KEYS:
        assert f"<kbd>{key}</kbd>" in page.text and what in page.words


async def test_keys_are_turned_off_and_on_by_a_form(danas: Browser, office: Office, dana: NewMember) -> None:
    done = await danas.post("/console/keys", {"keys": "off"})
    assert (done.status, done.location) == (303, "/console/keys")
    assert "Turn keys on" in (await danas.get("/console/keys")).words

    await danas.post("/console/keys", {"keys": "on"})

    assert await office.store.read(choices_of, dana.id) == Choices()


@pytest.mark.parametrize("fields", [{}, {"keys": "maybe"}, {"staff": "on"}, {"keys": ""}])
async def test_what_is_no_choice_is_refused(danas: Browser, fields: dict[str, str]) -> None:
    assert (await danas.post("/console/keys", fields or b"")).status == 400
