"""What the engine tells of each turn beside its words: what chose each action, by which rule, in which form."""

from bot.interactions import Decision
from tests.engine_fixture import Engine


async def test_a_rule_is_told_by_its_name(engine: Engine) -> None:
    result = await engine.say("do you ship to Norway?")

    (decision,) = result.decided
    assert decision.rule == "A question is looked up in the site's pages"
    assert (decision.action, decision.policy, decision.confidence) == ("action_answer_from_pages", "RulePolicy", 1.0)
    assert (decision.form, decision.slot) == (None, None)


async def test_each_action_of_a_turn_has_what_chose_it(engine: Engine) -> None:
    result = await engine.say("bye, and thanks for everything")

    assert [one.action for one in result.decided] == ["utter_goodbye", "action_ask_feedback"]
    assert {one.rule for one in result.decided} == {"Goodbye"}


async def test_in_a_form_the_form_and_what_it_waits_for_are_told(engine: Engine) -> None:
    begun = await engine.say("where is my order")
    went_on = await engine.say("1001", state=begun.state)

    assert begun.decided[0].rule == "How an order is"
    (decision,) = went_on.decided
    assert (decision.action, decision.form, decision.slot) == ("order_form", "order_form", "order_number")


async def test_a_message_that_is_only_understood_has_no_decisions(engine: Engine) -> None:
    result = await engine.say("do you ship to Norway?", mode="understand")

    assert result.decided == ()


async def test_what_was_decided_is_of_this_turn_alone(engine: Engine) -> None:
    first = await engine.say("hello")

    second = await engine.say("do you ship to Norway?", state=first.state)

    assert [one.action for one in first.decided] == ["utter_greet"]
    assert [one.action for one in second.decided] == ["action_answer_from_pages"]
    assert all(isinstance(one, Decision) for one in second.decided)
