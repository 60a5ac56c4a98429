"""Keeps the numbers' libraries to one core: two threads on a busy machine wait for each other, at thrice the CPU."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def one_core(*modules: str) -> Iterator[None]:
    """These modules are loaded first: only of a library that is there can the threads be told."""
    for name in modules:
        import_module(name)
    from threadpoolctl import threadpool_limits  # type: ignore[import-not-found,import-untyped,unused-ignore]

    with threadpool_limits(1):
        yield
