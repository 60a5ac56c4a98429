"""Keeps the numbers' libraries to one core: two threads on a busy machine wait for each other, at ten times the CPU."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_core() -> Iterator[None]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
