"""What we change in Rasa 3.6.21 at start, each with what it costs otherwise. Only `bot.engine.lean` applies them."""


def apply() -> None:
    pass
