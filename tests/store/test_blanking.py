"""What is forgotten by a sentence is gone with the turn, from what was said too."""

import json
from uuid import uuid4

from bot.interactions import ConversationId, Entity, Understanding
from bot.store import consents
from bot.store.conversations import begin, transcript
from bot.store.memory import remembered
from bot.store.profiles import find_profile, rebuild_all
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.turns import Closed, Outcome, Reply, close, next_open, receive
from tests.cast import SHOP, at
from tests.store.test_forget import everything


async def a_talk(store: Store, *, memory: bool = True) -> ConversationId:
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    if memory:
        await store.write(consents.set_consent, conversation.id, frame="c", measure=False, memory=True, at=at())
    return conversation.id


async def said(store: Store, talk: ConversationId, text: str, outcome: Outcome) -> Closed:
    await store.write(receive, talk, frame=str(uuid4()), text=text, page=None, at=at())
    turn = await store.read(next_open, talk)
    assert turn is not None
    closed = await store.write(close, turn, outcome, at=at())
    assert closed is not None
    return closed


def told(*facts: tuple[str, str], reply: str = "Nice to meet you.") -> Outcome:
    entities = tuple(Entity("person", value, value, 0, len(value)) for _, value in facts)
    made = Understanding("tell_of_self", 0.9, entities=entities, facts=facts)
    return Outcome((Reply(reply),), made, dialogue={"events": [{"text": f"told {facts}"}]})


async def test_a_fact_forgotten_by_a_sentence_is_nowhere_and_all_else_stays(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "my name is zebulon", told(("name", "Zebulon"), reply="Nice to meet you, Zebulon."))
    await said(store, talk, "I live in Graz", told(("place", "Graz")))

    closed = await said(store, talk, "forget my name", Outcome((Reply("Done."),), forgets=("name",)))

    assert closed.erased and closed.forgotten is None
    assert "zebulon" not in json.dumps(await store.read(everything)).lower()
    lines, _ = await store.read(transcript, talk)
    assert [line.text for line in lines][:4] == [
        "my name is …",
        "Nice to meet you, ….",
        "I live in Graz",
        "Nice to meet you.",
    ]
    assert [fact.id for fact in await store.read(remembered, talk)] == ["place"]


async def test_what_says_itself_what_to_forget_is_blanked_too(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Zebulon", told(("name", "Zebulon")))

    await said(store, talk, "forget that my name is Zebulon", Outcome((Reply("Done."),), forgets=("name",)))

    assert "Zebulon" not in json.dumps(await store.read(everything))


async def test_without_consent_it_is_blanked_in_the_chat(store: Store, shop: Site):
    talk = await a_talk(store, memory=False)
    await said(store, talk, "I'm Zebulon", told(("name", "Zebulon")))

    await said(store, talk, "forget my name", Outcome(forgets=("name",)))

    assert "Zebulon" not in json.dumps(await store.read(everything))


async def test_part_of_another_word_stays(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Ann", told(("name", "Ann")))
    await said(store, talk, "Annual report of Ann", told())

    await said(store, talk, "forget my name", Outcome(forgets=("name",)))

    lines, _ = await store.read(transcript, talk)
    assert lines[2].text == "Annual report of …"


async def test_only_facts_can_be_forgotten_so(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Ann", told(("name", "Ann")))

    await said(store, talk, "hm", Outcome(forgets=("intent", "facts", "memory")))

    profiles = json.dumps(await store.read(everything))
    assert "tell_of_self" in profiles and '"Ann"' in profiles.replace('\\"', '"')


async def test_a_corrected_fact_takes_the_place_of_the_old_one(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Anna", told(("name", "Anna")))

    await said(store, talk, "it's Hannah, not Anna", told(("name", "Hannah")))

    (fact,) = await store.read(remembered, talk)
    assert (fact.text, fact.from_seq) == ("Your name is Hannah.", 3)
    await store.write(rebuild_all, SHOP)
    assert [one.value for one in await store.read(remembered, talk)] == ["Hannah"]


async def test_everything_forgotten_by_a_sentence_is_gone_with_the_turn(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "I'm Zebulon", told(("name", "Zebulon")))

    closed = await said(store, talk, "yes", Outcome((Reply("All is erased."),), forgets_all=True))

    assert closed.forgotten is not None and closed.forgotten.conversations == (talk,)
    assert [line.text for line in closed.messages] == ["All is erased."]
    left = json.dumps(await store.read(everything))
    assert "Zebulon" not in left and talk not in left and "All is erased" not in left


async def test_facts_are_told_in_the_visitors_language(store: Store, shop: Site):
    talk = await a_talk(store)
    await said(store, talk, "a scarf for my dad", told(("need", "a scarf for my dad")))

    (english,) = await store.read(remembered, talk)
    (german,) = await store.read(remembered, talk, "de")

    assert english.text == "You are looking for a scarf for your dad."
    assert german.text.startswith("Das suchen Sie: ")
    assert await store.read(find_profile, "visitor:nobody") is None
