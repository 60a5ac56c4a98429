"""A file of what was paid for campaigns, as sums a day: every row is right, or nothing of it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO

from bot.errors import ConfigurationError
from bot.insights.imports.columns import plain
from bot.insights.imports.currencies import CODES
from bot.insights.imports.faults import Faults, Wrong, shown
from bot.insights.imports.source import Opened, Source
from bot.insights.imports.values import SLASHED, Clock, decimals_after_comma, minor, moment, number, refuse_other, words
from bot.interactions import Microseconds
from bot.money import DIGITS, LARGEST_DIGITS
from bot.store.spend import Spent

COLUMNS: dict[str, tuple[str, ...]] = {
    "day": ("day", "date", "reporting starts", "datum", "tag"),
    "until": ("until", "reporting ends", "end date", "bis"),
    "channel": ("channel", "source", "platform", "medium", "utm source", "utm medium", "kanal"),
    "campaign": ("campaign", "campaign name", "utm campaign", "kampagne"),
    "amount": ("amount spent", "spend", "cost", "amount", "costs", "ausgaben", "kosten", "betrag"),
    "currency": ("currency", "currency code", "account currency", "waehrung", "währung"),
}
CHANNELS = ("paid", "mail", "social", "affiliate", "campaign", "direct", "search", "referral")
"""As the reports call them; other names that platforms use are taken for these."""
ALSO = {
    "paid": ("cpc", "ppc", "cpm", "ads", "ad", "display", "google ads", "adwords", "sea", "paid search", "bing ads",
             "microsoft ads", "paid social", "facebook ads", "meta ads"),
    "mail": ("email", "e mail", "newsletter"),
    "social": ("organic social", "facebook", "instagram", "meta", "tiktok", "linkedin"),
    "affiliate": ("affiliates", "partner"),
    "search": ("organic", "seo"),
    "referral": ("blog", "influencer"),
}  # fmt: skip
ROWS = 20_000
"""Of one file: a year of fifty campaigns. They are kept in one transaction."""
DAY_US = 86_400_000_000


@dataclass
class SpendFile:
    """What a file tells. `remarks`: what was understood in a way that its owner should know of."""

    rows: list[Spent] = field(default_factory=list)
    read: int = 0
    form: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ways:
    """How the file writes numbers and days, and the currency of rows that name none."""

    currency: str | None
    clock: Clock
    comma: bool | None
    today: int


def read_spend(
    path: Path | None,
    faults: Faults,
    *,
    now: Microseconds,
    currency: str | None = None,
    dates: str | None = None,
    decimals: str | None = None,
    maps: Mapping[str, str] | None = None,
    maps_are_all: bool = False,
    stdin: IO[bytes] | None = None,
) -> SpendFile:
    """All rows, those of one day, channel, campaign and currency summed; what is wrong goes to `faults`.

    `path` None is standard input. `maps_are_all`: no column is guessed beside `maps`.
    A ConfigurationError is of the whole file or of what was asked.
    """
    given = currency and currency.upper()
    if given is not None and given not in CODES:
        raise ConfigurationError(f"--currency {currency}: there is no such currency; give e.g. EUR.")
    with Opened(path, stdin) as opened:
        source = opened.source
        found = SpendFile(form=source.form)
        names = source.names or _names_of(source)
        found.columns = _columns(names, maps or {}, is_all=maps_are_all)
        ways = _ways(source, found.columns, given, dates, decimals, int(now) // DAY_US)
        sums: dict[tuple[int, str, str, str], int] = {}
        for line, cells in source.rows():
            found.read += 1
            if found.read > ROWS:
                raise ConfigurationError(f"The file has more than {ROWS:,} rows; give it in parts, by year or month.")
            try:
                if isinstance(cells, Wrong):
                    raise cells
                one = _row({ours: cells.get(theirs, "") for ours, theirs in found.columns.items()}, ways)
                key = (one.day, one.channel, one.campaign, one.currency)
                amount = sums.get(key, 0) + one.amount
                if len(str(amount)) > LARGEST_DIGITS:
                    raise Wrong(f"with the rows before it its day comes to more than can be kept; an amount has at "
                                f"most {LARGEST_DIGITS} digits")  # fmt: skip
            except Wrong as error:
                faults.add(line, str(error))
                continue
            sums[key] = amount
    found.rows = [Spent(*key, amount) for key, amount in sums.items()]
    return found


def channel_of(text: str) -> str:
    """The channel as the reports call it: "Google Ads" is paid."""
    said = plain(words(text, 80))
    if not said:
        raise Wrong("there is no channel; write e.g. paid, social or mail")
    for channel in CHANNELS:
        if said == channel or said in ALSO.get(channel, ()):
            return channel
    raise Wrong(f"{shown(text)} is no channel; write one of {', '.join(CHANNELS)}")


def _row(cells: Mapping[str, str], ways: Ways) -> Spent:
    day = _day(cells["day"], ways)
    if (until := cells.get("until", "").strip()) and _day(until, ways) != day:
        raise Wrong("it is of more than one day; export a row a day")
    currency = words(cells.get("currency", ""), 20).upper() or ways.currency
    if currency is None:
        raise Wrong("there is no currency; add a column currency, or give --currency EUR")
    if currency not in CODES:
        raise Wrong(f"{shown(currency)} is no currency; write e.g. EUR")
    if not cells["amount"].strip():
        raise Wrong("there is no amount; write 0 where nothing was paid")
    refuse_other(cells["amount"], currency)
    amount: Decimal = number(cells["amount"], comma=ways.comma, digits=DIGITS.get(currency, 2))
    if amount < 0:
        raise Wrong(f"{shown(cells['amount'])} is less than nothing; leave credits out, or take them off the day")
    return Spent(day, channel_of(cells["channel"]), words(cells.get("campaign", ""), 200), currency,
                 minor(amount, currency))  # fmt: skip


def _day(text: str, ways: Ways) -> int:
    at, _ = moment(text.strip(), ways.clock)
    day = int(at) // DAY_US
    if day > ways.today:
        raise Wrong(f"{shown(text)} is in the future; give what was paid, not what is planned")
    return day


def _columns(names: list[str], said: Mapping[str, str], *, is_all: bool) -> dict[str, str]:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(plain(name), name)
    found = {ours: theirs for theirs, ours in said.items()}
    if unknown := next((one for one in found if one not in COLUMNS), None):
        raise ConfigurationError(f"--map: there is no column {unknown} of ours; {', '.join(COLUMNS)} are.")
    if absent := next((theirs for theirs in found.values() if theirs not in names), None):
        raise ConfigurationError(f"--map: the file has no column {absent}.")
    for ours, spellings in () if is_all else COLUMNS.items():
        theirs = next((folded[one] for one in spellings if one in folded and folded[one] not in found.values()), None)
        if theirs is not None:
            found.setdefault(ours, theirs)
    missing = [name for name in ("day", "channel", "amount") if name not in found]
    if missing:
        there = ", ".join(shown(one) for one in names[:40])
        raise ConfigurationError(
            f"The file has no column {' and no column '.join(missing)}; it has {there}. Say which is which, e.g. "
            f"--map 'Amount spent=amount'."
        )
    return found


def _names_of(source: Source) -> list[str]:
    """Of JSON Lines, the names in the first rows."""
    names: dict[str, None] = {}
    for number_, (_, cells) in enumerate(source.rows()):
        if isinstance(cells, dict):
            names.update(dict.fromkeys(cells))
        if number_ > 100:
            break
    return list(names)


def _ways(
    source: Source,
    columns: Mapping[str, str],
    currency: str | None,
    dates: str | None,
    decimals: str | None,
    today: int,
) -> Ways:
    """By what can be read in one way only, of the rows that are looked at first."""
    day_first = {None: None, "dmy": True, "mdy": False}[dates]
    comma = None if decimals is None else decimals == "comma"
    for seen, (_, cells) in enumerate(source.rows()):
        if seen > ROWS or not isinstance(cells, dict):
            break
        if decimals is None:
            comma = decimals_after_comma(comma, (cells.get(columns["amount"], ""),))
        if day_first is None and (slashed := SLASHED.match(cells.get(columns["day"], ""))):
            one, two = int(slashed[1]), int(slashed[2])
            day_first = one > 12 if max(one, two) > 12 else None
    return Ways(currency, Clock("UTC", day_first), comma, today)


def day_of(day: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day)
