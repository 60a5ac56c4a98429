"""The conversation scores in the store: judged from what was said, the same again when all is thrown away."""

from dataclasses import replace

from sqlalchemy import Connection, Table, delete, select

from bot.conversation_score import FORMULA, Counts, score_of
from bot.insights.scores import judge, judge_all, judged_by
from bot.interactions import ConversationId, SiteKey, Understanding
from bot.store.blanking import blank
from bot.store.conversations import begin, say
from bot.store.forget import forget_conversation
from bot.store.pages_of_rows import Span
from bot.store.score_figures import Scored, lowest, page_scores_after, scores_by_value
from bot.store.scores import behind, hear, keep, kept_score, outdate
from bot.store.sites import Site, add_site
from bot.store.staff import Member, NewMember, add_member, speak, take
from bot.store.store import Store
from bot.store.tables import conversation_scores, page_scores
from bot.store.turns import Outcome, Reply, close, give_up, next_open, receive
from tests.asking import ALL, HATS, HOME, a_frame, ask, of_staff, somebody
from tests.cast import DANA, SHOP, at

APOLOGY = Reply("Sorry, I can't answer right now.")


async def counts(store: Store, conversation: ConversationId) -> Counts | None:
    return await store.read(kept_score, conversation)


async def dana(store: Store) -> Member:
    new: NewMember = await store.write(add_member, DANA.name, DANA.role, at=at())
    return Member(new.id, new.name, new.role)


async def answers(store: Store, conversation: ConversationId, member: Member, text: str) -> None:
    await store.write(take, conversation, member, at=at())
    await store.write(speak, conversation, member, frame=a_frame(), text=text, note=False, at=at())


def everything(connection: Connection) -> list[tuple[object, ...]]:
    """All rows of both tables, in a fixed order."""
    tables: tuple[Table, ...] = (conversation_scores, page_scores)
    return [tuple(row) for table in tables for row in connection.execute(select(table).order_by(*table.primary_key))]


async def two_talks(store: Store) -> tuple[ConversationId, ConversationId]:
    """One with two answered questions on two pages, one with a question that no page answered."""
    good, poor = await somebody(store), await somebody(store)
    await ask(store, good, "Do you ship to Norway?", found=HOME)
    await ask(store, good, "What do hats cost?", page=HATS, found=HATS)
    await ask(store, poor, "Kayaks?")
    return good, poor


async def test_a_conversation_is_counted_from_its_transcript_and_its_log(store: Store, shop: Site):
    good, poor = await two_talks(store)

    await judge(store, [good, poor])

    assert await counts(store, good) == Counts(2, 9, 6, questions=2, answered=2, waiting=2, replied=2, follow_ups=1)
    assert await counts(store, poor) == Counts(1, 1, 8, questions=1, answered=0, waiting=1, replied=1)


async def test_each_page_has_what_was_said_on_it(store: Store, shop: Site):
    await two_talks(store)

    await judge_all(store)

    pages = dict(await store.read(page_scores_after, ALL, "", 10))
    assert list(pages) == [HOME, HATS]
    assert (pages[HOME].conversations, pages[HOME].counts.questions, pages[HOME].counts.answered) == (2, 2, 1)
    assert (pages[HATS].conversations, pages[HATS].counts.turns, pages[HATS].mean) == (1, 1, 80.0)
    assert await store.read(page_scores_after, ALL, HOME, 10) == [(HATS, pages[HATS])]


async def test_the_sites_scores_count_each_conversation_once(store: Store, shop: Site):
    good, poor = await two_talks(store)

    await judge_all(store)

    found = await store.read(scores_by_value, ALL)
    assert sum(one.conversations for one in found.values()) == 2
    assert sum(one.total for one in found.values()) == sum(found)
    assert [one.conversation for one in await store.read(lowest, ALL, 10)] == [poor, good]
    assert await store.read(lowest, ALL, 1) == [Scored(poor, None, at(), min(found), 1)]
    between = {score: await store.read(lowest, ALL, 10, between=(score, score)) for score in found}
    assert [[one.conversation for one in rows] for _, rows in sorted(between.items())] == [[poor], [good]]


async def test_what_is_thrown_away_and_judged_again_is_the_same(store: Store, shop: Site):
    await two_talks(store)
    member = await dana(store)
    handed = await somebody(store)
    await ask(store, handed, "Kayaks?")
    await answers(store, handed, member, "No kayaks, sorry. Hurry, we have a discount!")
    await judge_all(store)
    before = await store.read(everything)

    for table in (page_scores, conversation_scores):
        await store.write(lambda connection, table=table: connection.execute(delete(table)))
    assert await judge_all(store) == 3

    assert await store.read(everything) == before
    assert await judge_all(store) == 0
    assert await judge_all(store, again=True) == 3
    assert await store.read(everything) == before


async def test_only_what_went_on_since_is_judged_again(store: Store, shop: Site):
    _, poor = await two_talks(store)
    await judge_all(store)
    await ask(store, poor, "Canoes, then?")

    assert await store.read(behind, "", 10) == [poor]
    assert await judge_all(store) == 1

    found = await counts(store, poor)
    assert found is not None and found.turns == 2


async def test_another_formula_and_other_words_have_it_judged_again(store: Store, shop: Site):
    good, _ = await two_talks(store)
    await judge_all(store)

    await store.write(outdate, [good])

    assert await store.read(behind, "", 10) == [good]
    assert await judge_all(store) == 1
    assert await store.read(lambda connection: connection.execute(select(conversation_scores.c.formula)).scalar()) == (
        FORMULA
    )


async def test_a_person_who_comes_later_answers_what_no_page_did(store: Store, shop: Site):
    conversation, member = await somebody(store), await dana(store)
    await ask(store, conversation, "Kayaks?")
    await answers(store, conversation, member, "We have two.")

    await judge(store, [conversation])

    found = await counts(store, conversation)
    assert found is not None and (found.questions, found.answered) == (1, 1)


async def test_a_note_for_staff_is_no_word_of_the_conversation(store: Store, shop: Site):
    conversation, member = await somebody(store), await dana(store)
    await ask(store, conversation, "Kayaks?")
    await store.write(speak, conversation, member, frame=a_frame(), text="Buy now!", note=True, at=at())

    await judge(store, [conversation])

    assert await counts(store, conversation) == Counts(1, 1, 8, questions=1, answered=0, waiting=1, replied=1)


async def test_what_was_asked_back_is_neither_answered_nor_unanswered(store: Store, shop: Site):
    conversation = await somebody(store)
    await store.write(receive, conversation, frame=a_frame(), text="How much?", page=HOME, at=at())
    turn = await store.read(next_open, conversation)
    assert turn is not None
    outcome = Outcome(
        replies=(Reply("Which do you mean?", buttons=(("Hats", "/ask_page"),)),),
        understanding=Understanding("ask_page", 0.9),
        from_pages={"answered": True, "confidence": 0.5, "pages": [], "options": ["Hats", "Socks"]},
    )
    await store.write(close, turn, outcome, at=at())

    await judge(store, [conversation])

    assert await counts(store, conversation) == Counts(1, 2, 4, waiting=1, replied=1)


async def test_a_turn_past_its_deadline_got_no_reply(store: Store, shop: Site):
    conversation = await somebody(store)
    await store.write(receive, conversation, frame=a_frame(), text="Hello?", page=HOME, at=at())
    turn = await store.read(next_open, conversation)
    assert turn is not None
    await store.write(give_up, turn, APOLOGY, at=at())

    await judge(store, [conversation])

    found = await counts(store, conversation)
    assert found is not None and (found.waiting, found.replied) == (1, 0)


async def test_while_a_turn_is_open_the_score_before_stays(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    await judge_all(store)
    before = await store.read(everything)
    await store.write(receive, conversation, frame=a_frame(), text="And canoes?", page=HOME, at=at())

    await judge_all(store)

    assert await store.read(everything) == before


async def test_where_no_visitor_said_anything_there_is_no_score_and_it_is_not_looked_at_again(store: Store, shop: Site):
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=HOME)
    await store.write(say, conversation, sender="bot", text="Hello!", at=at())

    assert await judge_all(store) == 1

    assert await judge_all(store) == 0
    assert await store.read(scores_by_value, ALL) == {}
    assert await store.read(lowest, ALL, 10) == []


async def test_what_was_erased_meanwhile_gets_no_score(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    (heard,) = await store.read(hear, [conversation])

    await store.write(keep, [replace(judged_by(heard), conversation=ConversationId("erased"))])

    assert await store.read(everything) == []


async def test_an_older_judgement_does_not_replace_a_later_one(store: Store, shop: Site):
    conversation = await somebody(store)
    await ask(store, conversation, "Kayaks?")
    (early,) = await store.read(hear, [conversation])
    await ask(store, conversation, "Canoes?")
    await judge_all(store)
    before = await store.read(everything)

    await store.write(keep, [judged_by(early)])

    assert await store.read(everything) == before


async def test_robots_and_staff_are_left_out_of_the_figures(store: Store, shop: Site):
    await two_talks(store)
    await ask(store, await of_staff(store), "Does it work?")

    await judge_all(store)

    found = await store.read(scores_by_value, ALL)
    assert sum(one.conversations for one in found.values()) == 2
    assert dict(await store.read(page_scores_after, ALL, "", 10))[HOME].conversations == 2
    assert len(await store.read(lowest, ALL, 10)) == 2


async def test_a_window_and_a_site_have_their_own(store: Store, shop: Site):
    conversation, _ = await two_talks(store)
    other = await store.write(add_site, SiteKey("other"), name="Other", origins=("https://o.example",), at=at())
    elsewhere = await somebody(store, other.key)
    await ask(store, elsewhere, "Kayaks?")
    await ask(store, conversation, "And tomorrow?", when=at(days=1))
    assert await judge_all(store, site=SHOP) == 2
    await judge_all(store)

    tomorrow, theirs = Span(SHOP, at(hours=1), at(days=2)), Span(other.key, at(days=-1), at(days=2))

    assert [one.conversation for one in await store.read(lowest, tomorrow, 10)] == [conversation]
    assert [one.conversation for one in await store.read(lowest, theirs, 10)] == [elsewhere]
    assert list(dict(await store.read(page_scores_after, theirs, "", 10))) == [HOME]


async def test_the_score_of_a_row_is_the_formulas(store: Store, shop: Site):
    conversation, _ = await two_talks(store)
    await judge_all(store)

    found = await counts(store, conversation)

    assert found is not None
    rows = await store.read(lambda connection: connection.execute(select(conversation_scores)).all())
    assert {row.conversation: row.score for row in rows}[conversation] == score_of(found)


async def test_where_a_fact_was_forgotten_its_words_are_counted_anew(store: Store, shop: Site):
    good, _ = await two_talks(store)
    await judge_all(store)

    await store.write(blank, [good], ["to Norway"])

    assert await store.read(behind, "", 10) == [good]
    await judge_all(store)
    found = await counts(store, good)
    assert found is not None and found.visitor_words == 7


async def test_who_is_forgotten_leaves_no_score(store: Store, shop: Site):
    good, poor = await two_talks(store)
    await judge_all(store)

    await store.write(forget_conversation, good)

    found = await store.read(everything)
    assert {row[0] for row in found} == {poor}
