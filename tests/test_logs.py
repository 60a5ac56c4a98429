"""Log lines: one line each, and never the words of a visitor's error."""

import io
import logging

from bot.logs import OneLine


def logged(message: str, *, error: Exception | None = None) -> str:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(OneLine("%(levelname)s %(message)s"))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        if error is not None:
            raise error
        logger.warning(message)
    except Exception:
        logger.exception(message)
    return lines.getvalue()


def test_what_a_visitor_chose_can_not_forge_a_line_or_steer_a_terminal():
    told = logged("page https://shop.example/\r\nERROR all is lost\x1b[2J\u202eevil")

    assert told == "WARNING page https://shop.example/\\x0d\\x0aERROR all is lost\\x1b[2J\\x202eevil\n"


def test_an_error_is_told_by_its_type_and_place_not_by_its_words():
    told = logged("the turn failed", error=ValueError("my card is 4111 1111"))

    assert "4111" not in told
    assert told.startswith("ERROR the turn failed") and "ValueError at logged:" in told
    assert told.count("\n") == 1
