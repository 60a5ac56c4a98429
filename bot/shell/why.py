"""Why an answer was given: what was understood, by which rule it was answered, and from which words of which page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.shell.rules import Rule, rule_of

Understood = Mapping[str, Any]
QUOTE_LENGTH = 160


def reasons(
    made: Understood | None, replies: Sequence[Mapping[str, Any]], rules: Sequence[Rule]
) -> Iterator[tuple[str, str]]:
    """Name and words, a line each. `made` is what the house wrote down of the message; None when it has nothing."""
    if made is None:
        yield "understood", "nothing was written down: the engine gave no answer in time, or a person has this chat"
        return
    yield "intent", _intent(made)
    if made["entities"]:
        yield "entities", ", ".join(f"{one['kind']} “{one['value']}”" for one in made["entities"])
    if made.get("sentiment") is not None:
        yield "mood", f"{made['sentiment']:+.2f}, of -1 to 1"
    if made.get("facts"):
        yield "told", ", ".join(f"{kind} “{value}”" for kind, value in made["facts"])
    done = [name for name in made.get("actions", ()) if name]
    rule = rule_of(rules, made["intent"], done)
    if rule is not None:
        yield "rule", f"“{rule.name}”, {rule.file}"
    yield "did", ", ".join(done) or "nothing"
    yield from _from_pages(made.get("from_pages"), replies)


def _intent(made: Understood) -> str:
    ranking = [f"{name} {sure:.2f}" for name, sure in made.get("ranking", ())]
    if made["intent"] is None:
        return f"none was sure enough; nearest {', '.join(ranking[:3]) or 'nothing'}"
    others = ranking[1:4]
    return f"{made['intent']} {made['confidence']:.2f}" + (f", before {', '.join(others)}" if others else "")


def _from_pages(found: Mapping[str, Any] | None, replies: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    if found is None:
        return
    sure = f"{found['confidence']:.2f} sure"
    if found.get("options"):
        yield "pages", f"{sure}, and it could be any of: {', '.join(found['options'])}"
    elif not found["answered"]:
        yield "pages", f"none answers this ({sure}); nearest {', '.join(found['pages']) or 'nothing'}"
    else:
        quote = next((source["quote"] for reply in replies for source in reply["sources"] if source.get("quote")), "")
        yield "page", f"{', '.join(found['pages'])} ({sure})"
        yield "passage", quote if len(quote) <= QUOTE_LENGTH else f"{quote[:QUOTE_LENGTH]}…"
