"""Python's collector of garbage, at rest while a process starts.

Nothing of what is imported and loaded then will be thrown away, and looking through all of it again and again is a
fifth of a start. Switched off it would not stay so: spaCy's reader of files switches it on after each.
"""

import gc

_USUAL = gc.get_threshold()


def rest() -> None:
    gc.set_threshold(0)


def wake(*, all_is_loaded: bool = False) -> None:
    """From now on it works as ever; what `all_is_loaded` has found is never looked through again."""
    if all_is_loaded:
        gc.freeze()
    gc.set_threshold(*_USUAL)
