"""What it costs to serve somebody: minutes of staff and answers of the bot, at the prices that the operator set."""

from dataclasses import dataclass
from decimal import Decimal

from bot.insights.profiles.whose import PERSON
from bot.interactions import SiteKey
from bot.money import minor_units
from bot.store.sites import find_site
from bot.store.store import Store

LONGEST_US, SHORTEST_US = 300_000_000, 30_000_000
"""How long an answer of staff counts: since what was said before it, but no lunch, and what it takes to type."""
# ruff: noqa: S608
SERVED = f"""
    WITH talk AS (
        SELECT visitor, customer, ts_us, answers, CASE WHEN type = 'answer' THEN json_extract_string(data, '$.from') END
            AS said, lag(ts_us) OVER (PARTITION BY conversation ORDER BY id) AS before
        FROM log WHERE conversation IS NOT NULL AND type IN ('message', 'answer')),
    one AS (
        SELECT visitor, CASE WHEN visitor IS NULL THEN customer END AS customer,
            sum(CASE WHEN said = 'staff' THEN
                greatest({SHORTEST_US}, least({LONGEST_US}, coalesce(ts_us - before, 0))) ELSE 0 END) AS staff_us,
            count(*) FILTER (answers = 1 AND said IS DISTINCT FROM 'staff') AS bot_answers
        FROM talk WHERE visitor IS NOT NULL OR customer IS NOT NULL GROUP BY ALL)
    SELECT {PERSON} AS person, sum(staff_us)::BIGINT AS staff_us, sum(bot_answers)::BIGINT AS bot_answers
    FROM one LEFT JOIN who USING (visitor) GROUP BY ALL
"""
"""(person, staff_us, bot_answers) of everybody who talked."""


@dataclass(frozen=True)
class Costs:
    """Of one minute of staff and one answer of the bot, such as "0.80 EUR"; empty: not set."""

    staff_minute: str = ""
    bot_answer: str = ""

    def is_set_in(self, currency: str) -> bool:
        """Whether one of them is, in this currency; money of another is not counted."""
        return any(one.endswith(f" {currency}") for one in (self.staff_minute, self.bot_answer))

    def of_micros(self, currency: str) -> tuple[int, int]:
        """What a minute of staff and an answer of the bot cost, in millionths of the currency's minor unit."""
        return _micros(self.staff_minute, currency), _micros(self.bot_answer, currency)


async def costs_of(store: Store, site: SiteKey, given: Costs | None = None) -> Costs:
    """The site's own, and where it has none those that are `given`, each by itself."""
    known, otherwise = await store.read(find_site, site), given or Costs()
    own = None if known is None else known.chat
    if own is None:
        return otherwise
    return Costs(own.staff_minute_cost or otherwise.staff_minute, own.bot_answer_cost or otherwise.bot_answer)


def _micros(price: str, currency: str) -> int:
    amount, _, unit = price.partition(" ")
    # A major unit has as many minor ones as the currency says: 100 cents, but 1 yen.
    return int(Decimal(amount) * minor_units("1", currency) * 1_000_000) if unit == currency else 0
