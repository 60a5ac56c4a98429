"""Recall on MTRAG's passages, each a page whose URL is its id, as a visitor asks: last turn and history, no rewrite."""

from collections.abc import Callable, Sequence

from pages.figures import Figure, figure, recall
from pages.mtrag import Given, Query
from pages.peers import Found, Questions, bm25, fts5, minilm, remembered, static_embeddings, texts_of
from pages.sites import Asked, Site, tell
from pages.weights import learned_elsewhere


async def measure(sites: dict[str, Site], given: dict[str, list[Given]], asked: Sequence[Query]) -> list[Figure]:
    gold = {one.id: one.gold for one in asked}
    last = {one.id: one.last for one in asked}
    rewrite = {one.id: one.rewrite for one in asked}
    tell("asking MTRAG's questions")
    ours, bare, rewritten = await _ours(
        sites,
        asked,
        lambda one: one.asked(),
        lambda one: one.asked(with_answers=False),
        lambda one: one.rewritten(),
    )
    tell("asking the peers")
    floor = _peer(given, asked, rewrite, bm25)
    figures = [
        figure("mtrag_r5", recall(ours, gold, 5), "share", "last turn and history, the bot's answers in it",
               recall(floor, gold, 5)),
        figure("mtrag_r10", recall(ours, gold, 10), "share", "beside: BM25 on the human rewrite",
               recall(floor, gold, 10)),
    ]  # fmt: skip
    for domain in sites:
        own = {one.id: one.gold for one in asked if one.domain == domain}
        figures += [
            figure(f"mtrag_{domain}_r{top}", recall(ours, own, top), "share", f"{len(own)} questions",
                   recall(floor, own, top))
            for top in (5, 10)
        ]  # fmt: skip
    # Without the other peers' packages their rows are left out, never guessed.
    rows = [
        ("mtrag_visitor_only", bare, "ours, history without the bot's answers"),
        ("mtrag_rewrite", rewritten, "ours, the human rewrite without history"),
        ("bm25", floor, "bm25s, the human rewrite"),
        ("bm25_last", _peer(given, asked, last, bm25), "bm25s, last turn"),
        ("fts5_last", _peer(given, asked, last, fts5), "SQLite FTS5, last turn"),
        ("fts5_rewrite", _peer(given, asked, rewrite, fts5), "SQLite FTS5, the human rewrite"),
        ("static_last", _peer(given, asked, last, static_embeddings), "wordllama, last turn"),
        ("static_rewrite", _peer(given, asked, rewrite, static_embeddings), "wordllama, the human rewrite"),
        ("minilm_last", await _minilm(sites, asked, last), "MiniLM alone, last turn"),
        ("minilm_rewrite", await _minilm(sites, asked, rewrite), "MiniLM alone, the human rewrite"),
    ]
    for name, found, told in rows:
        if found:
            figures += [figure(f"{name}_r{top}", recall(found, gold, top), "share", told) for top in (5, 10)]
    return figures


async def _ours(sites: dict[str, Site], asked: Sequence[Query], *ways: Callable[[Query], Asked]) -> list[Found]:
    """The pages listed for each question, for each way of asking it."""
    found: list[Found] = [{} for _ in ways]
    for domain, site in sites.items():
        own = [one for one in asked if one.domain == domain]
        with learned_elsewhere(domain):
            answered = await site.ask_each([[as_asked(one) for one in own] for as_asked in ways])
        for way, answers in enumerate(answered):
            for one, answer in zip(own, answers, strict=True):
                found[way][one.id] = [passage["page"] for passage in answer["passages"]]
    return found


def _peer(
    given: dict[str, list[Given]],
    asked: Sequence[Query],
    words: Questions,
    peer: Callable[[dict[str, str], Questions], Found | None],
) -> Found:
    found: Found = {}
    for domain, own in given.items():
        questions = {one.id: words[one.id] for one in asked if one.domain == domain}
        found |= remembered(peer, texts_of(own), questions)
    return found


async def _minilm(sites: dict[str, Site], asked: Sequence[Query], words: Questions) -> Found:
    found: Found = {}
    for domain, site in sites.items():
        own = {one.id: words[one.id] for one in asked if one.domain == domain}
        found |= minilm(await site.index(), own)
    return found
