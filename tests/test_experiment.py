import pytest

from bot.experiment import Arm, arm_of, draw, is_shown
from bot.interactions import VisitorId
from tests.cast import ALICE


def visitors(number: int) -> list[VisitorId]:
    return [VisitorId(f"{one:032x}") for one in range(number)]


def test_an_arm_is_the_same_for_ever():
    assert arm_of(VisitorId("0" * 32), "salt", 0.5) is Arm.HELD_OUT
    assert arm_of(VisitorId("1" * 32), "salt", 0.5) is Arm.OFFERED
    assert arm_of(VisitorId("2" * 32), "salt", 0.5) is Arm.HELD_OUT


@pytest.mark.parametrize("holdout", [0.05, 0.1, 0.5])
def test_the_lot_holds_out_the_share_that_was_asked_for(holdout: float):
    arms = [arm_of(visitor, "salt", holdout) for visitor in visitors(20_000)]

    assert arms.count(Arm.HELD_OUT) / len(arms) == pytest.approx(holdout, abs=0.01)


@pytest.mark.parametrize(("holdout", "arm"), [(0.0, Arm.OFFERED), (1.0, Arm.HELD_OUT)])
def test_nobody_and_everybody_can_be_held_out(holdout: float, arm: Arm):
    assert {arm_of(visitor, "salt", holdout) for visitor in visitors(1_000)} == {arm}


def test_a_larger_holdout_keeps_who_was_held_out_before():
    small = {visitor for visitor in visitors(2_000) if arm_of(visitor, "salt", 0.1) is Arm.HELD_OUT}
    large = {visitor for visitor in visitors(2_000) if arm_of(visitor, "salt", 0.2) is Arm.HELD_OUT}

    assert small < large


def test_another_salt_is_another_lot():
    arms = [{arm_of(visitor, salt, 0.5) for salt in ("one", "two")} for visitor in visitors(100)]

    assert any(len(both) == 2 for both in arms)


@pytest.mark.parametrize(
    ("measured", "seen_first", "in_conversation"), [(False, False, False), (True, True, False), (True, False, True)]
)
def test_who_has_met_the_widget_or_is_not_measured_is_not_drawn(
    measured: bool, seen_first: bool, in_conversation: bool
):
    arm = draw(
        ALICE.visitor, "salt", 1.0, measured=measured, seen_first=seen_first, in_conversation=in_conversation
    )  # fmt: skip

    assert arm is Arm.NONE


def test_everybody_else_is_drawn():
    assert draw(ALICE.visitor, "salt", 1.0, measured=True, seen_first=False, in_conversation=False) is Arm.HELD_OUT


@pytest.mark.parametrize(
    ("arm", "in_conversation", "shown"),
    [(Arm.OFFERED, False, True), (Arm.NONE, False, True), (Arm.HELD_OUT, False, False), (Arm.HELD_OUT, True, True)],
)
def test_only_the_held_out_are_not_shown_it_and_never_in_a_conversation(arm: Arm, in_conversation: bool, shown: bool):
    assert is_shown(arm, in_conversation=in_conversation) == shown
