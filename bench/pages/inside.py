"""Questions asked on a known page: documents of MTRAG as one page each, and the privacy policies of PolicyQA.

Our splitter cuts a document into other passages than the given ones. A listed passage counts as a gold one when it is
of the same document and their common words (each as often as it stands in both) are at least half of either's.
"""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from pages import weights
from pages.figures import Figure, figure, hit
from pages.mtrag import Given, Query, as_page, documents
from pages.peers import bm25
from pages.sites import DATA, Asked, Page, Site, tell

ENOUGH = 0.5


def document_sites(given: dict[str, list[Given]], asked: Sequence[Query], every: int) -> dict[str, list[Page]]:
    """Each domain's documents as pages: those that hold gold passages, and every nth of the others."""
    gold = frozenset().union(*(one.gold for one in asked))
    sites = {}
    for domain, own in given.items():
        kept = [
            (name, parts)
            for number, (name, parts) in enumerate(documents(own).items())
            if number % every == 0 or any(part.id in gold for part in parts)
        ]
        sites[domain] = [as_page(name, parts) for name, parts in kept]
    return sites


async def measure_documents(
    sites: dict[str, Site], given: dict[str, list[Given]], asked: Sequence[Query]
) -> list[Figure]:
    """Each question is asked once, on the page of the document that holds most of its gold passages."""
    tell("asking on MTRAG's documents")
    right: dict[str, bool] = {}
    several: set[str] = set()
    told = []
    for domain, site in sites.items():
        parts = documents(given[domain])
        pages = {one.id: _page_of(one, parts) for one in asked if one.domain == domain}
        with weights.learned_elsewhere(domain):
            answers = await site.ask(replace(one.asked(), page=pages[one.id]) for one in asked if one.domain == domain)
        for one in asked:
            if one.domain == domain:
                page = pages[one.id]
                gold = [part.text for part in parts[page] if part.id in one.gold]
                listed = [found["text"] for found in answers[one.id]["passages"][:5] if found["page"] == page]
                right[one.id] = any(same(wanted, text) for wanted in gold for text in listed)
                if len(parts[page]) > 1:
                    several.add(one.id)
        own = [right[one.id] for one in asked if one.domain == domain]
        told.append(f"{domain} {sum(own) / len(own):.3f}")
    longer = [right[one] for one in several]
    return [
        figure("in_page_top5", sum(right.values()) / len(right), "share",
               f"half of the words of a gold passage or of ours shared; {', '.join(told)}"),
        figure("in_page_top5_longer", sum(longer) / len(longer), "share",
               f"of the {len(longer)} whose page has several given passages"),
    ]  # fmt: skip


def _page_of(one: Query, parts: dict[str, list[Given]]) -> str:
    holds = Counter(name for name, own in parts.items() for part in own if part.id in one.gold)
    return min(holds, key=lambda name: (-holds[name], name))


def same(one: str, other: str) -> bool:
    """Whether what both say is at least half of either."""
    mine, theirs = _words(one), _words(other)
    both = sum((mine & theirs).values())
    return both >= ENOUGH * max(1, min(sum(mine.values()), sum(theirs.values())))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


@dataclass(frozen=True)
class Policies:
    """PolicyQA's dev part: `paragraphs` by site and id; questions with the paragraphs of their site that answer.

    The same question is asked of many paragraphs of a site: it counts once, and each of them answers it. So judged,
    plain BM25 with Porter's stems has the published floor of 0.49; with our words, as in the table, 0.516.
    """

    paragraphs: dict[str, dict[str, str]]
    asked: dict[str, tuple[str, str, frozenset[str]]]
    """By id: the site, the question, the paragraphs' ids."""

    @property
    def gold(self) -> dict[str, frozenset[str]]:
        return {id_: right for id_, (_, _, right) in self.asked.items()}


def policies(every: int) -> Policies:
    paragraphs: dict[str, dict[str, str]] = defaultdict(dict)
    asked: dict[tuple[str, str], str] = {}
    right: dict[tuple[str, str], set[str]] = defaultdict(set)
    with gzip.open(DATA / "policyqa" / "dev.json.gz", "rt") as file:
        sites: list[dict[str, Any]] = json.load(file)["data"]
    for at, site in enumerate(sites):
        first: dict[str, str] = {}
        for paragraph in site["paragraphs"]:
            text = " ".join(paragraph["context"].split())
            # The same words twice are one page: a crawl would skip the second.
            id_ = first.setdefault(text, f"{at}/{paragraph['index']}")
            paragraphs[f"policy-{at}"][id_] = text
            for one in paragraph["qas"]:
                asked.setdefault((f"policy-{at}", one["question"]), one["id"])
                right[f"policy-{at}", one["question"]].add(id_)
    some = list(asked.items())[::every]
    return Policies(dict(paragraphs), {id_: (*one, frozenset(right[one])) for one, id_ in some})


def policy_pages(given: Policies) -> dict[str, list[Page]]:
    """Each site twice: a page for each paragraph, and all paragraphs on one page."""
    apart = {site: [Page(id_, text) for id_, text in own.items()] for site, own in given.paragraphs.items()}
    whole = {f"{site}-whole": [Page(site, "\n\n".join(own.values()))] for site, own in given.paragraphs.items()}
    return apart | whole


async def measure_policies(
    sites: dict[str, Site], given: Policies, elsewhere: Callable[[str], AbstractContextManager[None]]
) -> list[Figure]:
    """`elsewhere` puts in place, for one site, what was learned of privacy from others: the shipped map knows it."""
    tell("asking PolicyQA's questions")
    ours: dict[str, list[str]] = {}
    floor: dict[str, list[str]] = {}
    inside = []
    for site, paragraphs in given.paragraphs.items():
        own = {id_: (question, gold) for id_, (where, question, gold) in given.asked.items() if where == site}
        questions = {id_: question for id_, (question, _) in own.items()}
        with elsewhere(site):
            answers = await sites[site].ask(Asked(id_, question) for id_, question in questions.items())
            whole = await sites[f"{site}-whole"].ask(Asked(id_, one, (), site) for id_, one in questions.items())
        ours |= {id_: [one["page"] for one in answer["passages"]] for id_, answer in answers.items()}
        floor |= bm25(paragraphs, questions)
        for id_, (_, gold) in own.items():
            listed = whole[id_]["passages"][:5]
            inside.append(any(same(paragraphs[each], one["text"]) for each in gold for one in listed))
    return [
        figure("policyqa_hit5", hit(ours, given.gold, 5), "share",
               f"{len(ours)} questions, learned from other sites; beside: BM25",
               hit(floor, given.gold, 5)),
        figure("policyqa_hit1", hit(ours, given.gold, 1), "share", "beside: BM25", hit(floor, given.gold, 1)),
        figure("policyqa_in_page_top5", sum(inside) / len(inside), "share", "all paragraphs on one page, asked on it"),
    ]  # fmt: skip
