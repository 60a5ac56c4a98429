"""bm25s without SciPy, which it would import with itself: a fifth of the gateway's start, for what it does by NumPy."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _as_if_missing(name: str) -> Iterator[None]:
    """While imports run. Whoever imports it later gets it; who has it already keeps it."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


with _as_if_missing("scipy"):
    import bm25s  # type: ignore[import-untyped]
    from bm25s import stopwords

__all__ = ["bm25s", "stopwords"]
