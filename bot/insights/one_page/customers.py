"""Who came and who bought; who converses, and what they bring."""

from bot.insights.lift.estimates import Label
from bot.insights.one_page.findings import FEWEST, Finding, Part, State, counted, found, of_share
from bot.insights.one_page.reading import Days
from bot.insights.one_page.shares import Share, part_of_money

PAGE = "/insights"
DESCRIBED = Label.DESCRIPTIVE
CAME = "Visitors and customers who looked at a page or did anything, without noise (robots, staff, one page view only)."
BOUGHT = "People whose purchases less refunds are above zero, of all who came. Interval by Wilson."
CONVERSED = "People with at least one own message that bot or staff answered, of all who came. Interval by Wilson."
BROUGHT = (
    "Purchases less refunds of those who conversed, of those of all. Interval by the delta method. Who wants to buy "
    "asks more, so this is no effect of the chat."
)


def came(now: Days, before: Days) -> Finding:
    sentence = "Nobody came in these days."
    if now.people:
        earlier = f"{before.people:,} in the days before" if before.people else "nobody in the days before"
        sentence = (
            f"{counted(now.people, 'person', 'people')} came, {earlier}; {counted(now.noise, 'other')} (robots, staff, "
            "one page only) left out."
        )
    told = Finding("came", Part.PEOPLE, State.ABSENT, sentence, CAME, DESCRIBED, now.people, PAGE)
    return found(told, float(now.people), "people") if now.people else told


def bought(now: Days) -> Finding | None:
    if not now.people:
        return None
    name, buyers, share = "bought", counted(now.buyers, "buyer"), Share(now.buyers, now.people)
    if now.buyers < FEWEST:
        return _too_few(name, Part.PEOPLE, f"{buyers} among {counted(now.people, 'person', 'people')}", BOUGHT, now)
    money = f"{now.spent.total * now.scale:,.2f}\N{NO-BREAK SPACE}{now.currency}"
    sentence = f"{counted(now.buyers, 'person', 'people')} bought, {of_share(share)}, and brought {money} less refunds."
    return found(Finding(name, Part.PEOPLE, State.FOUND, sentence, BOUGHT, DESCRIBED, now.people, PAGE), share, "share")


def conversed(now: Days) -> Finding | None:
    if not now.people:
        return None
    name, share = "conversed", Share(now.talked.of, now.people)
    if now.talked.of < FEWEST:
        few = f"{counted(now.talked.of, 'person', 'people')} conversed"
        return _too_few(name, Part.TALK, few, CONVERSED, now)
    one = f"{counted(now.talked.of, 'person', 'people')} conversed with us, {of_share(share)} of all."
    return found(Finding(name, Part.TALK, State.FOUND, one, CONVERSED, DESCRIBED, now.people, PAGE), share, "share")


def brought(now: Days) -> Finding | None:
    """What part of the money came from who conversed."""
    if not now.people or now.talked.of < FEWEST:
        return None
    told = part_of_money(now.talked, now.silent)
    if told is None or now.talking_buyers < FEWEST:
        few = f"{counted(now.talking_buyers, 'buyer')} conversed"
        return _too_few("brought", Part.TALK, few, BROUGHT, now)
    silent = Share(now.silent_buyers, now.silent.of) if now.silent.of else None
    talking = Share(now.talking_buyers, now.talked.of)
    beside = f", against {of_share(silent)} of the silent" if silent else ""
    low, high = max(0.0, told.low), min(1.0, told.high)
    sentence = (
        f"They brought {_percent(told.value)} of the money ({_percent(low, bare=True)} to {_percent(high)}): "
        f"{of_share(talking)} of them bought{beside}. Who wants to buy asks more, so this alone proves nothing."
    )
    return found(
        Finding("brought", Part.TALK, State.FOUND, sentence, BROUGHT, DESCRIBED, now.buyers, PAGE), told, "share"
    )


def _too_few(name: str, part: Part, few: str, definition: str, now: Days) -> Finding:
    sentence = f"Too few to judge: {few}, and it takes {FEWEST}."
    return Finding(name, part, State.TOO_FEW, sentence, definition, DESCRIBED, now.people, PAGE)


def _percent(share: float, *, bare: bool = False) -> str:
    return f"{share * 100:.0f}" + ("" if bare else "\N{NO-BREAK SPACE}%")
