"""Answers from pages, beside what else finds them: `.venv/bin/python bench/pages.py [--quick] [--json]`.

MTRAG (IBM; three domains, 37,191 pooled passages, each a page whose URL is its id; recall over the first passages as
they are listed), its documents as one page each (those with gold passages and every fourth other), the FAQs of
covid_faq, PolicyQA's dev part, 181 real pages. Passages are understood once, in some twenty minutes; they stay in
`.bench-cache/pages/`.

`--quick` takes the domain `cloud` only (all of its passages and 188 questions), of its documents those with gold
passages and every tenth other, every fourth question off topic, every eighth of PolicyQA's, indexes every third of the
real pages, measures each question once, and leaves the growth to 200,000 pages out.

Each domain of MTRAG is judged by weights and a sureness that were fitted on the other two (bench/pages/weights.py);
`--fit` fits them, and what is shipped, anew.
"""

import argparse
import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict

# As the command itself does, before numpy is imported: a second thread for small matrices only burns CPU.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from pages import cost, extraction, faq, inside, mtrag, privacy, refusal, retrieval, shop, weights
from pages.figures import Figure
from pages.sites import DATA, Site, home_of


async def measure(*, quick: bool, only: frozenset[str]) -> list[Figure]:
    domains = mtrag.DOMAINS[:1] if quick else mtrag.DOMAINS
    given = {domain: mtrag.passages(domain) for domain in domains}
    everywhere = mtrag.queries()
    asked = [one for one in everywhere if one.domain in domains]
    figures: list[Figure] = []
    async with AsyncExitStack() as homes:
        sites: dict[str, Site] = {}
        if only & {"retrieval", "refusal", "cost"}:
            for domain, own in given.items():
                sites |= await homes.enter_async_context(home_of(domain, {domain: [one.page() for one in own]}))
        if "retrieval" in only:
            figures += await retrieval.measure(sites, given, asked)
        if "inside" in only:
            documents: dict[str, Site] = {}
            for domain, pages in inside.document_sites(given, asked, 10 if quick else 4).items():
                name = f"{domain}-documents{'-quick' if quick else ''}"
                documents |= await homes.enter_async_context(home_of(name, {domain: pages}))
            figures += await inside.measure_documents(documents, given, asked)
        if "faq" in only:
            frequent = faq.Faq()
            figures += await faq.measure(await homes.enter_async_context(home_of("faq", frequent.sites())), frequent)
        if "policies" in only:
            policies = inside.policies(8 if quick else 1)
            places = await homes.enter_async_context(home_of("policies", inside.policy_pages(policies)))
            figures += await inside.measure_policies(places, policies, privacy.learned_elsewhere)
        if "refusal" in only:
            figures += await refusal.measure(sites, everywhere, mtrag.labelled(), 4 if quick else 1)
        if "shop" in only:
            figures += await shop.measure(
                (await homes.enter_async_context(home_of("shop", {"shop": shop.pages()})))["shop"]
            )
        if "extraction" in only:
            figures += await extraction.measure(3 if quick else 1)
        if "cost" in only:
            figures += await cost.measure(sites["cloud"], quick=quick)
    return figures


PARTS = ("retrieval", "inside", "faq", "policies", "refusal", "shop", "extraction", "cost")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    options.add_argument("--only", metavar="PART", choices=PARTS, action="append", help=", ".join(PARTS))
    options.add_argument("--fit", action="store_true", help="what the ranking weighs, and how sure it is of what")
    options.add_argument("--fit-privacy", action="store_true", help="what leads from questions to privacy pages")
    given = options.parse_args()
    for folder in ("mtrag", "article_extraction_benchmark", "covid_faq", "policyqa"):
        if not (DATA / folder).is_dir():
            print(f"There is no {DATA / folder}; set DUOLOGUE_DATA to the folder that holds it.", file=sys.stderr)
            return 2
    if given.fit_privacy:
        privacy.fit()
        return 0
    if given.fit:
        asyncio.run(weights.fit_shipped())
        return 0
    for one in asyncio.run(measure(quick=given.quick, only=frozenset(given.only or PARTS))):
        if given.json:
            print(json.dumps({key: value for key, value in asdict(one).items() if key != "told"}))
        else:
            beside = "" if one.against is None else f"{one.against:9.3f} {one.ratio or 0:7.3f}"
            print(f"{one.name:28} {one.value:9.3f} {one.unit:6} {beside:17} {one.verdict:11} {one.told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
