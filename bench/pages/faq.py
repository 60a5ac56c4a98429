"""Paraphrases of a FAQ's questions: does the entry that answers come first?

`question_2` of each positive pair of covid_faq is asked; right is an entry whose question is the pair's `question_1`.
"""

import csv
import html
from collections import defaultdict
from itertools import groupby

import bm25s

from pages.figures import Figure, figure, hit
from pages.inside import same
from pages.peers import bm25
from pages.sites import DATA, Asked, Page, Site, tell

PUBLISHED_HIT1, PUBLISHED_HIT5 = 0.513, 0.701
"""The floor measured with the set; this one differs by two questions of 244 at most."""


class Faq:
    def __init__(self) -> None:
        with (DATA / "covid_faq" / "faq_covidbert.csv").open(newline="") as rows:
            entries = list(csv.DictReader(rows))
        with (DATA / "covid_faq" / "eval_question_similarity_en.csv").open(newline="") as rows:
            pairs = [one for one in csv.DictReader(rows) if one["similar"].strip() == "1"]
        self.entries = {f"faq-{at}": one for at, one in enumerate(entries)}
        by_question = defaultdict(set)
        for id_, one in self.entries.items():
            by_question[_one_line(one["question"])].add(id_)
        self.asked = {f"pair-{at}": one["question_2"] for at, one in enumerate(pairs)}
        self.gold = {f"pair-{at}": frozenset(by_question[_one_line(one["question_1"])]) for at, one in enumerate(pairs)}

    def sites(self) -> dict[str, list[Page]]:
        """Once each entry as a page under its question, once the publishers' pages with a heading for each entry."""
        apart = [Page(id_, one["answer"], _one_line(one["question"])) for id_, one in self.entries.items()]
        ordered = sorted(self.entries.values(), key=lambda one: one["link"])
        pages = []
        for link, entries in groupby(ordered, key=lambda one: one["link"].strip()):
            parts = [f"<h2>{html.escape(one['question'])}</h2>{one['answer_html']}" for one in entries]
            pages.append(Page(link or "unknown", html=f"<title>FAQ</title><main>{''.join(parts)}</main>"))
        return {"faq": apart, "faq-pages": pages}


def _one_line(text: str) -> str:
    return " ".join(text.split())


async def measure(sites: dict[str, Site], faq: Faq) -> list[Figure]:
    tell("asking the FAQ's paraphrases")
    asked = [Asked(id_, question) for id_, question in faq.asked.items()]
    ours = {id_: [one["page"] for one in answer["passages"]] for id_, answer in (await sites["faq"].ask(asked)).items()}
    on_pages = await sites["faq-pages"].ask(asked)
    first = [_is_of(faq, id_, answer["passages"][:1]) for id_, answer in on_pages.items()]
    alone = {id_: _one_line(one["question"]) for id_, one in faq.entries.items()}
    both = {id_: f"{one['question']} {one['answer']}" for id_, one in faq.entries.items()}
    floor, with_answers, bare = bm25(alone, faq.asked), bm25(both, faq.asked), bm25(alone, faq.asked, words=_bare_words)
    told = f"{len(faq.asked)} paraphrases, {len(faq.entries)} entries; beside: BM25 of the questions"
    return [
        figure("faq_hit1", hit(ours, faq.gold, 1), "share", told, hit(floor, faq.gold, 1)),
        figure("faq_hit5", hit(ours, faq.gold, 5), "share", "beside: BM25 of the questions", hit(floor, faq.gold, 5)),
        figure("faq_on_pages_hit1", sum(first) / len(first), "share", "a heading each on the publishers' own pages"),
        figure("faq_bm25_answers_hit1", hit(with_answers, faq.gold, 1), "share", "BM25 of questions with answers"),
        figure("faq_bm25_bare_hit1", hit(bare, faq.gold, 1), "share", "BM25 of questions, words unstemmed",
               PUBLISHED_HIT1),
        figure("faq_bm25_bare_hit5", hit(bare, faq.gold, 5), "share", "beside: published", PUBLISHED_HIT5),
    ]  # fmt: skip


def _is_of(faq: Faq, id_: str, listed: list[dict[str, str]]) -> bool:
    return any(same(faq.entries[entry]["answer"], one["text"]) for entry in faq.gold[id_] for one in listed)


def _bare_words(text: str) -> list[str]:
    return list(bm25s.tokenize([text], stopwords="en", show_progress=False, return_ids=False)[0])
