"""Imports without what they would bring along and nobody needs here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_if_missing(name: str) -> Iterator[None]:
    """While imports run. Whoever imports `name` later gets it; who has it already keeps it."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
