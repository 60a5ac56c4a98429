"""What the widget's files say, read as text: its words in each language, and which of them its modules use."""

import re
from ast import literal_eval
from pathlib import Path

PROJECT = Path(__file__).parents[2]
WIDGET = PROJECT / "bot/gateway/static/widget"
API = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
LANGUAGES = ("en", "de", "ar")

Words = dict[str, str | list[str]]

MODULE = re.compile(r"(?:/\*[^\n]*\*/\n)?export const words = \{\n  __proto__: null,\n(.*)\};\n", re.DOTALL)
ENTRY = re.compile(r"  (\w+): ('.*'|\['.*'\]),")
SENTENCE = re.compile(r"'([A-Z][^'\n]* [^'\n]*[.?!…])'")
QUOTED = re.compile(r"'(\w+)'")

CHOSEN = {
    "id": r"\bbutton\('\w+'",
    "now": r"\bmark\(li, .*\);",
    "attempts > 1 ? 'lost' : now": r"\? 'lost' :|\blink\('\w+'\)|\? 'connecting' : 'offline'",
    "REFUSED[told.status] ?? 'other'": r"\bREFUSED = .*|\?\? 'other'\]",
}
"""What stands between the brackets of `words[...]`: where its values are in quotes. A new one has to be added here."""
TOLD = {
    "code": r"`error` \| `code` \(([^)]*)\)",
    "from": r"`message` \| `seq`, `from` \(([^)]*)\)",
}
"""The same for what comes from the gateway: where docs/api.md lists its values."""


def modules() -> dict[str, str]:
    """The widget's modules by name, its words left out."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(WIDGET.glob("*.js"))}


def words_file(language: str) -> Path:
    return WIDGET / "words" / f"{language}.js"


def words_of(language: str) -> Words:
    """The keys and what they say; fails on a file that is more than one flat object of quoted text."""
    found = MODULE.fullmatch(words_file(language).read_text(encoding="utf-8"))
    assert found, f"{language}.js is not one object of words"
    entries = [ENTRY.fullmatch(line) for line in found[1].splitlines()]
    keys = [entry[1] for entry in entries if entry]
    assert len(keys) == len(entries) == len(set(keys)), f"{language}.js has a line that is no word, or a key twice"
    return {entry[1]: literal_eval(entry[2]) for entry in entries if entry}


def texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def named(source: str) -> set[str]:
    """The keys that a module names: `words.send`."""
    return set(re.findall(r"\bwords\.(\w+)", source))


def expressions(source: str) -> list[str]:
    """How a module chooses a key: `words[code]`. The brackets inside are closed."""
    return re.findall(r"\bwords\[((?:[^\[\]]|\[[^\[\]]*\])*)\]", source)


def chosen(expression: str) -> set[str]:
    """The keys that this expression can be, as far as the sources and the documented names tell."""
    if expression in TOLD:
        listed = re.search(TOLD[expression], API)
        assert listed, f"docs/api.md no longer lists the values of `{expression}`"
        return set(listed[1].split(", "))
    places = re.findall(CHOSEN[expression], "\n".join(modules().values()))
    return {key for place in places for key in QUOTED.findall(place)}
