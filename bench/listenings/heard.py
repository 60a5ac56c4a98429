"""Topics, mood and statements of many messages in a process of its own: `python -m listenings.heard NUMBER`.

Prints a line of JSON: CPU from the first message on, loading the models before it included, and memory at its largest.
"""

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from bot.engine.glossary import glossaries
from bot.pages.indexing.encoder import Encoder
from bot.understanding.listener import GLOSSARIES, Hearing
from bot.understanding.mood import Mood
from bot.understanding.topics import topics_of
from listenings.messages import messages

MODELS = Path(__file__).parents[2] / "models"


def heard(texts: list[str]) -> dict[str, int]:
    """How many messages have a topic, a mood, and each kind of statement."""
    hearing = Hearing(Mood(Encoder(MODELS).encode, glossaries(GLOSSARIES)))
    found: Counter[str] = Counter()
    for text in texts:
        felt, stated = hearing.felt_and_stated(text, text)
        found.update({one.kind for one in stated})
        found.update({"topic": bool(topics_of(text)), "unhappy": felt < -0.2, "glad": felt > 0.2})
    return dict(found)


if __name__ == "__main__":
    texts = messages(int(sys.argv[1]))
    began = time.process_time()
    found = heard(texts)
    told = {"messages": len(texts), "cpu_s": time.process_time() - began}
    print(json.dumps(told | {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000, "found": found}))
