"""What the bot goes on with after a person had the conversation."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.store.conversations import begin
from bot.store.sites import Site
from bot.store.staff import add_member, give_back, resolve, take
from bot.store.store import Store
from bot.store.turns import Outcome, close, next_open, receive
from tests.cast import DANA, SHOP, at

IN_A_FORM = {"version": 1, "events": [{"event": "active_loop", "name": "order_form"}]}


@pytest.mark.parametrize("act", [give_back, resolve])
async def test_a_form_that_a_person_took_over_does_not_ask_on(store: Store, shop: Site, act: Callable[..., Any]):
    talk, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    dana = await store.write(add_member, DANA.name, DANA.role, at=at())
    await store.write(receive, talk.id, frame="m1", text="where is my order", page=None, at=at())
    asked = await store.read(next_open, talk.id)
    await store.write(close, asked, Outcome(dialogue=IN_A_FORM), at=at())
    await store.write(take, talk.id, dana, at=at())

    await store.write(act, talk.id, dana, at=at())

    await store.write(receive, talk.id, frame="m2", text="thanks", page=None, at=at())
    following = await store.read(next_open, talk.id)
    assert following is not None and following.dialogue is None
