"""Listens to every message, whoever answers it: who and what is named, the mood, what visitors say of themselves."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from bot.engine.glossary import glossaries
from bot.interactions import Entity, Statement, Understanding
from bot.project import ROOT
from bot.understanding.facts import facts_said
from bot.understanding.figures import in_figures
from bot.understanding.gazetteer import NO_NAMES, Gazetteer
from bot.understanding.mood import Encode, Mood, Numbers
from bot.understanding.named import Named
from bot.understanding.names_model import names_model
from bot.understanding.statements import CLAUSE_LENGTH, by_intent, clauses_of, statements_of
from bot.understanding.stating import Heard, Stating
from bot.understanding.topics import topics_of

GLOSSARIES = ROOT / "data" / "glossary"
"""What other languages say, in English words; those that the engine reads its messages by."""
READ_LENGTH = 1_000
"""Characters read at all."""
MODEL_LENGTH = 500
"""Characters read by the model, which is most of the work. What people say of themselves comes early."""
FIGURES = "tomorrow, 5 euros, +44 20 7946 0958, mail@shop.example"
"""One of each that a library reads."""
CLAUSES_READ = 4
"""Of a message of several, those whose meaning is read, each a millisecond or two; of the others the words count."""
ASKED_AGAIN = 8
"""Sentences more that the model is asked about in one message, each three milliseconds' work."""

KINDS = {
    "PERSON": Named.PERSON,
    "ORG": Named.COMPANY,
    "GPE": Named.PLACE,
    "LOC": Named.PLACE,
    "FAC": Named.PLACE,
}
OTHER_KINDS = {
    "NORP": "group",
    "DATE": "date",
    "TIME": "time",
    "MONEY": "money",
    "PRODUCT": "product",
    "QUANTITY": "quantity",
}


class Listener:
    """The models are loaded at the first message, or by `warm_up`, and live on one thread of their own.

    `encoder`, called there once, gives what the mood reads meanings by; without one the mood goes by words alone.
    """

    def __init__(self, encoder: Callable[[], Encode] | None = None) -> None:
        self._encoder = encoder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="understanding")
        self._ear: _Ear | None = None

    async def warm_up(self) -> None:
        """Loads the model; a ConfigurationError says how to install a missing one."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._loaded)

    async def warm_up_days(self) -> None:
        """Loads what reads days, numbers and addresses: a fifth of a second, for the few messages that name one."""
        await asyncio.get_running_loop().run_in_executor(self._thread, in_figures, FIGURES)

    async def listen(self, text: str, names: Gazetteer = NO_NAMES) -> Understanding:
        """What the text says besides what it wants: no intent, but entities, sentiment, facts, topics and statements.

        `names` are those on the site's own pages.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._listen, text, names)

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def _listen(self, text: str, names: Gazetteer) -> Understanding:
        return self._loaded().listen(text, names)

    def _loaded(self) -> "_Ear":
        if self._ear is None:
            self._ear = _Ear(Mood(self._encoder() if self._encoder else None, glossaries(GLOSSARIES)))
        return self._ear


class Hearing:
    """The mood of messages, and what they state: what reports of many of them are made of."""

    def __init__(self, mood: Mood, stating: Stating | None = None) -> None:
        self._mood, self._stating = mood, stating or Stating()

    def felt_and_stated(self, text: str) -> tuple[float, tuple[Statement, ...]]:
        """The mood of a message, and what it states; no character is read beyond READ_LENGTH."""
        return self.of_many([text])[0]

    def of_many(self, texts: Sequence[str]) -> list[tuple[float, tuple[Statement, ...]]]:
        """The same of each, in less time than one by one."""
        clauses = list(dict.fromkeys(clause for text in texts for clause in _to_be_read(text)))
        # In one go: each call of the model brings the weights in once, a third of what a short text costs.
        read = self._mood.read_many([*clauses, *texts])
        chances = self._chances([parts for _, parts in read])
        # What a row is made of begins with the compound.
        known = {
            clause: Heard(float(parts[0]), chance)
            for clause, (_, parts), chance in zip(clauses, read, chances, strict=False)
            if parts is not None
        }
        wholes = zip(texts, read[len(clauses) :], chances[len(clauses) :], strict=True)
        return [(felt, self._stated(text, Heard(felt, chance), known)) for text, (felt, _), chance in wholes]

    def _stated(self, text: str, whole: Heard, known: Mapping[str, Heard]) -> tuple[Statement, ...]:
        """An only clause was read as the whole; of several the first are read, of the others the words count."""

        def feel(clauses: Sequence[str]) -> list[Heard]:
            if _is_one(text, clauses):
                return [whole]
            first = [known.get(one) for one in clauses[:CLAUSES_READ]]
            rest = [None] * (len(clauses) - len(first))
            return [
                heard or Heard(self._mood.by_lexicon(one), None)
                for one, heard in zip(clauses, [*first, *rest], strict=True)
            ]

        return statements_of(_head(text), feel)

    def _chances(self, rows: Sequence[Numbers | None]) -> list[dict[str, float] | None]:
        """Of each row what it may state; None where no meaning was read."""
        known = [one for one in rows if one is not None]
        chances = iter(self._stating.chances(np.vstack(known)) if known else ())
        return [None if row is None else next(chances) for row in rows]


class _Ear(Hearing):
    def __init__(self, mood: Mood) -> None:
        super().__init__(mood)
        self._model = names_model()

    def listen(self, text: str, names: Gazetteer = NO_NAMES) -> Understanding:
        head = _head(text)
        # The mood first: the encoder is free then, and needed by the answer from the pages a moment later.
        felt, stated = self.felt_and_stated(text)
        opening = head[:MODEL_LENGTH]
        entities = tuple(self._entities(opening))
        asked: dict[str, Sequence[Entity]] = {opening: entities}
        of_site = names.find(head)
        surest = [*in_figures(head), *(one for one in of_site if one.kind == "product")]

        def knows(sentence: str, name: str) -> Named | None:
            if sentence not in asked:
                asked[sentence] = self._entities(sentence) if len(asked) <= ASKED_AGAIN else ()
            seen = asked[sentence]
            return next((_named(entity) for entity in seen if name in entity.text or entity.text in name), None)

        return Understanding(
            intent=None,
            confidence=0.0,
            entities=_in_order([*surest, *entities]),
            sentiment=felt,
            facts=facts_said(opening, knows),
            topics=tuple(dict.fromkeys((*topics_of(head), *(one.value for one in of_site)))),
            statements=stated,
        )

    def _entities(self, text: str) -> list[Entity]:
        return [
            Entity(str(kind), found.text, found.text, found.start_char, found.end_char)
            for found in self._model(text).ents
            if (kind := KINDS.get(found.label_) or OTHER_KINDS.get(found.label_)) is not None
        ]


def _is_one(text: str, clauses: Sequence[str]) -> bool:
    return len(clauses) == 1 and len(text) <= CLAUSE_LENGTH


def _to_be_read(text: str) -> list[str]:
    """The clauses that are read beside the whole message."""
    clauses = clauses_of(_head(text))
    return [] if _is_one(text, clauses) else clauses[:CLAUSES_READ]


def _head(text: str) -> str:
    # Half a surrogate pair is no letter: the model refuses it. Same length, so that places in the text stay.
    return text[:READ_LENGTH].encode("utf-8", "replace").decode()


def _in_order(found: Sequence[Entity]) -> tuple[Entity, ...]:
    """Where two overlap the first counts; then as they stand in the text."""
    kept: list[Entity] = []
    for one in found:
        if not any(one.start < known.end and known.start < one.end for known in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def _named(entity: Entity) -> Named:
    return Named(entity.kind) if entity.kind in set(Named) else Named.OTHER


def combine(engine: Understanding | None, listened: Understanding, text: str = "") -> Understanding:
    """One understanding of both: the engine's intent and names, and what we heard beside them in `text`."""
    if engine is None:
        return listened
    heard = [
        entity
        for entity in listened.entities
        if not any(entity.start < known.end and known.start < entity.end for known in engine.entities)
    ]
    return replace(
        engine,
        entities=(*engine.entities, *heard),
        sentiment=listened.sentiment if engine.sentiment is None else engine.sentiment,
        topics=listened.topics,
        statements=by_intent(text, engine.intent, listened.statements),
        facts=tuple(dict.fromkeys((*engine.facts, *listened.facts))),
    )
