"""Homes that share what is slow to make: the engine's models and the encoder's, once for a whole test run."""

from pathlib import Path

PROJECT = Path(__file__).parents[1]
MODELS = PROJECT / "models"


def home_in(folder: Path) -> Path:
    """A new home below the folder."""
    home = folder / "home"
    home.mkdir(parents=True)
    MODELS.mkdir(exist_ok=True)
    (home / "models").symlink_to(MODELS, target_is_directory=True)
    return home
