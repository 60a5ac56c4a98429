"""Does it know what it does not know? The confidence in questions it can answer, beside two kinds that it can't.

Off topic: the other domains' questions, with their own histories. Unanswerable: turns of the same conversations whose
answer people looked for in the same pages and did not find.
"""

from collections.abc import Sequence
from statistics import mean

from bot.pages.answering.answer import SURE_ENOUGH
from pages.figures import Figure, area_under_curve, figure
from pages.mtrag import Labelled, Query
from pages.sites import Asked, Site, tell
from pages.weights import learned_elsewhere


async def measure(
    sites: dict[str, Site], every_query: Sequence[Query], turns: Sequence[Labelled], every: int
) -> list[Figure]:
    tell("asking what no page answers")
    own, foreign, answerable, not_answerable = [], [], [], []
    areas: list[tuple[float, float, int, int]] = []
    by_domain = []
    for domain, site in sites.items():
        kinds = [
            [one.asked() for one in every_query if one.domain == domain],
            [one.asked() for one in every_query if one.domain != domain][::every],
            _labelled(turns, domain, "ANSWERABLE"),
            _labelled(turns, domain, "UNANSWERABLE"),
        ]
        with learned_elsewhere(domain):
            answers = await site.ask_each(kinds)
        mine, others, can, cannot = ([one["confidence"] for one in some] for some in answers)
        own, foreign = own + mine, foreign + others
        answerable, not_answerable = answerable + can, not_answerable + cannot
        areas.append((area_under_curve(mine, others), area_under_curve(can, cannot), len(mine), len(can)))
        by_domain.append(f"{domain} {area_under_curve(can, cannot):.3f}")
    # Each domain is judged by weights of its own, so that what they say is compared within it only.
    off_topic = sum(area * count for area, _, count, _ in areas) / len(own)
    unanswerable = sum(area * count for _, area, _, count in areas) / len(answerable)
    return [
        figure("off_topic_auc", off_topic, "share",
               f"{len(own)} questions of the site, {len(foreign)} of other domains; all domains in one "
               f"{area_under_curve(own, foreign):.3f}"),
        figure("unanswerable_auc", unanswerable, "share",
               f"{len(answerable)} turns, {len(not_answerable)} unanswerable; {', '.join(by_domain)}; all domains in "
               f"one {area_under_curve(answerable, not_answerable):.3f}"),
        figure("off_topic_refused", mean(one < SURE_ENOUGH for one in foreign), "share",
               f"of other domains' questions, below {SURE_ENOUGH}"),
        figure("unanswerable_refused", mean(one < SURE_ENOUGH for one in not_answerable), "share",
               f"of unanswerable ones, below {SURE_ENOUGH}"),
        figure("in_site_answered", mean(one >= SURE_ENOUGH for one in own), "share",
               f"of the site's own questions, from {SURE_ENOUGH}"),
    ]  # fmt: skip


def _labelled(turns: Sequence[Labelled], domain: str, answerability: str) -> list[Asked]:
    return [one.asked for one in turns if one.domain == domain and one.answerability == answerability]
