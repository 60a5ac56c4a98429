"""The model that answers: trained when what it learns from has changed, used when it breaks nothing reviewed."""

import asyncio
import json
import sys
from pathlib import Path

from bot.engine.training import name_of, train_if_changed
from bot.project import ROOT
from bot.review.in_use import CASES, in_use, take_into_use
from bot.settings import Settings
from bot.terminal import say, step


async def model_to_use(settings: Settings, trained: Path) -> Path:
    """The one that was trained, or the one before when it breaks what was reviewed."""
    if not (ROOT / CASES).is_file():
        take_into_use(settings.home, trained)
        return trained
    # Imported here: it needs the actions, and most copies have nothing to play.
    from bot import rehearsal

    with step("Playing what was reviewed, if the bot is new"):
        return await rehearsal.model_to_use(ROOT, trained, settings.home, say=say)


async def ready_model(settings: Settings) -> Path:
    """The model to answer with, trained first when that is due; minutes at the first start, else some milliseconds."""
    with step("Training the bot, if what it learns from has changed") as detail:
        trained = await train_if_changed(ROOT, settings.home / "models", on_line=detail)
    return await model_to_use(settings, trained)


async def train(settings: Settings, *, force: bool = False, as_json: bool = False) -> int:
    """Trains the bot when what it learns from has changed; tells where the model is, and what is confusable.

    1 when the new model breaks what was reviewed, so that the one before stays in use.
    """
    models = settings.home / "models"
    if force:
        _forget(models, settings.home)
    with step("Training the bot") as detail:
        trained = await train_if_changed(ROOT, models, on_line=detail)
    model = await model_to_use(settings, trained)
    # Imported here: `up` starts sooner without it.
    from bot.engine.doubts import doubts_of

    with step("Looking for what is confusable"):
        doubts = await asyncio.to_thread(doubts_of, ROOT)
    told = json.dumps({"model": str(model), **doubts.as_json()}) if as_json else "\n".join(doubts.in_words())
    sys.stdout.write(f"{told}\n" if as_json else f"{model}\n{told}\n")
    return 0 if model.samefile(trained) else 1


def _forget(models: Path, home: Path) -> None:
    """So that the bot is trained anew; the model in use stays until another takes its place."""
    kept = in_use(home)
    for model in models.glob("*.tar.gz"):
        if model.absolute() != kept or model.name == name_of(ROOT):
            model.unlink()
