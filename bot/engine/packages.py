"""The four things that Rasa and its scheduler ask of `pkg_resources` while they serve.

The real one reads about every package that is installed before it answers: a tenth of the engine's start.
"""

import importlib
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.metadata import PackageNotFoundError as DistributionNotFound
from pathlib import Path

__all__ = ["DistributionNotFound", "get_distribution", "iter_entry_points", "resource_filename"]


def stand_in() -> None:
    sys.modules.setdefault("pkg_resources", sys.modules[__name__])


def get_distribution(name: str) -> metadata.Distribution:
    return metadata.distribution(name)


def iter_entry_points(group: str, name: str | None = None) -> Iterator[metadata.EntryPoint]:
    """Those of the package that the group is named after: APScheduler's triggers are its own."""
    for one in metadata.distribution(group.partition(".")[0]).entry_points:
        if one.group == group and name in (None, one.name):
            yield one


def resource_filename(module: str, path: str) -> str:
    """The file at `path` beside the module, or in the package."""
    beside = importlib.import_module(module).__file__
    assert beside is not None
    return str(Path(beside).parent / path)
