"""The audit log: one line a look and a change, and nobody's name once they are erased."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from bot.store.audit import ERASED, REPEATED_US, Act, of_conversation, record
from bot.store.console_tables import audit
from bot.store.conversations import Conversation, begin, find
from bot.store.forget import forget_conversation, forget_customer, forget_person
from bot.store.sites import Site
from bot.store.staff import NewMember, add_member, give_back, resolve, take
from bot.store.store import Store
from tests.cast import ALICE, DANA, MAYA, SHOP, at
from tests.store.test_forget import someone


def written(connection: Connection) -> list[tuple[str | None, str, str]]:
    """The lines about visitors; those about the staff themselves are left out."""
    columns = select(audit.c.staff, audit.c.act, audit.c.subject)
    rows = connection.execute(columns.where(audit.c.subject.not_like("staff:%")).order_by(audit.c.id))
    return [tuple(row) for row in rows]


async def hire(store: Store, name: str = DANA.name) -> NewMember:
    return await store.write(add_member, name, "agent", at=at())


async def talk(store: Store) -> Conversation:
    return (await store.write(begin, SHOP, at=at(), language="en", page=None))[0]


async def look(store: Store, member: NewMember, subject: str, **later: float) -> None:
    await store.write(record, at=at(**later), staff=member.id, act=Act.OPENED, subject=subject)


async def test_a_page_loaded_again_within_a_minute_is_one_look(store: Store, shop: Site):
    dana, maya = await hire(store), await hire(store, MAYA.name)
    here, elsewhere = of_conversation((await talk(store)).id), of_conversation((await talk(store)).id)

    await look(store, dana, here)
    await look(store, dana, here, seconds=REPEATED_US / 1_000_000 - 1)
    await look(store, maya, here)
    await look(store, dana, elsewhere)
    await look(store, dana, here, seconds=REPEATED_US / 1_000_000)

    assert await store.read(written) == [
        (dana.id, "opened", here),
        (maya.id, "opened", here),
        (dana.id, "opened", elsewhere),
        (dana.id, "opened", here),
    ]


async def test_a_change_is_written_as_often_as_it_is_made(store: Store, shop: Site):
    here = of_conversation((await talk(store)).id)

    for _ in range(2):
        await store.write(record, at=at(), staff=None, act=Act.LABELED, subject=here)

    assert await store.read(written) == [(None, "labeled", here)] * 2


async def test_taking_giving_back_and_resolving_are_written_with_the_act(store: Store, shop: Site):
    dana, conversation = await hire(store), await talk(store)

    for act in (take, take, give_back, give_back, take, resolve):
        await store.write(act, conversation.id, dana, at=at())

    assert [act for _, act, _ in await store.read(written)] == ["took", "gave_back", "took", "resolved"]


async def test_who_is_erased_leaves_lines_that_belong_together_and_lead_to_nobody(store: Store, shop: Site):
    dana = await hire(store)
    visitor, conversation = await store.write(someone, shop, customer=ALICE.customer, said="canary")
    about = [of_conversation(conversation.id), f"visitor:{visitor}", f"customer:{SHOP}:{ALICE.customer}"]
    other = of_conversation((await talk(store)).id)
    for subject in (*about, other):
        await look(store, dana, subject)

    await store.write(forget_customer, SHOP, ALICE.customer)
    for subject in about:
        await look(store, dana, subject, hours=1)

    subjects = [subject for _, _, subject in await store.read(written)]
    assert subjects == [*subjects[:3], other, *subjects[:3]]
    assert all(subject.partition(":")[2].startswith(ERASED) for subject in subjects[:3])
    assert not any(id in str(subjects) for id in (conversation.id, visitor, ALICE.customer))


async def test_a_guessed_id_of_a_customer_is_not_found_by_its_pseudonym(store: Store, shop: Site):
    dana, found = await hire(store), []
    for salt in ("one", "another"):
        await store.write(lambda connection, salt=salt: connection.exec_driver_sql(f"UPDATE sites SET salt = '{salt}'"))
        await look(store, dana, f"customer:{SHOP}:customer-1", hours=len(found))
        found = await store.read(written)

    assert found[0][2] != found[1][2]


async def test_a_look_that_comes_after_the_erasure_names_nobody(store: Store, shop: Site):
    dana, conversation = await hire(store), await talk(store)
    await store.write(forget_conversation, conversation.id)

    await look(store, dana, of_conversation(conversation.id))

    assert conversation.id not in str(await store.read(written))


async def test_who_erased_a_person_is_written_with_the_erasure_or_neither_is(store: Store, shop: Site):
    dana, known = await hire(store), await talk(store)
    with pytest.raises(DBAPIError):
        # Nobody of the staff has this id.
        await store.write(forget_person, known.id, staff="nobody", at=at())
    still_there = await store.read(find, known.id)

    await store.write(forget_person, known.id, staff=dana.id, at=at())
    await store.write(forget_person, known.id, staff=dana.id, at=at())

    ((member, act, subject),) = await store.read(written)
    assert still_there is not None
    assert (member, act) == (dana.id, "erased") and subject.startswith(f"conversation:{ERASED}")
