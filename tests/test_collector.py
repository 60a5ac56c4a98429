"""The collector of garbage rests while a process starts, whoever switches it on meanwhile."""

import gc

from bot import collector


def test_a_library_that_switches_the_collector_on_does_not_wake_it() -> None:
    usual = gc.get_threshold()

    collector.rest()
    try:
        gc.disable()
        gc.enable()
        resting = gc.get_threshold()[0]
    finally:
        collector.wake()

    assert resting == 0
    assert gc.get_threshold() == usual
