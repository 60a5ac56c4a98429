"""How far a conversation was read, as it follows from what bot and staff did."""

from bot.interactions import ConversationId
from bot.store import staff, turns
from bot.store.conversations import begin
from bot.store.readings import read_up_to
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.turns import Outcome, Reply
from tests.cast import DANA, SHOP, at

FRAME = "00000000-0000-4000-8000-{:012}"


async def says(store: Store, conversation: ConversationId, number: int) -> None:
    frame = FRAME.format(number)
    await store.write(turns.receive, conversation, frame=frame, text="Hello", page=None, at=at())


async def ends(store: Store, conversation: ConversationId, outcome: Outcome | None) -> None:
    """The lowest open turn is answered, or given up."""
    turn = await store.read(turns.next_open, conversation)
    assert turn is not None
    if outcome is None:
        await store.write(turns.give_up, turn, Reply("Sorry"), at=at())
    else:
        await store.write(turns.close, turn, outcome, at=at())


async def test_the_bot_has_read_what_it_answered_and_staff_what_they_spoke_after(store: Store, shop: Site):
    conversation, _ = await store.write(begin, SHOP, at=at(), language=None, page=None)
    talk = conversation.id
    dana = await store.write(staff.add_member, DANA.name, DANA.role, at=at())

    read = [await store.read(read_up_to, talk)]
    await says(store, talk, 1)
    read.append(await store.read(read_up_to, talk))
    await ends(store, talk, Outcome(replies=(Reply("Hello"),)))
    read.append(await store.read(read_up_to, talk))
    await says(store, talk, 2)
    await ends(store, talk, None)
    read.append(await store.read(read_up_to, talk))
    await store.write(staff.take, talk, dana, at=at())
    await says(store, talk, 3)
    await ends(store, talk, Outcome())
    read.append(await store.read(read_up_to, talk))
    await store.write(staff.speak, talk, dana, frame=FRAME.format(4), text="VIP", note=True, at=at())
    read.append(await store.read(read_up_to, talk))
    await store.write(staff.speak, talk, dana, frame=FRAME.format(5), text="Hi", note=False, at=at())
    read.append(await store.read(read_up_to, talk))

    # Seqs: 1 asked, 2 answered; 3 asked, 4 the apology; 5 said to Dana, 6 her note, 7 her answer.
    assert read == [0, 0, 1, 1, 1, 1, 5]
