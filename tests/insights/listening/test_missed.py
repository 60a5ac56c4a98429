"""What no page answers, weighed by who asked, and what is said alike: of a real store, by the real encoder."""

import json
from typing import Any

import pytest

from bot.insights.listening.meaning import Ears
from bot.insights.listening.report import listening
from bot.interactions import ConversationId, Kind
from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.meanings import Meanings
from bot.store.conversations import find
from bot.store.forget import forget_conversation
from bot.store.interactions import append
from bot.store.sites import Site
from tests.asking import ask, somebody
from tests.cast import SHOP, at
from tests.insights.happened import bought, did
from tests.insights.log.kept import Kept, kept
from tests.pages.conftest import MODELS

__all__ = ["kept"]

DAY = ("2026-03-02", "2026-03-02")
KAYAK, ALSO, WARRANTY = "Do you sell kayaks?", "Can I buy a kayak here?", "How long is the warranty?"


@pytest.fixture(scope="module")
def ears() -> Ears:
    encoder = Encoder(MODELS)
    meanings = Meanings(lambda: encoder)
    return Ears(meanings.alike, meanings.questions)


async def told(kept: Kept, ears: Ears) -> dict[str, Any]:
    kept.keep()
    return dict(await listening(kept.store, SHOP, *DAY, log=kept.folder, ears=ears, now=at(hours=1)))


async def browser(kept: Kept, conversation: ConversationId) -> str:
    known = await kept.store.read(find, conversation)
    assert known is not None
    assert known.visitor is not None
    return known.visitor


async def test_what_a_buyer_asks_weighs_three_times_and_what_one_person_asks_often_once(
    kept: Kept, shop: Site, ears: Ears
):
    buyer = await somebody(kept.store, agrees=True)
    await kept.store.write(append, [bought(await browser(kept, buyer), 4_990, minute=-2_000, data={"order": "1"})])
    await ask(kept.store, buyer, WARRANTY)
    insists, other = await somebody(kept.store, agrees=True), await somebody(kept.store)
    for minute in range(9):
        await ask(kept.store, insists, KAYAK, when=at(minutes=minute))
    await ask(kept.store, other, ALSO)

    report = await told(kept, ears)

    figures = [(one["question"], one["weight"], one["people"], one["times"]) for one in report["unanswered"]]
    assert figures[0] == (WARRANTY, 3, 1, 1)
    assert figures[1][1:] == (2, 2, 10)
    assert (report["unanswered"][0]["buyers"], report["unanswered"][0]["spent"]) == (1, "49.90")


async def test_one_of_the_best_tenth_of_the_buyers_weighs_five_times(kept: Kept, shop: Site, ears: Ears):
    best = await somebody(kept.store, agrees=True)
    money = [bought(f"v{one}", 1_000, data={"order": f"o{one}"}) for one in range(9)]
    await kept.store.write(append, [*money, bought(await browser(kept, best), 90_000, data={"order": "big"})])
    await ask(kept.store, best, WARRANTY)

    (question,) = (await told(kept, ears))["unanswered"]

    assert (question["weight"], question["best"], question["buyers"]) == (5, 1, 1)


async def test_a_question_of_who_is_erased_is_gone(kept: Kept, shop: Site, ears: Ears):
    gone = await somebody(kept.store, agrees=True)
    await ask(kept.store, gone, KAYAK)
    await told(kept, ears)

    await kept.store.write(forget_conversation, gone)

    report = dict(await listening(kept.store, SHOP, *DAY, log=kept.folder, ears=ears, now=at(hours=1)))
    assert report["unanswered"] == []
    assert KAYAK not in json.dumps(report)


async def test_complaints_that_mean_the_same_are_one_group_in_english_and_german(kept: Kept, shop: Site, ears: Ears):
    said = {
        "a": "my parcel is late",
        "b": "the parcel came much too late",
        "c": "mein Paket ist zu spät",
        "d": "the wool scratches my neck",
        "e": "this scarf is so itchy",
    }
    for who, text in said.items():
        statement = {"kind": "complaint", "text": text, "start": 0, "end": len(text), "topics": []}
        data = {"topics": [], "statements": [statement]}
        await kept.store.write(append, [did(who, Kind.UNDERSTANDING, conversation=f"of {who}", seq=1, data=data)])

    report = await told(kept, ears)

    (complaint,) = [one for one in report["kinds"] if one["kind"] == "complaint"]
    groups = [{quote["text"] for quote in one["quotes"]} for one in complaint["by_meaning"]]
    assert complaint["people"] == 5
    assert groups[0] == {said["a"], said["b"], said["c"]}
    assert not any({said["a"], said["d"]} <= one for one in groups)
