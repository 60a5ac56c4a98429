"""The report as a page draws it: the figures in words, the chart and its sizes, the plan, the guess."""

from typing import Any

from bot.insights.charts.frame import width_of
from bot.insights.lift.charts import height_of
from bot.insights.lift.findings import chart_of
from bot.insights.lift.overlap import chart_of as overlap_of
from bot.insights.lift.planning import plan_of
from bot.insights.lift.sentences import told as in_words
from bot.insights.lift.table import figure_of, guess_told, interval
from bot.insights.lift.verdict import Verdict

WITHOUT_RESULT = frozenset({Verdict.NOBODY_DRAWN, Verdict.FAULTY})


def page_of(report: dict[str, Any], *, guess_is_waived: bool) -> dict[str, Any]:
    """The template's values. Who has seen the result can't guess it any more, so it waits for a guess."""
    figures, chart = [figure_of(row) for row in report["rows"]], chart_of(report)
    awaits_guess = report["guess"] is None and not guess_is_waived
    return {
        "is_hidden": awaits_guess and report["verdict"] not in WITHOUT_RESULT,
        "figures": [
            (one, in_words(one, one.value, report["currency"]), interval(one, report["currency"])) for one in figures
        ],
        "guess": guess_told(report),
        "plan": plan_of(report),
        "chart": chart,
        "overlap": overlap_of(report),
        "sizes": [] if chart is None else [_size(chart, narrow=narrow) for narrow in (True, False)],
    }


def _size(chart: Any, *, narrow: bool) -> tuple[bool, int, int]:
    return narrow, width_of(narrow=narrow), height_of(chart, narrow=narrow)
