"""Who is staff: roles, disabling, passwords, and what that does to sign-ins and conversations."""

import asyncio

import pytest
from sqlalchemy import Connection, select

from bot.conversation import Effect, Owner, State
from bot.interactions import Kind
from bot.store import staff as members
from bot.store.audit import Act
from bot.store.console_tables import audit
from bot.store.conversations import Conversation, begin, find
from bot.store.people import (
    PAGE_OF_PEOPLE,
    Changed,
    Refusal,
    change_own_password,
    change_role,
    disable,
    enable,
    give_password,
    people,
)
from bot.store.sign_ins import end_other_sign_ins, end_sign_in, find_sign_in, note_use, sign_ins_of
from bot.store.sites import Site
from bot.store.staff import NewMember, add_member, by_token, is_password_of, sign_in, signed_in, speak, take
from bot.store.store import Store
from bot.store.tables import interactions
from tests.cast import DANA, MAYA, SHOP, at

ADA, BEA = "Ada", "Bea"


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(add_member, DANA.name, "agent", at=at())


@pytest.fixture
async def ada(store: Store) -> NewMember:
    return await store.write(add_member, ADA, "admin", at=at())


async def talk(store: Store, taken_by: NewMember) -> Conversation:
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    await store.write(take, conversation.id, taken_by, at=at())
    return conversation


async def demote(store: Store, member: NewMember, role: str, was: str) -> Changed | Refusal:
    return await store.write(change_role, member.id, role, was=was, leaves=role == "marketer", at=at(), by=None)


def acts(connection: Connection) -> list[str]:
    return list(connection.execute(select(audit.c.act).order_by(audit.c.id)).scalars())


class TestDisabling:
    async def test_who_is_disabled_is_signed_out_everywhere_and_gets_in_no_more(self, store: Store, dana: NewMember):
        secrets = [await store.write(sign_in, dana, at=at()) for _ in range(2)]

        await store.write(disable, dana.id, at=at(), by=None)

        assert [await store.read(signed_in, secret, at=at()) for secret in secrets] == [None, None]
        assert await store.write(sign_in, dana, at=at()) is None
        assert await store.read(by_token, dana.token) is None

    async def test_what_they_have_waits_for_another_person(self, store: Store, shop: Site, dana: NewMember):
        known = await talk(store, dana)

        done = await store.write(disable, dana.id, at=at(minutes=1), by=None)

        assert isinstance(done, Changed)
        assert [one.effects for one in done.left] == [(Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS)]
        standing = (await store.read(find, known.id)).standing
        assert (standing.owner, standing.state, standing.staff) == (Owner.NOBODY, State.WAITING, None)

    async def test_that_counts_for_no_wish_of_the_visitors(self, store: Store, shop: Site, dana: NewMember):
        await talk(store, dana)

        await store.write(disable, dana.id, at=at(), by=None)

        def told(connection: Connection) -> list[dict[str, str]]:
            rows = select(interactions.c.data).where(interactions.c.type == Kind.HANDOVER).order_by(interactions.c.id)
            return list(connection.execute(rows).scalars())

        assert [data["to"] for data in await store.read(told)] == ["staff", "waiting"]

    async def test_a_press_that_was_under_way_takes_nothing(self, store: Store, shop: Site, dana: NewMember):
        conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
        await store.write(disable, dana.id, at=at(), by=None)

        done = await store.write(take, conversation.id, dana, at=at())
        said, _ = await store.write(speak, conversation.id, dana, frame="f", text="Hi", note=True, at=at())

        assert done.refused is said.refused is Effect.REFUSE_NOT_YOURS
        assert (await store.read(find, conversation.id)).standing.owner is Owner.BOT

    async def test_twice_is_once(self, store: Store, dana: NewMember):
        for act in (disable, disable, enable, enable):
            assert isinstance(await store.write(act, dana.id, at=at(), by=None), Changed)

        assert (await store.read(acts))[1:] == ["disabled", "enabled"]

    async def test_who_is_enabled_again_signs_in_with_the_password_they_had(self, store: Store, dana: NewMember):
        await store.write(disable, dana.id, at=at(), by=None)
        await store.write(enable, dana.id, at=at(), by=None)

        assert is_password_of(await store.read(members.by_name, dana.name), dana.password)
        assert await store.write(sign_in, dana, at=at())

    @pytest.mark.parametrize("act", [disable, enable])
    async def test_nobody_is_unknown(self, store: Store, act):
        assert await store.write(act, "nobody", at=at(), by=None) is Refusal.UNKNOWN


class TestTheLastAdmin:
    async def test_stays(self, store: Store, ada: NewMember, dana: NewMember):
        assert await store.write(disable, ada.id, at=at(), by=ada.id) is Refusal.LAST_ADMIN
        assert await demote(store, ada, "agent", "admin") is Refusal.LAST_ADMIN

        assert (await store.read(by_token, ada.token)).role == "admin"

    async def test_a_disabled_one_is_none(self, store: Store, ada: NewMember):
        bea = await store.write(add_member, BEA, "admin", at=at())
        await store.write(disable, bea.id, at=at(), by=None)

        assert await store.write(disable, ada.id, at=at(), by=None) is Refusal.LAST_ADMIN
        assert isinstance(await demote(store, bea, "agent", "admin"), Changed)

    async def test_two_who_demote_each_other_at_once_leave_one(self, store_url: str):
        one, another = Store(store_url), Store(store_url)
        ada = await one.write(add_member, ADA, "admin", at=at())
        bea = await one.write(add_member, BEA, "admin", at=at())

        done = await asyncio.gather(demote(one, ada, "agent", "admin"), demote(another, bea, "agent", "admin"))

        assert sorted(isinstance(each, Changed) for each in done) == [False, True]
        assert Refusal.LAST_ADMIN in done
        await one.close()
        await another.close()


class TestRoles:
    async def test_another_role_ends_the_sign_ins(self, store: Store, dana: NewMember):
        secret = await store.write(sign_in, dana, at=at())

        await demote(store, dana, "admin", "agent")

        assert await store.read(signed_in, secret, at=at()) is None
        assert (await store.read(by_token, dana.token)).role == "admin"

    async def test_who_may_not_converse_any_more_leaves_what_they_have(
        self, store: Store, shop: Site, dana: NewMember
    ):  # fmt: skip
        known = await talk(store, dana)

        await demote(store, dana, "marketer", "agent")

        assert (await store.read(find, known.id)).standing.owner is Owner.NOBODY

    async def test_who_may_still_converse_keeps_it(self, store: Store, shop: Site, dana: NewMember):
        known = await talk(store, dana)

        await demote(store, dana, "admin", "agent")

        assert (await store.read(find, known.id)).standing.staff == dana.id

    async def test_what_was_seen_before_somebody_else_changed_it_changes_nothing(self, store: Store, dana: NewMember):
        await demote(store, dana, "marketer", "agent")

        assert await demote(store, dana, "admin", "agent") is Refusal.STALE
        assert isinstance(await demote(store, dana, "marketer", "agent"), Changed)
        assert (await store.read(acts)).count(Act.CHANGED_ROLE) == 1


class TestPasswords:
    async def test_a_new_one_ends_the_sign_ins(self, store: Store, dana: NewMember):
        secret = await store.write(sign_in, dana, at=at())

        await store.write(give_password, dana.id, members.hash_password("another one"), at=at(), by=None)

        assert await store.read(signed_in, secret, at=at()) is None
        found = await store.read(members.by_name, dana.name)
        assert is_password_of(found, "another one") and not is_password_of(found, dana.password)

    async def test_one_s_own_ends_all_sign_ins_but_a_new_one(self, store: Store, dana: NewMember):
        before = await store.write(sign_in, dana, at=at())
        _, was = await store.read(members.by_name, dana.name)

        secret = await store.write(change_own_password, dana, "hash", was=was, agent="here", at=at())

        assert await store.read(signed_in, before, at=at()) is None
        assert (await store.read(signed_in, secret, at=at())).id == dana.id

    async def test_one_that_was_changed_meanwhile_is_not_changed_again(self, store: Store, dana: NewMember):
        _, was = await store.read(members.by_name, dana.name)
        await store.write(give_password, dana.id, "given by an admin", at=at(), by=None)

        assert await store.write(change_own_password, dana, "mine", was=was, agent="", at=at()) is None
        assert (await store.read(members.by_name, dana.name))[1] == "given by an admin"


class TestSignIns:
    async def test_they_are_told_apart(self, store: Store, dana: NewMember):
        await store.write(sign_in, dana, at=at(), agent="Firefox " + "x" * 1_000)
        secret = await store.write(sign_in, dana, at=at(minutes=1), agent="Safari")

        listed = await store.read(sign_ins_of, dana.id, at=at(minutes=2))
        member, here = await store.read(find_sign_in, secret, at=at(minutes=2))

        assert [one.agent[:7] for one in listed] == ["Safari", "Firefox"]
        assert (member.id, here) == (dana.id, listed[0])
        assert max(len(one.agent) for one in listed) == 400

    async def test_the_use_is_kept_to_the_minute(self, store: Store, dana: NewMember):
        secret = await store.write(sign_in, dana, at=at())
        _, here = await store.read(find_sign_in, secret, at=at())

        await store.write(note_use, here.id, at=at(minutes=5))
        await store.write(note_use, here.id, at=at(minutes=3))

        _, here = await store.read(find_sign_in, secret, at=at(minutes=5))
        assert here.used_at == at(minutes=5)
        assert not here.is_to_be_noted(at(minutes=5, seconds=59))
        assert here.is_to_be_noted(at(minutes=6))

    async def test_one_ends_one_s_own_and_nobody_else_s(self, store: Store, dana: NewMember, ada: NewMember):
        secret = await store.write(sign_in, dana, at=at())
        (here,) = await store.read(sign_ins_of, dana.id, at=at())

        assert not await store.write(end_sign_in, ada.id, here.id, at=at())
        assert await store.write(end_sign_in, dana.id, here.id, at=at())
        assert not await store.write(end_sign_in, dana.id, here.id, at=at())
        assert await store.read(signed_in, secret, at=at()) is None

    async def test_all_others_end_and_this_one_stays(self, store: Store, dana: NewMember, ada: NewMember):
        for _ in range(3):
            await store.write(sign_in, dana, at=at())
        adas = await store.write(sign_in, ada, at=at())
        kept = (await store.read(sign_ins_of, dana.id, at=at()))[1]

        assert await store.write(end_other_sign_ins, dana.id, kept.id, at=at()) == 2
        assert await store.write(end_other_sign_ins, dana.id, kept.id, at=at()) == 0
        assert await store.read(sign_ins_of, dana.id, at=at()) == [kept]
        assert await store.read(signed_in, adas, at=at())


async def test_the_list_is_by_name_and_goes_on_where_it_ended(store: Store, shop: Site, dana: NewMember):
    for number in range(PAGE_OF_PEOPLE):
        await store.write(add_member, f"Agent {number:02}", "agent", at=at(), password=("x", "hash"))
    await talk(store, dana)
    await store.write(sign_in, dana, at=at(minutes=3))

    first = await store.read(people, at=at(minutes=4))
    rest = await store.read(people, at=at(minutes=4), after=(first[-1].name, first[-1].id))

    assert [one.name for one in first] == [f"Agent {number:02}" for number in range(PAGE_OF_PEOPLE)]
    assert [(one.name, one.conversations, one.used_at) for one in rest] == [("Dana", 1, at(minutes=3))]


async def test_who_did_what_is_written(store: Store, ada: NewMember):
    maya = await store.write(add_member, MAYA.name, "marketer", at=at(), by=ada.id)
    await store.write(change_role, maya.id, "agent", was="marketer", leaves=False, at=at(), by=ada.id)

    def lines(connection: Connection) -> list[tuple[str, ...]]:
        rows = select(audit.c.staff, audit.c.act, audit.c.subject, audit.c.detail).order_by(audit.c.id)
        return [tuple(row) for row in connection.execute(rows)]

    assert (await store.read(lines))[1:] == [
        (ada.id, "added_member", f"staff:{maya.id}", "marketer"),
        (ada.id, "changed_role", f"staff:{maya.id}", "marketer to agent"),
    ]
