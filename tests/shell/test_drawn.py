"""What a terminal shows: everything that a visitor's browser would, and nothing that moves its cursor."""

from typing import Any

from bot.shell import drawn

REPLY: dict[str, Any] = {"from": "bot", "text": "Yes.", "sources": [], "buttons": [], "cards": []}


def test_a_reply_has_its_words_its_products_and_its_pages():
    card = {"title": "Ridge Hat", "price": "€39.00", "url": "https://shop.example/hat.html"}
    source = {"url": "https://shop.example/faq.html#:~:text=Yes", "title": "Questions", "quote": "Yes"}

    lines = list(drawn.message(REPLY | {"text": "Yes.\nIt does.", "cards": [card], "sources": [source]}))

    assert lines == [
        "bot   Yes.",
        "      It does.",
        "      Ridge Hat · €39.00",
        "      ↳ Questions: https://shop.example/faq.html",
    ]


def test_the_page_of_a_pdf_stays_in_its_address():
    source = {"url": "https://shop.example/a.pdf#page=2", "title": "", "quote": ""}

    assert list(drawn.message(REPLY | {"sources": [source]}))[-1] == "      ↳ A page: https://shop.example/a.pdf#page=2"


def test_a_member_of_staff_is_named():
    assert list(drawn.message(REPLY | {"from": "staff", "name": "Dana", "text": "Hi"})) == ["Dana  Hi"]


def test_no_words_move_the_cursor_of_a_terminal():
    (line,) = drawn.message(REPLY | {"text": "a\x1b[2Jb\u202ec"})

    assert line == "bot   a[2Jbc"


def test_who_has_the_chat_is_told():
    assert drawn.owner({"owner": "staff", "name": "Dana"}) == "Dana has this chat now; the bot is silent."
    assert drawn.owner({"owner": "nobody", "wait_s": 60}) == "A person is asked for, and likely here in 60 s."
    assert drawn.owner({"owner": "nobody", "wait_s": None}) == "A person is asked for."
    assert drawn.owner({"owner": "bot"}) == "The bot has this chat now."
