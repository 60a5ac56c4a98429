"""Which letters the typesetter's fonts have: what they have not becomes a box, and is said to be one."""

from typing import Any, Final

import typst

BOX = "\u25a1"
SAID = f"{BOX} stands for a letter that the fonts of this file do not have; the report in the dashboard shows it."
STANDARD: Final = "ua-1"
"""PDF/UA: a file has to have a title, a language and tags, and no letter without a glyph."""
TRIED = b"""#set document(title: "Letters")
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern"))
#sys.inputs.text"""


class Letters:
    """Asks the typesetter, each letter once."""

    def __init__(self, compiler: typst.Compiler) -> None:
        self._compiler = compiler
        self._known = {chr(code): True for code in (*range(0x20, 0x7F), 0xA0)}

    def readable(self, given: dict[str, Any]) -> dict[str, Any]:
        """The same with boxes where a letter can't be shown; then its notes say what they are."""
        self._learn("".join(sorted(set(_all_text(given)) - self._known.keys())))
        if all(self._known[letter] for letter in set(_all_text(given))):
            return given
        told: dict[str, Any] = self._boxed(given)
        return told | {"notes": [*told["notes"], SAID]}

    def _learn(self, letters: str) -> None:
        if not letters:
            return
        if self._has(letters):
            self._known |= dict.fromkeys(letters, True)
        elif len(letters) == 1:
            self._known[letters] = False
        else:
            half = len(letters) // 2
            self._learn(letters[:half])
            self._learn(letters[half:])

    def _has(self, letters: str) -> bool:
        # Apart, so that no two of them are set as one sign that a font may have or not.
        inputs = {"text": " ".join(letters)}
        try:
            self._compiler.compile(TRIED, format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, timestamp=0)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            return False
        return True

    def _boxed(self, value: Any) -> Any:
        match value:
            case str():
                return "".join(one if self._known[one] else BOX for one in value)
            case dict():
                return {name: value[name] if name == "svg" else self._boxed(value[name]) for name in value}
            case list():
                return [self._boxed(one) for one in value]
        return value


def _all_text(value: Any) -> str:
    match value:
        case str():
            return value
        case dict():
            return "".join(_all_text(value[name]) for name in value if name != "svg")
        case list():
            return "".join(_all_text(one) for one in value)
    return ""
