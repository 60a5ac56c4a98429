"""Where the engine is now. The supervisor writes it to a file whenever it changes; the gateway looks."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

FILE = "engine.json"
ACTIONS_PORT = "DUOLOGUE_ENGINE_ACTIONS_PORT"
ACTIONS_SECRET = "DUOLOGUE_ENGINE_SECRET"  # noqa: S105 - the name of a variable
"""How the supervisor tells the gateway where to host the actions, and what the engine has to show there."""


@dataclass(frozen=True)
class EngineAddress:
    """Where the engine is, whether a turn sent there would be answered, and which bot would answer it."""

    url: str
    secret: str = field(repr=False)
    state: Literal["starting", "ready", "down"]
    bot: str = ""
    """The version: of all that its model is made of. Empty where it is not known."""


UNKNOWN = EngineAddress("", "", "starting")


def publish(run: Path, address: EngineAddress) -> None:
    """Whole or not at all, and for our eyes only: it holds the secret of this start."""
    whole = run / (FILE + ".new")
    whole.touch(mode=0o600)
    whole.write_text(json.dumps(asdict(address)), encoding="utf-8")
    whole.replace(run / FILE)
