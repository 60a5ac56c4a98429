"""What the report says in words: the verdict first, then what has to be known beside it."""

from bot.insights.lift.estimates import Estimate
from bot.insights.lift.figures import Figure, Unit
from bot.insights.lift.verdict import Lift, Verdict
from bot.insights.percents import NBSP, percent


def told(figure: Figure, value: float | None, currency: str) -> str:
    """A value of the figure in its unit; a dash where there is none."""
    if value is None:
        return "–"
    match figure.unit:
        case Unit.SHARE:
            return percent(value, 2)
        case Unit.POINTS:
            return _signed(percent(value, 2).removesuffix(f"{NBSP}%"), value) + f"{NBSP}points"
        case Unit.CHANGE:
            return _signed(percent(value, 0), value) if figure.name != "detectable" else f"±{percent(value, 0)}"
        case Unit.MONEY:
            text = f"{value:,.2f}".replace("-", "\N{MINUS SIGN}")
            return (text if figure.name in ("revenue_offered", "revenue_held_out") else _signed(text, value)) + (
                f"{NBSP}{currency}"
            )
        case Unit.TIMES:
            return f"{value:.1f}{NBSP}times"


def _signed(text: str, value: float) -> str:
    return f"+{text}" if value > 0 else text


def verdict(lift: Lift, offered: tuple[int, int], held_out: tuple[int, int], adjusted: Estimate | None) -> str:
    """The answer in one sentence or two. `offered` and `held_out` are buyers and people of each arm."""
    people = offered[1] + held_out[1]
    match lift.verdict:
        case Verdict.NOBODY_DRAWN:
            return (
                "Nobody was drawn in these days, so there is nothing to compare. People are drawn once they agree to "
                "be measured."
            )
        case Verdict.NOBODY_OFFERED:
            return "Everybody who was drawn was held out, so there is nothing to compare."
        case Verdict.NOBODY_HELD_OUT:
            return f"Nobody was held out, so nothing is proven. {_of_people_alike(adjusted)}"
        case Verdict.FAULTY:
            return (
                f"This comparison can’t be trusted, so no result is shown: {held_out[1]:,} of {people:,} people were "
                f"held out where the lot expects {lift.ratio_check.expected_held_out:,.0f}. Find what loses people of "
                "one side first."
            )
        case Verdict.TOO_FEW:
            buyers = offered[0] + held_out[0]
            return (
                f"Too few to judge: {buyers:,} {'buyer' if buyers == 1 else 'buyers'} among {people:,} people, and it "
                "takes 10 at least."
            )
    return _compared(lift, offered, held_out)


def _compared(lift: Lift, offered: tuple[int, int], held_out: tuple[int, int]) -> str:
    assert lift.conversion is not None
    judged = lift.conversion.difference
    assert judged is not None
    one, other = percent(offered[0] / offered[1]), percent(held_out[0] / held_out[1])
    between = f"{_points(judged.low)} to {_points(judged.high)} percentage points"
    if lift.verdict is Verdict.NO_DIFFERENCE:
        return (
            f"No difference was found: {one} of those offered the chat bought, and {other} of those held out. Anything "
            f"from {between} would fit."
        )
    more = "more" if lift.verdict is Verdict.MORE else "fewer"
    return (
        f"Because of the chat {more} people buy: {one} of those offered it, against {other} of those held out "
        f"({between})."
    )


def _points(value: float) -> str:
    return _signed(percent(value, 2).removesuffix(f"{NBSP}%"), value)


def _of_people_alike(adjusted: Estimate | None) -> str:
    if adjusted is None:
        return "There are too few talkers and buyers to compare people who are alike, either."
    between = f"{_points(adjusted.low)} to {_points(adjusted.high)} percentage points"
    if adjusted.sign == 0:
        return f"Talkers did not buy more or less often than people alike ({between}, adjusted)."
    more = "more" if adjusted.sign > 0 else "less"
    return f"Talkers bought {more} often than people alike ({between}, adjusted): there may be other reasons."
