"""A company teaches its bot a topic of its own: examples, a rule and a response in YAML, as the docs say it."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from bot.engine.training import train_if_changed
from tests.engine.test_understanding import run
from tests.engine_fixture import PROJECT

ASK = """
import asyncio, json, sys
sys.path.insert(0, ".")
from rasa.core.agent import Agent

async def main():
    agent = Agent.load(sys.argv[1])
    print("\\n" + json.dumps([await agent.handle_text(text, sender_id=text) for text in json.load(sys.stdin)]))

asyncio.run(main())
"""


def blocks_of_the_docs() -> list[str]:
    text = (PROJECT / "docs" / "teaching.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def a_company(folder: Path) -> Path:
    """The shipped recipe, manners and yes and no, without what needs the house; then the three blocks of the docs."""
    for name in ("bot", ".venv-engine"):
        (folder / name).symlink_to(PROJECT / name)
    (folder / ".rasa").mkdir()
    (folder / ".rasa" / "minilm").symlink_to(PROJECT / ".rasa" / "minilm")
    (folder / "config.yml").write_text((PROJECT / "config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for part in ("nlu", "rules"):
        (folder / "data" / part).mkdir(parents=True)
    taught = ("manners", "yes_and_no", "pages_places")
    for name in taught:
        (folder / "data" / "nlu" / f"{name}.yml").symlink_to(PROJECT / "data" / "nlu" / f"{name}.yml")
    intents = {
        block["intent"]
        for name in taught
        for block in yaml.safe_load((PROJECT / "data" / "nlu" / f"{name}.yml").read_text(encoding="utf-8"))["nlu"]
    }
    topic, addition = blocks_of_the_docs()[:2]
    (folder / "data" / "nlu" / "parking.yml").write_text(topic, encoding="utf-8")
    (folder / "data" / "domain").mkdir()
    (folder / "data" / "domain" / "parking.yml").write_text(addition, encoding="utf-8")
    domain: dict[str, Any] = {"intents": sorted(intents)}
    domain["slots"] = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["slots"]["language"]
    domain["slots"] = {"language": domain["slots"]}
    (folder / "domain.yml").write_text(yaml.safe_dump(domain, allow_unicode=True), encoding="utf-8")
    return folder


async def test_a_topic_of_ones_own_is_answered_without_a_line_of_python(tmp_path: Path) -> None:
    project = a_company(tmp_path)

    model = await train_if_changed(project, project / "models", on_line=lambda _: None)
    said = await run(project, "-c", ASK, str(model), given=json.dumps(["can a neighbour use my resident permit?"]))

    ((answer,),) = json.loads(said.splitlines()[-1])
    assert answer["text"].startswith("A parking permit for residents costs 30 euros a year.")
