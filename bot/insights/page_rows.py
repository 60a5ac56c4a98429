"""The report about pages as rows, most viewed first, and what each of their figures means."""

from collections.abc import Sequence
from typing import Any

from bot.insights.page_names import OTHERS
from bot.insights.page_tally import Figures, Order, Tally, add_money
from bot.insights.score_words import MEANINGS, mean_json
from bot.insights.scores_over_time import first_of, step_of
from bot.interactions import Interaction, as_datetime, rfc3339
from bot.money import decimal_text, together
from bot.store.page_figures import CrawledPage
from bot.store.pages_of_rows import Span
from bot.store.score_figures import Scores

UNJUDGED: dict[str, Any] = {"one_way": None, "grade": None, "flags": []}
DEFINITIONS = {
    "views": "Times the page was looked at: by visitors who agreed to be measured, and by those who did not.",
    "views_measured": "Views by visitors who agreed to be measured. Robots and staff are left out of everything.",
    "views_daily": "Views by visitors who did not agree: a total a day, of all days that the window touches.",
    "exposures": "Times the chat's launcher was shown on the page to measured visitors, or withheld from them by lot.",
    "held_out": "Those exposures where the launcher was withheld by lot.",
    "opened": "Times the chat was opened on the page by measured visitors.",
    "messages": "Messages that visitors wrote on the page, also those that are no questions.",
    "questions": "Messages written on the page that the bot looked up in the site's pages: answered from here, from "
    "elsewhere, or unanswered. A pressed button counts for the page of the message before it.",
    "answered_here": "Questions answered with this page among the sources.",
    "answered_elsewhere": "Questions answered from other pages only.",
    "unanswered": "Questions that the bot could not answer from any page.",
    "handed_over": "Conversations in which a person was wanted while the visitor was on the page.",
    "purchases": "Orders whose buyer had seen the page earlier in the same visit: views less than 30 minutes apart, "
    "the last less than 30 minutes before the order. An order counts for each page of its visit: don't add pages up.",
    "purchases_over_time": "Those orders by the week, from Monday, or the month that they were made in; weeks up to "
    "190 days, else months.",
    "revenue": "What those orders brought, by currency, less their refunds in the window.",
    "one_way": "From 0, a dialogue, to 100, a monologue: the sum of four parts. Voice: up to 40, the more it says we "
    "rather than you, 40 x we / (we + you); 20 without either. Questions: 30 when it never asks or invites its reader, "
    "down to 0 when it does so once in 150 words. A way to answer: 15 when a visitor finds no mail, phone, form or "
    "contact link on it. Chat: 15 when nobody used it on the page in the window. None for a page that was not crawled "
    "or is not in English.",
    "conversation_score": "The mean score of what was said on the page, of each conversation its turns there. "
    + MEANINGS["score"],
    "grade": "Reading level: the Flesch-Kincaid grade, in years of school; none with fewer than 30 words in sentences.",
    "flags": "What to mend, each with the sentence that caused it: no way to reach a person, out of date, hard to read "
    "(a grade above 12), jargon, and the question that was asked here most often without an answer.",
}


def report(
    whole: Span, tally: Tally, crawled: Sequence[CrawledPage], judged: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    """The report, made once of a tally that is complete; `judged` is what the critic says of each page."""
    left = tally.money.settle()
    orders, step = tally.money.orders.values(), step_of(whole)
    for order in orders:
        for number in order.pages:
            figures = tally.pages[number]
            figures.purchases += 1
            first = first_of(as_datetime(order.purchase.at).date(), step).isoformat()
            figures.purchases_by_step[first] = figures.purchases_by_step.get(first, 0) + 1
            figures.money = together(figures.money, order.money)
    others = tally.pages.pop(OTHERS, None)
    rows = [
        _row(url, _title(crawled, number), tally.pages[number], judged.get(number, UNJUDGED))
        | {"conversation_score": _scored(tally.scores[number])}
        for number, url in enumerate(tally.names.urls)
    ]
    return {
        "label": "descriptive",
        "since": rfc3339(whole.since),
        "until": rfc3339(whole.until),
        "rows": sorted(rows, key=lambda row: (-row["views"], -row["questions"], row["url"])),
        "other_pages": None if others is None else _figures(others),
        "questions_without_page": tally.placeless,
        "links_unseen": sum(page.ways is None for page in crawled),
        "purchases": _sales([order for order in orders if order.pages], []),
        "unlinked": _sales([order for order in orders if not order.pages], left),
        "definitions": DEFINITIONS,
    }


def _title(crawled: Sequence[CrawledPage], number: int) -> str | None:
    return crawled[number].title if number < len(crawled) else None


def _scored(scores: Scores) -> dict[str, Any] | None:
    return mean_json(scores) if scores.conversations else None


def _row(url: str, title: str | None, figures: Figures, judged: dict[str, Any]) -> dict[str, Any]:
    top = figures.top_question()
    asked = [] if top is None else [{"flag": "unanswered_question", "sentence": top.text, "times": top.times}]
    return {
        "url": url,
        "title": figures.title if title is None else title,
        "crawled": title is not None,
        **_figures(figures),
        **judged,
        "flags": [*judged["flags"], *asked],
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "views": figures.views_measured + figures.views_daily,
        "views_measured": figures.views_measured,
        "views_daily": figures.views_daily,
        "exposures": figures.exposures,
        "held_out": figures.held_out,
        "opened": figures.opened,
        "messages": figures.messages,
        "questions": figures.questions,
        "answered_here": figures.answered_here,
        "answered_elsewhere": figures.answered_elsewhere,
        "unanswered": figures.unanswered,
        "handed_over": len(figures.wanted),
        "purchases": figures.purchases,
        "purchases_over_time": [
            {"from": first, "purchases": number} for first, number in sorted(figures.purchases_by_step.items())
        ],
        "revenue": _revenue(figures.money),
    }


def _sales(orders: Sequence[Order], refunds: Sequence[Interaction]) -> dict[str, Any]:
    money: dict[str, int] = {}
    for order in orders:
        money = together(money, order.money)
    for refund in refunds:
        add_money(money, refund)
    return {"purchases": len(orders), "revenue": _revenue(money)}


def _revenue(money: dict[str, int]) -> list[dict[str, str]]:
    return [
        {"revenue": decimal_text(value, currency), "currency": currency} for currency, value in sorted(money.items())
    ]
