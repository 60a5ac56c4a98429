"""Paraphrases of a FAQ's questions: does the entry that answers come first?

`question_2` of each positive pair of covid_faq is asked; right is an entry whose question is the pair's `question_1`.
"""

import csv
import html
from collections import defaultdict
from itertools import groupby

from pages.figures import Figure, figure, hit
from pages.peers import bm25
from pages.sites import DATA, Asked, Page, Site, tell


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
        self.questions = {f"pair-{at}": _one_line(one["question_1"]) for at, one in enumerate(pairs)}

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
    answers = await sites["faq"].ask(Asked(id_, question) for id_, question in faq.asked.items())
    ours = {id_: [one["page"] for one in answer["passages"]] for id_, answer in answers.items()}
    floor = bm25({id_: f"{one['question']} {one['answer']}" for id_, one in faq.entries.items()}, faq.asked)
    return [
        figure("faq_hit1", hit(ours, faq.gold, 1), "share",
               f"{len(faq.asked)} paraphrases, {len(faq.entries)} entries; beside: BM25", hit(floor, faq.gold, 1)),
        figure("faq_hit5", hit(ours, faq.gold, 5), "share", "beside: BM25", hit(floor, faq.gold, 5)),
    ]  # fmt: skip
