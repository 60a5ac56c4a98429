"""Pages from a folder or a file of lines."""

import json
from pathlib import Path

from bot.pages.crawling.fetch import MAX_BYTES
from bot.pages.crawling.files import pages_of_folder, pages_of_lines
from bot.pages.crawling.report import RawPage, Skipped
from bot.pages.reading.skip_reason import SkipReason


def urls(found: list[RawPage | Skipped]) -> list[str]:
    return [one.url for one in found if isinstance(one, RawPage)]


def reasons(found: list[RawPage | Skipped]) -> dict[str, SkipReason]:
    return {one.where: one.reason for one in found if isinstance(one, Skipped)}


def test_a_folder_gives_its_pages_by_path(tmp_path: Path):
    (tmp_path / "help").mkdir()
    (tmp_path / "index.html").write_text("<p>Home</p>")
    (tmp_path / "help" / "size chart.txt").write_text("Large")
    (tmp_path / "style.css").write_text("p {}")
    (tmp_path / ".hidden.html").write_text("x")

    assert urls(list(pages_of_folder(tmp_path))) == ["/help/size%20chart.txt", "/index.html"]
    assert urls(list(pages_of_folder(tmp_path, base="https://shop.example/"))) == [
        "https://shop.example/help/size%20chart.txt",
        "https://shop.example/index.html",
    ]


def test_a_folder_keeps_what_its_site_asks_of_robots(tmp_path: Path):
    (tmp_path / "robots.txt").write_text("User-agent: *\nDisallow: /cart.html\n")
    (tmp_path / "cart.html").write_text("<p>Cart</p>")
    (tmp_path / "draft.html").write_text('<meta name="robots" content="noindex"><p>Draft</p>')

    found = list(pages_of_folder(tmp_path))

    assert urls(found) == []
    assert reasons(found) == {"cart.html": SkipReason.ROBOTS, "/draft.html": SkipReason.NOINDEX}


def test_a_link_out_of_the_folder_is_not_read(tmp_path: Path):
    (tmp_path / "secret.html").write_text("<p>Secret</p>")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.html").symlink_to(tmp_path / "secret.html")

    found = list(pages_of_folder(tmp_path / "site"))

    assert urls(found) == []
    assert reasons(found) == {"a.html": SkipReason.OTHER_SITE}


def test_a_bad_line_is_told_with_its_number_and_the_others_are_read(tmp_path: Path):
    lines = [
        json.dumps({"url": "doc-1", "title": "One", "text": "First"}).encode(),
        b"{not json",
        b"[]",
        b"",
        json.dumps({"title": "no url", "text": "x"}).encode(),
        json.dumps({"url": "doc-2"}).encode(),
        json.dumps({"url": "doc-3", "text": 7}).encode(),
        json.dumps({"url": "doc-4", "text": "\ud800"}).encode(),
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"url": "doc-5", "html": ""}).encode(),
        json.dumps({"url": "doc-6", "html": "<p>Last</p>"}).encode(),
    ]
    file = tmp_path / "pages.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))

    found = list(pages_of_lines(file))

    assert urls(found) == ["doc-1", "doc-6"]
    told = reasons(found)
    assert [int(where.rpartition(":")[2]) for where in told] == [2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert told["pages.jsonl:11"] is SkipReason.NO_TEXT
    assert {told[f"pages.jsonl:{number}"] for number in (2, 3, 5, 6, 7, 8, 9, 10)} == {SkipReason.BAD_LINE}


def test_a_line_too_long_is_passed_over_without_loading_it(tmp_path: Path):
    file = tmp_path / "pages.jsonl"
    with file.open("wb") as lines:
        lines.write(b'{"url":"big","text":"' + b"x" * (MAX_BYTES * 2) + b'"}\n')
        lines.write(b'{"url":"small","text":"x"}\n')

    found = list(pages_of_lines(file))

    assert urls(found) == ["small"]
    assert reasons(found) == {"pages.jsonl:1": SkipReason.TOO_LARGE}
