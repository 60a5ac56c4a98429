"""Topics and mood of many messages in a process of its own: `python -m listenings.heard NUMBER [stated]`.

`stated`: what they state too, whose clauses are read besides. Fewer than 100,000 are taken evenly from all of these.
Prints a line of JSON: CPU from the first message on, loading the models before it included, and memory at its largest.
"""

import json
import resource
import sys
import time
from collections import Counter
from itertools import batched
from pathlib import Path

from bot.engine.glossary import glossaries
from bot.pages.indexing.encoder import Encoder
from bot.understanding.listener import GLOSSARIES, Hearing
from bot.understanding.mood import Mood
from bot.understanding.topics import topics_of
from listenings.messages import messages

AT_ONCE, ALL = 512, 100_000
MODELS = Path(__file__).parents[2] / "models"


def heard(texts: list[str], *, stated: bool) -> dict[str, int]:
    """How many messages have a topic, a mood, and each kind of statement."""
    mood = Mood(Encoder(MODELS).gists, glossaries(GLOSSARIES))
    hearing = Hearing(mood)
    found: Counter[str] = Counter()
    for some in batched(texts, AT_ONCE):
        told = hearing.of_many(some) if stated else [(felt, ()) for felt, _ in mood.read_many(some)]
        for text, (felt, statements) in zip(some, told, strict=True):
            found.update({one.kind for one in statements})
            found.update({"topic": bool(topics_of(text)), "unhappy": felt < -0.2, "glad": felt > 0.2})
    return dict(found)


if __name__ == "__main__":
    whole = messages(ALL)
    texts = whole[:: ALL // int(sys.argv[1])]
    began = time.process_time()
    found = heard(texts, stated="stated" in sys.argv[2:])
    told = {"messages": len(texts), "cpu_s": time.process_time() - began}
    print(json.dumps(told | {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000, "found": found}))
