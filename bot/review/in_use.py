"""Which model answers: a new one takes its place only after it has played what was reviewed."""

from pathlib import Path

CASES = Path("data") / "review" / "cases.yml"
IN_USE = "model-in-use"
"""Names the model, in the home."""


def in_use(home: Path) -> Path | None:
    """The model that answers; None when none was taken into use, or it is gone."""
    file = home / IN_USE
    model = Path(file.read_text(encoding="utf-8").strip()) if file.is_file() else None
    return model if model is not None and model.is_file() else None


def is_in_use(home: Path, model: Path) -> bool:
    return in_use(home) == model.absolute()


def take_into_use(home: Path, model: Path) -> None:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = home / f".{IN_USE}"
    aside.write_text(f"{model.absolute()}\n", encoding="utf-8")
    aside.replace(home / IN_USE)
