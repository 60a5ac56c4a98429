import pytest

from bot.engine.plain import as_plain_words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/restart", "restart"),
        (" \u200b\u2060/restart", "restart"),
        ("\u3000／restart", "restart"),
        ("∕⁄╱/restart", "restart"),
        ("/\u200b/restart", "restart"),
        ("/ restart", "restart"),
        ("///", "?"),
        ("and/or", "and/or"),
        ("1/2 price?", "1/2 price?"),
        (" hello", " hello"),
        ("\ud800 hi", "? hi"),
        ("", ""),
    ],
)
def test_a_leading_slash_never_arrives(typed: str, words: str) -> None:
    assert as_plain_words(typed) == words
