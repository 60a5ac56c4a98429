"""Run by the engine's Python: what the model MODEL makes of the texts in the JSON list of stdin, a line of JSON each.

As the product serves it: lean, with the patches, one message after the other.
"""

import asyncio
import json
import logging
import os
import sys
import time

sys.path.insert(0, os.getcwd())  # noqa: PTH109 (Rasa finds components in the folder it is started in)

from bot.engine import stubs

NOT_UNDERSTOOD = "nlu_fallback"


async def main(model: str) -> None:
    stubs.stand_in()
    from bot.engine import patches

    patches.apply()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # Else every message is printed, which `rasa run` does not do.
    configure_structlog(logging.WARNING)
    agent = Agent.load(model)
    for text in json.load(sys.stdin):
        began = time.process_time_ns()
        parsed = await agent.parse_message(text)
        spent = (time.process_time_ns() - began) / 1e6
        ranking = [one for one in parsed["intent_ranking"] if one["name"] != NOT_UNDERSTOOD]
        best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
        named = [[one["start"], one["end"], one["entity"]] for one in parsed["entities"]]
        print(json.dumps([best["name"], best["confidence"], spent, named]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
