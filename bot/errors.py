"""The few ways in which Duologue refuses or fails, each with a sentence for the person who reads it."""


class DuologueError(Exception):
    """Something failed; the text says what, with which value, and what to do next."""

    exit_code = 1


class ConfigurationError(DuologueError):
    """A setting or an argument is wrong; nothing was started."""

    exit_code = 2


class NotReachable(DuologueError):
    """Something outside did not answer: a web page, a database, the engine."""

    exit_code = 3


class EngineUnavailable(NotReachable):
    """The engine gave no usable answer to this turn; the turn stays open and is tried again."""


class StoreUnavailable(NotReachable):
    """The store could not take or give something now; nothing was acknowledged."""
