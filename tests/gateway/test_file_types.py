"""What a file is, told by its bytes; what it is called, whatever it was called."""

import pytest

from bot.gateway.file_names import LONGEST, as_attachment, clean_name
from bot.gateway.file_types import JPEG, PDF, PNG, TEXT, WEBP, FileType, PlainText, contradicts, type_of

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("head", "type"),
    [
        (PNG_HEAD + b"rest", PNG),
        (b"\xff\xd8\xff\xe0rest", JPEG),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", WEBP),
        (b"%PDF-1.7\n", PDF),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", TEXT),
        (b"GIF89a", TEXT),
        (b" %PDF-1.7", TEXT),
        (PNG_HEAD[:7], TEXT),
        (b"", TEXT),
    ],
)
def test_the_first_bytes_tell_the_type(head: bytes, type: FileType):
    assert type_of(head) is type


@pytest.mark.parametrize(
    "text", [b"Hello", b"a\tb\r\n\x0cc", "Grüße 👋🏽".encode(), b"\xef\xbb\xbfwith a mark", b"   ", b"1 < 2", b"x" * 9]
)
def test_plain_text_is_text_however_it_is_cut(text: bytes):
    for cut in range(len(text) + 1):
        reader = PlainText()

        assert reader.takes(text[:cut], last=False) and reader.takes(text[cut:], last=True)


@pytest.mark.parametrize(
    "other",
    [
        b"<html>", b"<!doctype html>", b"<svg onload=alert(1)>", b"<?xml version='1.0'?>", b" \n\t<script>",
        b"\xef\xbb\xbf<html>", "\u200b\ufeff <html>".encode(), "\u00a0<svg>".encode(),
        "hello".encode("utf-16"), "hello".encode("utf-16-le"), "hello".encode("utf-32"), "Grüße".encode("latin-1"),
        b"PK\x03\x04zip", b"MZ\x90\x00", b"\x7fELF", b"\x1f\x8b", b"GIF89a\x01\x00", b"a\x1b[2Jb", b"bell\x07",
        b"next\xc2\x85line", b"half \xf0\x9f\x91", b"\xed\xa0\x80", b"a\x00",
    ],
)  # fmt: skip
def test_what_is_not_plain_text_is_noticed_however_it_is_cut(other: bytes):
    for cut in range(len(other) + 1):
        reader = PlainText()

        assert not (reader.takes(other[:cut], last=False) and reader.takes(other[cut:], last=True))


@pytest.mark.parametrize(
    ("name", "declared"),
    [("a.png", "image/png"), ("A.PNG", ""), ("photo", "application/octet-stream"), ("my.holiday.png", "image/png"),
     (".png", "")],
)  # fmt: skip
def test_a_name_and_a_declared_type_that_agree_are_no_contradiction(name: str, declared: str):
    assert not contradicts(PNG, name=name, declared=declared)


@pytest.mark.parametrize(
    ("name", "declared"),
    [("a.jpg", ""), ("a.exe", ""), ("a.png.html", ""), ("a.png", "text/html"), ("a.png", "image/jpeg"), ("a", "x")],
)
def test_a_name_or_a_declared_type_that_says_otherwise_is_a_contradiction(name: str, declared: str):
    assert contradicts(PNG, name=name, declared=declared)


@pytest.mark.parametrize("name", ["run.bat", "a.html", "a.svg", "a.js", "a.csv", "macro.vbs"])
def test_text_that_is_called_something_else_is_a_contradiction(name: str):
    assert contradicts(TEXT, name=name, declared="text/plain")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../x", "x"),
        ("..\\..\\x.png", "x.png"),
        ("C:\\Users\\alice\\receipt.pdf", "receipt.pdf"),
        ("/etc/passwd", "passwd"),
        ("..", ""),
        ("", ""),
        ("a/", ""),
        (".htaccess", "htaccess"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\r\nSet-Cookie: x=1\x00.png", "aSet-Cookie: x=1.png"),
        ("half\ud800.png", "half.png"),
        ("  many   blanks .png. . ", "many blanks .png"),
        ("Rechnung für Jürgen.pdf", "Rechnung für Jürgen.pdf"),
        ("cafe\u0301.txt", "café.txt"),
        ("\u2044etc\u2044x.png", "\u2044etc\u2044x.png"),
    ],
)
def test_a_name_is_the_last_part_with_nothing_hidden_in_it(given: str, name: str):
    assert clean_name(given) == name


def test_a_long_name_is_cut_and_keeps_its_ending():
    assert clean_name("x" * 500 + ".jpeg") == "x" * (LONGEST - 5) + ".jpeg"
    assert clean_name("👋" * 500) == "👋" * LONGEST
    assert clean_name("x." + "y" * 500) == "x." + "y" * (LONGEST - 2)


def test_a_name_can_not_break_out_of_its_header():
    assert as_attachment("a\";b'.png é") == "attachment; filename*=UTF-8''a%22%3Bb%27.png%20%C3%A9"
