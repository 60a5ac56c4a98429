"""A site of another kind: what visitors type into the demonstration shop, with weights that know nothing of it."""

import re

from bot.pages.crawling.files import pages_of_folder
from bot.pages.crawling.report import RawPage
from pages.figures import Figure, figure
from pages.sites import PROJECT, Asked, Page, Site, tell

FOLDER = PROJECT / "data" / "site"
QUESTIONS = PROJECT / "tests" / "pages" / "answering" / "shop_questions.tsv"


def pages() -> list[Page]:
    given = pages_of_folder(FOLDER, base="https://shop.example")
    return [Page(one.url, html=one.html) for one in given if isinstance(one, RawPage)]


async def measure(site: Site) -> list[Figure]:
    tell("asking the shop's questions")
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    right = dict(line.split("\t") for line in lines if not line.startswith("#"))
    answers = await site.ask(Asked(question, question) for question in right)
    here = {question: words for question, words in right.items() if words != "-"}
    said = {question: answer["text"] for question, answer in answers.items() if answer["answered"]}
    good = sum(bool(re.search(words, said.get(question, ""))) for question, words in here.items())
    asked_in_vain = len(right) - len(here)
    return [
        figure("shop_right", good / len(here), "share", f"of {len(here)} questions that the shop's pages answer"),
        figure("shop_wrong", sum(one in said for one in here) / len(here) - good / len(here), "share",
               "of the same, answered with other words"),
        figure("shop_refused", sum(one not in said for one in right if one not in here) / asked_in_vain, "share",
               f"of {asked_in_vain} that they do not answer"),
    ]  # fmt: skip
