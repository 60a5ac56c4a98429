"""The report as a PDF of one page: tagged, in the fonts of the typesetter, the same bytes for the same report.

Words of visitors come in as data, never as markup, and the typesetter is confined to an empty folder. What does not
fit is left out from the end and counted; a letter that no font has becomes a box, and the foot says so.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from bot.insights.one_page.charts import effect_of, shares_of, svg
from bot.insights.one_page.letters import STANDARD, Letters
from bot.insights.one_page.page import INVENTED, Line, Page, page_of

SIZES = (9.4, 8.8, 8.2, 7.6)
"""In points, tried from the largest."""
CHART_MM, NO_DAY = 42, 0


def pdf_of(told: Mapping[str, Any]) -> bytes:
    """The file. At first its letters shrink a little; then lines, and at last definitions, are left out."""
    page, charts = page_of(told), [one for one in (shares_of(told), effect_of(told)) if one is not None]
    pictures = [{"title": one.title, "svg": svg(one, dark=False, narrow=True)} for one in charts]
    with TemporaryDirectory(prefix="duologue-page-") as empty:
        press = _Press(Path(empty))
        for given in _tries(page, pictures):
            if (made := press.print(given)) is not None:
                return made
    raise AssertionError("a page with nothing but its title is one page")


def _tries(page: Page, pictures: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    for size in SIZES:
        yield _given(page, pictures, size)
    lines, definitions = sum(len(lines) for _, lines in page.parts), len(page.definitions)
    # Lines are cut by halves, so that a thousand of them are some ten tries.
    left = [lines]
    while left[-1]:
        left.append(left[-1] * 3 // 4)
    for kept in left:
        yield _given(page, pictures, SIZES[-1], lines=kept, definitions=definitions)
        yield _given(page, pictures, SIZES[-1], lines=kept, definitions=0)
    yield _given(page, [], SIZES[-1], lines=0, definitions=0)


def _given(
    page: Page, pictures: list[dict[str, str]], size: float, *, lines: int | None = None, definitions: int | None = None
) -> dict[str, Any]:
    rest, parts = lines, []
    for name, found in page.parts:
        kept = found if rest is None else found[:rest]
        rest = None if rest is None else rest - len(kept)
        if kept:
            parts.append({"name": name, "lines": [_line(one) for one in kept]})
    all_lines = sum(len(found) for _, found in page.parts)
    cut = 0 if lines is None else all_lines - min(lines, all_lines)
    shown = page.definitions if definitions is None else page.definitions[:definitions]
    left_out = [f"{cut:,} more findings do not fit on this page; the report in the dashboard has them."] if cut else []
    if len(shown) < len(page.definitions):
        left_out.append("The definitions do not fit; they are in docs/insights.md and in the dashboard.")
    return {
        "title": page.title, "days": page.days, "size": str(size), "height": str(CHART_MM),
        "invented": INVENTED if page.is_invented else "", "parts": parts, "charts": pictures,
        "notes": [*left_out, *page.notes, "; ".join(page.labels) + "."],
        "definitions": [{"name": name, "means": means} for name, means in shown],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    numbers = f"; {line.number}, interval {line.interval}" if line.interval else ""
    return {"sentence": line.sentence, "found": line.is_found, "small": f"[{line.label}, n = {line.n}{numbers}]"}


class _Press:
    """Sets pages in an empty folder, with the typesetter's own fonts alone."""

    def __init__(self, empty: Path) -> None:
        self._source = files("bot.insights.one_page").joinpath("templates", "page.typ").read_bytes()
        self._compiler = typst.Compiler(
            root=empty, ignore_system_fonts=True, package_path=empty, package_cache_path=empty
        )  # fmt: skip
        self._letters = Letters(self._compiler)

    def print(self, given: dict[str, Any]) -> bytes | None:
        """The PDF; None when it is more than one page."""
        inputs = {"page": json.dumps(self._letters.readable(given), ensure_ascii=False)}
        pages = self._compiler.compile(self._source, format="svg", sys_inputs=inputs)
        # A list where there are several.
        if isinstance(pages, list):
            return None
        made = self._compiler.compile(
            self._source, format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, timestamp=NO_DAY
        )
        assert isinstance(made, bytes)
        return made
