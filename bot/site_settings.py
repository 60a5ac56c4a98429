"""What a site may set of its chat: parsed at the door, all faults told together, each with a good value."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic.fields import FieldInfo

from bot import site_values as values
from bot.errors import ConfigurationError
from bot.hours import DAYS, Hours, parse_span
from bot.invites import Invite, in_language

GREETING_LENGTH, INVITE_LENGTH = 300, 200
INVITES = 50
FAULTS_TOLD = 100
OURS = (
    "invites", "crawl_every", "rephrase", "valued_from", "valued_lot", "nobody_after_min", "staff_minute_cost",
    "bot_answer_cost",
)  # fmt: skip
"""What the widget is not told."""

Day = Annotated[list[str], BeforeValidator(values.listed), Field(max_length=10), AfterValidator(values.spans)]
Name = Annotated[
    str, AfterValidator(values.matching(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", "it has to be letters, digits and _.:-"))
]
_DAY = Field(default=None, examples=['["09:00-12:30", "13:30-17:00"]'])


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Wall = Annotated[str, AfterValidator(values.wall_clock)]


class ClosingGiven(Part):
    """Once closed, whatever the week says: from and until, on the site's clock."""

    begins: Wall = Field(examples=["2026-11-24 14:00"])
    ends: Wall = Field(examples=["2026-11-24 17:00"])
    name: Annotated[str, AfterValidator(values.day_name)] = Field(examples=["Stocktaking"])

    @property
    def walls(self) -> tuple[datetime, datetime]:
        return datetime.fromisoformat(self.begins), datetime.fromisoformat(self.ends)


def _in_time(closings: list[ClosingGiven]) -> list[ClosingGiven]:
    if wrong := next((one for one in closings if one.ends <= one.begins), None):
        raise ValueError(f"the closing from {wrong.begins} ends before it begins")
    return sorted(closings, key=lambda one: (one.begins, one.ends))


class HoursGiven(Part):
    """When people answer. A day that is not given is closed, and so are `closed` and `holidays`, which have names."""

    timezone: Annotated[str, AfterValidator(values.timezone)] = Field(examples=["Europe/Dublin"])
    mon: Day | None = _DAY
    tue: Day | None = _DAY
    wed: Day | None = _DAY
    thu: Day | None = _DAY
    fri: Day | None = _DAY
    sat: Day | None = _DAY
    sun: Day | None = _DAY
    closed: (
        Annotated[list[str], BeforeValidator(values.listed), Field(max_length=400), AfterValidator(values.dates)] | None
    ) = Field(default=None, examples=['["2026-12-25"]'])
    holidays: (
        Annotated[
            dict[str, Annotated[str, AfterValidator(values.day_name)]],
            Field(max_length=400),
            AfterValidator(values.dated),
        ]
        | None
    ) = Field(default=None, examples=['{"2026-12-25": "Christmas Day"}'])
    closings: Annotated[list[ClosingGiven], Field(max_length=100), AfterValidator(_in_time)] | None = Field(
        default=None, examples=['[{"begins": "2026-11-24 14:00", "ends": "2026-11-24 17:00", "name": "Stocktaking"}]']
    )

    @property
    def closed_days(self) -> list[str]:
        return sorted({*(self.closed or ()), *(self.holidays or ())})


class InviteGiven(Part):
    id: Name = Field(examples=["shipping-help"])
    text: Annotated[Any, PlainValidator(values.words(INVITE_LENGTH))] = Field(examples=["Any question about shipping?"])
    pages: Annotated[
        list[Annotated[str, Field(max_length=300), AfterValidator(values.pattern)]],
        BeforeValidator(values.listed),
        Field(max_length=20),
    ] = Field(default=[], examples=['["/products/*"]'])
    after_s: Annotated[int, BeforeValidator(values.number), Field(ge=0, le=3_600)] = Field(default=0, examples=["20"])
    visits: Annotated[int, BeforeValidator(values.number), Field(ge=1, le=1_000)] = Field(default=1, examples=["2"])
    languages: Annotated[
        list[Annotated[str, AfterValidator(values.language)]], BeforeValidator(values.listed), Field(max_length=20)
    ] = Field(default=[], examples=['["en", "de"]'])
    trigger: Name | None = Field(default=None, examples=["size-chart"])


def _once(invites: list[InviteGiven]) -> list[InviteGiven]:
    ids = [one.id for one in invites]
    if twice := next((id for id in ids if ids.count(id) > 1), None):
        raise ValueError(f'the id "{twice}" is there twice')
    return invites


def _ever_open(hours: HoursGiven) -> HoursGiven:
    if not any(getattr(hours, day) for day in DAYS):
        raise ValueError("no day is open")
    return hours


class SiteSettings(Part):
    """What the widget is told of the site (docs/api.md), the rules for invites, which it gets one by one, and how
    often the site is crawled."""

    colour: Annotated[str, AfterValidator(values.colour)] | None = Field(default=None, examples=["#2453c9"])
    side: Literal["end", "start"] | None = Field(default=None, examples=["start"])
    language: Literal["en", "de", "ar", "auto"] | None = Field(default=None, examples=["auto"])
    greeting: Annotated[Any, PlainValidator(values.words(GREETING_LENGTH))] | None = Field(
        default=None, examples=['{"en": "Hello! What would you like to know?", "de": "Hallo!"}']
    )
    phone: (
        Annotated[str, AfterValidator(values.matching(r"\+?[0-9][0-9 ()./-]{2,30}", "it is no telephone number"))]
        | None
    ) = Field(default=None, examples=["+353 20 915 0142"])
    mail: (
        Annotated[
            str, AfterValidator(values.matching(r"[^\s@<>,]{1,64}@[^\s@<>,.]+(\.[^\s@<>,.]+)+", "it is no address"))
        ]
        | None
    ) = Field(default=None, examples=["hello@shop.example"])
    privacy: Annotated[str, AfterValidator(values.address)] | None = Field(
        default=None, examples=["https://shop.example/privacy"]
    )
    hours: Annotated[HoursGiven, AfterValidator(_ever_open)] | None = Field(
        default=None, examples=['{"timezone": "Europe/Dublin", "mon": ["09:00-17:00"]}']
    )
    nobody_after_min: Annotated[int, BeforeValidator(values.number), Field(ge=0, le=120)] = Field(
        default=5, examples=["5"]
    )
    files: bool = Field(default=True, examples=["false"])
    rating: bool = Field(default=True, examples=["false"])
    rephrase: bool = Field(default=False, examples=["true"])
    invites: Annotated[list[InviteGiven], Field(max_length=INVITES), AfterValidator(_once)] = Field(
        default=[], examples=['[{"id": "shipping-help", "text": "Any question about shipping?", "pages": ["/ship*"]}]']
    )

    valued_from: Annotated[str, AfterValidator(values.amount)] | None = Field(default=None, examples=["500 EUR"])
    staff_minute_cost: Annotated[str, AfterValidator(values.price)] | None = Field(default=None, examples=["0.80 EUR"])
    bot_answer_cost: Annotated[str, AfterValidator(values.price)] | None = Field(default=None, examples=["0.002 EUR"])
    valued_lot: Annotated[float, BeforeValidator(values.share), Field(ge=0, le=0.5)] = Field(
        default=0.1, examples=["0.1"]
    )
    crawl_every: Annotated[str, AfterValidator(values.every)] | None = Field(default=None, examples=["1d"])

    @cached_property
    def opening_hours(self) -> Hours | None:
        if self.hours is None:
            return None
        week = (getattr(self.hours, day) or () for day in DAYS)
        return Hours(
            ZoneInfo(self.hours.timezone),
            tuple(tuple(parse_span(text) for text in day) for day in week),
            frozenset(date.fromisoformat(text) for text in self.hours.closed_days),
            tuple(one.walls for one in self.hours.closings or ()),
        )

    @cached_property
    def rules(self) -> tuple[Invite, ...]:
        lists = ("pages", "languages")
        return tuple(
            Invite(**{**one.model_dump(), **{name: tuple(getattr(one, name)) for name in lists}})
            for one in self.invites
        )

    def as_json(self) -> dict[str, Any]:
        """What was set, as it is stored and as `parse` takes it back."""
        return self.model_dump(mode="json", exclude_unset=True, exclude_none=True)

    def told(self, language: str | None) -> dict[str, Any]:
        """What the widget is told; the greeting in the visitor's language. Invites come with the events."""
        told = {"files": self.files, "rating": self.rating} | self.as_json()
        for ours in OURS:
            told.pop(ours, None)
        if self.hours is not None:
            # Which days, not why: the names are for the staff.
            days = {"closed": closed} if (closed := self.hours.closed_days) else {}
            told["hours"] = {day: told["hours"][day] for day in ("timezone", *DAYS) if day in told["hours"]} | days
        if self.greeting is not None:
            own = None if self.language == "auto" else self.language
            told["greeting"] = in_language(self.greeting, own, language)
        return told


def parse(given: Mapping[str, Any]) -> SiteSettings:
    """The settings, or one ConfigurationError that names every fault with an example of a good value."""
    try:
        return SiteSettings.model_validate(dict(given))
    except ValidationError as error:
        faults = [_fault(one["loc"], one["type"], one["input"], one["msg"]) for one in error.errors(include_url=False)]
        more = [f"And {len(faults) - FAULTS_TOLD} more."] if len(faults) > FAULTS_TOLD else []
        raise ConfigurationError("\n".join(faults[:FAULTS_TOLD] + more)) from error


def stored(given: Mapping[str, Any]) -> SiteSettings:
    """What is in the store, as far as this version can read it: an older or a newer one may have written it."""
    try:
        return SiteSettings.model_validate(dict(given))
    except ValidationError as error:
        bad = {one["loc"][0] for one in error.errors()}
        return SiteSettings.model_validate({name: value for name, value in given.items() if name not in bad})


def _fault(where: tuple[int | str, ...], kind: str, value: object, why: str) -> str:
    known, field = _field(where)
    name = ".".join(str(part) for part in where)
    if kind == "extra_forbidden":
        return unknown(str(where[-1]), known, before=name[: -len(str(where[-1]))])
    example = (field.examples or [""])[0] if field is not None else ""
    if kind == "missing":
        return f"{name} is missing; give e.g. {example}."
    if kind == "too_long" and isinstance(value, list):
        return f"{name} has {len(value):,} entries: {why[0].lower()}{why[1:]}; give e.g. {example}."
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    why = why.removeprefix("Value error, ")
    return f'{name} is "{values.UNSEEN.sub("�", shown)[:80]}": {why[0].lower()}{why[1:]}; give e.g. {example}.'


def _field(where: tuple[int | str, ...]) -> tuple[list[str], FieldInfo | None]:
    """The names known where the fault is, and the nearest field around it, which has the example."""
    models: dict[str, type[Part]] = {"hours": HoursGiven, "invites": InviteGiven}
    model: type[Part] = SiteSettings
    names = [part for part in where if isinstance(part, str)]
    field = SiteSettings.model_fields.get(names[0])
    inside = names[0] in models and (len(where) > 1 and where[-1] != names[0])
    if inside and len(names) > 1:
        model = models[names[0]]
        field = model.model_fields.get(names[1])
    return sorted(model.model_fields), field


def unknown(name: str, known: list[str], *, before: str = "") -> str:
    """The sentence about a name that is no setting, with the nearest that is one."""
    close = get_close_matches(name, known, 1, 0.5)
    shown = values.UNSEEN.sub("�", name)[:80]
    hint = f'did you mean "{before}{close[0]}"?' if close else f"there are {', '.join(known)}."
    return f'"{before}{shown}" is not a setting; {hint}'
