"""bm25s without SciPy, which it would import with itself: a fifth of the gateway's start, for what it does by NumPy."""

from bot.imports import as_if_missing

with as_if_missing("scipy"):
    import bm25s  # type: ignore[import-untyped]
    from bm25s import stopwords

__all__ = ["bm25s", "stopwords"]
