"""Spend told by a program: with a token, all rows or none, and the same again changes nothing."""

import pytest

from bot.store import staff
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import DANA, MAYA, SHOP, at
from tests.gateway.doors import Client

ROWS = "day,channel,campaign,amount,currency\n2026-03-01,paid,spring,100.00,EUR\n2026-03-02,mail,,5,EUR\n"
ONE_WRONG = ROWS + "2026-03-02,pigeons,,1,EUR\n"


@pytest.fixture
async def maya(store: Store) -> NewMember:
    return await store.write(staff.add_member, MAYA.name, MAYA.role, at=at())


async def tell(
    client: Client, member: NewMember | None, body: bytes, site: str = SHOP, **ways: str
) -> tuple[int, dict[str, object]]:
    headers = {} if member is None else {"Authorization": f"Bearer {member.token}"}
    asked = {"site": site, **ways}
    async with client.post("/v1/staff/spend", params=asked, data=body, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_the_same_told_again_is_kept_once(client: Client, maya: NewMember):
    done = await tell(client, maya, ROWS.encode())
    again = await tell(client, maya, ROWS.encode())

    assert (done[0], done[1]["new"], done[1]["spend"]) == (200, 2, {"EUR": "105.00"})
    assert (again[0], again[1]["new"], again[1]["same"]) == (200, 0, 2)


async def test_one_wrong_row_keeps_out_all_and_is_named(client: Client, maya: NewMember):
    status, told = await tell(client, maya, ONE_WRONG.encode())

    assert (status, told["errors"]) == (400, 1)
    assert told["first_errors"][0]["line"] == 4
    assert (await tell(client, maya, ROWS.encode()))[1]["new"] == 2


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{", b"[]", b"day,channel,amount\n", b"\x1f\x8bno gzip"])
async def test_what_is_no_list_is_refused_with_a_sentence(client: Client, maya: NewMember, body: bytes):
    status, told = await tell(client, maya, body)

    assert (status, told["error"]) == (400, "bad_spend")
    assert str(told["detail"]).endswith(".")


async def test_who_tells_says_how_their_thousands_and_days_are_written(client: Client, maya: NewMember):
    either = b"day,channel,campaign,amount,currency\n02/01/2026,paid,spring,1.234,EUR\n"

    unsaid = await tell(client, maya, either)
    thousands = await tell(client, maya, either, dates="dmy", decimals="comma")
    odd = await tell(client, maya, either, decimals="tail")

    assert unsaid[0] == 400
    assert (thousands[0], thousands[1]["spend"]) == (200, {"EUR": "1234.00"})
    assert (odd[0], odd[1]["detail"]) == (400, "decimals is point or comma, or left out.")


async def test_only_who_may_measure_tells(client: Client, maya: NewMember, store: Store):
    dana = await store.write(staff.add_member, DANA.name, DANA.role, at=at())

    assert [(await tell(client, who, ROWS.encode()))[0] for who in (None, dana, maya)] == [401, 403, 200]
    assert (await tell(client, maya, ROWS.encode(), "nowhere"))[0] == 404
