"""spaCy without its command line, which it imports with itself: a third of its start, for a command that nobody gives.

What the command line brings (typer, requests, httpx, weasel) nothing that reads a text needs. Nor does spaCy ask all
other packages whether they have parts for it: our model has its own, and each of two hundred questions takes as long.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from types import ModuleType
from typing import Any

_COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


def imported() -> Any:
    """The module `spacy`. Whoever imports `spacy.cli` later gets the real one."""
    if "spacy" not in sys.modules and not any(name in sys.modules for name in _COMMAND_LINE):
        for name in _COMMAND_LINE:
            sys.modules[name] = _stand_in(name)
        try:
            import spacy
        finally:
            for name in _COMMAND_LINE:
                del sys.modules[name]
        return spacy
    import spacy

    return spacy


@contextmanager
def no_parts_of_others() -> Iterator[None]:
    """While spaCy loads a model that needs none."""
    import catalogue  # type: ignore[import-untyped]

    known = catalogue.AVAILABLE_ENTRY_POINTS
    catalogue.AVAILABLE_ENTRY_POINTS = metadata.EntryPoints(())
    try:
        yield
    finally:
        catalogue.AVAILABLE_ENTRY_POINTS = known


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    # As a package, so that what is below it can be imported; spaCy takes `info` from there, for `python -m spacy`.
    module.__path__ = []
    module.__dict__["info"] = None
    return module
