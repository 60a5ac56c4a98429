"""Why the bot answered so: what the log has of a turn, in one sentence and in rows, for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.gateway.screens import percent

Made = dict[str, Any]
SURE_OF_A_RULE = 1.0
NOT_RECORDED = "not recorded"
IN_WORDS = {
    "ask_page": "a page question",
    "price": "a question for a price",
    "order_status": "a question for an order",
    "greet": "a greeting",
    "goodbye": "a goodbye",
    "thank": "thanks",
    "affirm": "a yes",
    "deny": "a no",
    "ask_person": "a wish for a person",
    "complaint": "a complaint",
    "praise": "praise",
}
"""What a message is taken for, where the intent's own name does not read well in a sentence."""


@dataclass(frozen=True)
class Value:
    """One of a row's values; `link` where there is something to look at, `beside` what is told of it in small."""

    text: str
    beside: str = ""
    link: str = ""


@dataclass(frozen=True)
class Why:
    """`summary` in a few words, `sentence` in one sentence, then `rows` of a name and its values."""

    summary: str
    sentence: str
    rows: tuple[tuple[str, tuple[Value, ...]], ...]
    decided: bool = True
    """Of an answer of the bot; else of a message that nobody, or a person, answered."""


def why_answered(made: Made | None) -> Why:
    """Of what the bot said. `made` is what the log has of the turn; None when it has nothing."""
    if made is None:
        return Why("not recorded", "What led to this answer was not recorded.", ())
    rows = [*_understood(made), *_chosen(made), *_looked_up(made.get("from_pages")), *_heard(made)]
    return Why(taken_for(made), _sentence(made), tuple((name, values) for name, values in rows if values))


def why_heard(made: Made) -> Why:
    """Of what a visitor said and the bot did not answer."""
    rows = [*_understood(made), *_heard(made)]
    return Why(taken_for(made), "", tuple((name, values) for name, values in rows if values), decided=False)


def taken_for(made: Made) -> str:
    intent = made.get("intent")
    return _sure(intent, made.get("confidence") or 0.0) if intent else "nothing for certain"


def _understood(made: Made) -> Iterator[tuple[str, tuple[Value, ...]]]:
    yield "Intent", tuple(Value(_words(name), percent(sure)) for name, sure in made.get("ranking") or [])
    yield "Named", tuple(_entity(one) for one in made.get("entities") or [])


def _heard(made: Made) -> Iterator[tuple[str, tuple[Value, ...]]]:
    mood = made.get("sentiment")
    yield "Sentiment", () if mood is None else (Value(_mood(mood), f"{round(mood, 2) + 0:+.2f}"),)
    yield "Learned", tuple(Value(f"{kind}: {value}") for kind, value in made.get("facts") or [])


def _chosen(made: Made) -> Iterator[tuple[str, tuple[Value, ...]]]:
    decided = made.get("decided")
    if decided is None:
        yield "Rule", (Value(NOT_RECORDED),)
        yield "Actions", tuple(Value(name) for name in made.get("actions") or [])
        return
    yield "Rule", tuple(dict.fromkeys(_chooser(one) for one in decided))
    yield "Form", tuple(dict.fromkeys(_form(one) for one in decided if one.get("form")))
    yield "Actions", tuple(Value(one["action"]) for one in decided)


def _chooser(decision: dict[str, Any]) -> Value:
    policy, sure = decision.get("policy") or "no policy", decision.get("confidence")
    # A rule either holds or does not: that it is sure of itself tells nothing.
    beside = policy if sure in (None, SURE_OF_A_RULE) else f"{policy}, {percent(sure)}"
    name = decision.get("rule")
    if name is None and decision.get("form") == decision["action"]:
        return Value("the form goes on", beside)
    return Value(f"“{name}”", beside) if name else Value("no rule of ours", beside)


def _form(decision: dict[str, Any]) -> Value:
    waits_for = decision.get("slot")
    return Value(_words(decision["form"]), f"waits for {_words(waits_for)}" if waits_for else "")


def _looked_up(found: dict[str, Any] | None) -> Iterator[tuple[str, tuple[Value, ...]]]:
    if found is None:
        return
    enough = found.get("enough")
    yield (
        "Pages",
        (Value(f"{found['confidence']:.2f} sure", "" if enough is None else f"where {enough:.2f} is enough"),),
    )
    yield "Asked back", tuple(Value(option) for option in found.get("options") or [])
    if (passages := found.get("passages")) is None:
        yield "Passages", (Value(NOT_RECORDED), *(Value(url, link=url) for url in found.get("pages") or []))
        return
    yield (
        "Passages",
        tuple(Value(_place(one), f"score {one['score']:.2f}", one.get("link") or one["url"]) for one in passages),
    )


def _sentence(made: Made) -> str:
    return f"{_what_was_done(made)}, because {_because(made)}."


def _what_was_done(made: Made) -> str:
    found = made.get("from_pages")
    if found is not None:
        return _from_pages(found)
    decided = made.get("decided") or []
    form = next((one["form"] for one in decided if one.get("form") == one["action"]), None)
    if form is not None:
        return f"The {_words(form)} went on"
    rule = next((one["rule"] for one in decided if one.get("rule")), None)
    return f"Answered by the rule “{rule}”" if rule else "Answered without the pages"


def _from_pages(found: dict[str, Any]) -> str:
    sure = f"{found['confidence']:.2f} sure"
    places = [*map(_place, found.get("passages") or ()), *(found.get("pages") or ())]
    nearest = places[0] if places else ""
    if found.get("options"):
        return f"Asked back which was meant, {sure} of {nearest}"
    if found["answered"]:
        return f"Answered from {nearest}, {sure}"
    enough = found.get("enough")
    too_little = f"only {sure}" if enough is None else f"only {sure} where {enough:.2f} is enough"
    return f"No page answers this, {too_little}" + (f" of the nearest, {nearest}" if nearest else "")


def _because(made: Made) -> str:
    intent = made.get("intent")
    if intent is None:
        nearest = next(iter(made.get("ranking") or ()), None)
        return "nothing was understood for certain" + (f" (nearest {_sure(*nearest)})" if nearest else "")
    taken = IN_WORDS.get(intent, f"“{_words(intent)}”")
    return f"the message was taken for {taken} ({percent(made.get('confidence') or 0.0)})"


def _place(passage: dict[str, Any]) -> str:
    """Such as Shipping › Norway; a heading that only says the title again is left out."""
    title, heading = passage.get("title") or passage["url"], passage.get("heading") or ""
    return f"{title} › {heading}" if heading and heading.casefold() not in title.casefold() else title


def _entity(entity: dict[str, Any]) -> Value:
    said = entity["text"] if entity["text"] == entity["value"] else f"{entity['text']} ({entity['value']})"
    return Value(f"{entity['kind']}: {said}")


def _mood(sentiment: float) -> str:
    return "neutral" if abs(sentiment) < 0.2 else "glad" if sentiment > 0 else "unhappy"


def _sure(name: str, confidence: float) -> str:
    return f"{_words(name)} {percent(confidence)}"


def _words(name: str) -> str:
    return name.replace("_", " ")
