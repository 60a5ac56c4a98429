"""Who owns a conversation: every happening in every standing."""

import pytest

from bot.conversation import (
    BotFailed,
    Effect,
    NobodyCame,
    Owner,
    StaffGaveBack,
    StaffLeft,
    StaffResolved,
    StaffSaid,
    StaffTook,
    Standing,
    State,
    VisitorAskedForPerson,
    VisitorSaid,
    advance,
)

DANA, LENA = "dana", "lena"
WITH_BOT = Standing()
WAITING = Standing(Owner.NOBODY, State.WAITING)
WITH_DANA = Standing(Owner.STAFF, State.OPEN, DANA)
RESOLVED = Standing(Owner.BOT, State.RESOLVED)


def test_the_bot_is_asked_when_the_visitor_speaks_to_it():
    assert advance(WITH_BOT, VisitorSaid()) == (WITH_BOT, (Effect.ASK_ENGINE,))


def test_staff_answers_are_not_sent_to_the_bot():
    assert advance(WITH_DANA, StaffSaid(DANA)) == (WITH_DANA, ())


def test_while_staff_own_it_the_bot_only_understands():
    standing, effects = advance(WITH_DANA, VisitorSaid())

    assert standing == WITH_DANA
    assert effects == (Effect.TELL_STAFF, Effect.ASK_ENGINE_TO_UNDERSTAND)


def test_who_waits_for_a_person_may_still_ask_the_page():
    assert advance(WAITING, VisitorSaid()) == (WAITING, (Effect.ASK_ENGINE,))


def test_a_word_from_the_visitor_opens_a_resolved_conversation_again():
    assert advance(RESOLVED, VisitorSaid()) == (WITH_BOT, (Effect.ASK_ENGINE,))


@pytest.mark.parametrize("happening", [VisitorAskedForPerson(), BotFailed()])
def test_asking_for_a_person_and_a_failing_bot_both_call_the_staff(happening):
    standing, effects = advance(WITH_BOT, happening)

    assert standing == WAITING
    assert effects == (Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS)


def test_asking_for_a_person_while_one_answers_changes_nobody():
    assert advance(WITH_DANA, VisitorAskedForPerson()) == (WITH_DANA, (Effect.TELL_STAFF,))


@pytest.mark.parametrize("before", [WITH_BOT, WAITING, RESOLVED])
def test_staff_take_a_conversation_that_no_other_member_has(before):
    assert advance(before, StaffTook(DANA)) == (WITH_DANA, (Effect.TELL_VISITOR_WHO_OWNS,))


def test_of_two_who_take_it_the_second_is_refused():
    assert advance(WITH_DANA, StaffTook(LENA)) == (WITH_DANA, (Effect.REFUSE_ALREADY_TAKEN,))


def test_taking_it_twice_is_the_same_as_once():
    assert advance(WITH_DANA, StaffTook(DANA)) == (WITH_DANA, ())


@pytest.mark.parametrize("before", [WITH_BOT, WAITING, RESOLVED])
@pytest.mark.parametrize("happening", [StaffSaid(DANA), StaffGaveBack(DANA)])
def test_staff_speak_and_give_back_only_what_they_own(before, happening):
    assert advance(before, happening) == (before, (Effect.REFUSE_NOT_YOURS,))


@pytest.mark.parametrize("happening", [StaffSaid(LENA), StaffGaveBack(LENA), StaffResolved(LENA)])
def test_nobody_acts_on_a_colleagues_conversation(happening):
    assert advance(WITH_DANA, happening) == (WITH_DANA, (Effect.REFUSE_NOT_YOURS,))


def test_given_back_the_bot_answers_again():
    assert advance(WITH_DANA, StaffGaveBack(DANA)) == (WITH_BOT, (Effect.TELL_VISITOR_WHO_OWNS,))


def test_who_waits_in_vain_goes_back_to_the_bot():
    assert advance(WAITING, NobodyCame()) == (WITH_BOT, (Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS))


@pytest.mark.parametrize("before", [WITH_BOT, WITH_DANA, RESOLVED])
def test_who_does_not_wait_is_not_given_back(before):
    assert advance(before, NobodyCame()) == (before, ())


@pytest.mark.parametrize("before", [WITH_DANA, WAITING, WITH_BOT])
def test_resolved_it_goes_back_to_the_bot(before):
    assert advance(before, StaffResolved(DANA)) == (RESOLVED, (Effect.TELL_VISITOR_WHO_OWNS,))


def test_whose_colleague_leaves_waits_for_another_person():
    assert advance(WITH_DANA, StaffLeft(DANA)) == (WAITING, (Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS))


@pytest.mark.parametrize("before", [WITH_BOT, WAITING, RESOLVED, WITH_DANA])
def test_who_leaves_changes_nothing_of_what_they_do_not_have(before: Standing):
    assert advance(before, StaffLeft(LENA)) == (before, ())
