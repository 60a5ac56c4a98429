"""The command as people and programs use it: exit codes, tables, JSON, and faults in words."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def duologue(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own, as a shell does."""
    known = {"PATH": "/usr/bin:/bin", "DUOLOGUE_HOME": str(home)} | environment
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=known, capture_output=True, text=True, timeout=PATIENCE_S, cwd=Path.cwd())


def told(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_site_is_added_shown_and_keeps_its_secret(home: Path):
    origin = "https://shop.example"
    added = told(duologue(home, "site", "add", "my-shop", "--origin", origin, "--output", "json"))

    again = told(duologue(home, "site", "add", "my-shop", "--origin", origin, "--holdout", "0.2", "--output", "json"))
    shown = told(duologue(home, "site", "show", "my-shop", "--output", "json"))

    assert set(added) == {"key", "name", "secret", "origins", "holdout", "consent", "settings"}
    assert (added["holdout"], again["holdout"]) == (0.1, 0.2)
    assert shown == again and again["secret"] == added["secret"]


def test_the_tag_to_embed_is_shown_to_people(home: Path):
    done = duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example")

    assert '<script type="module" src="http://127.0.0.1:8080/widget.js" data-site="my-shop"></script>' in done.stdout


def test_a_known_site_keeps_what_is_not_given(home: Path):
    first = ("--name", "My shop", "--origin", "https://shop.example", "--consent", "not_needed", "--output", "json")
    added = told(duologue(home, "site", "add", "my-shop", *first))
    told(duologue(home, "site", "set", "my-shop", "phone=+353 20 915 0142", "--output", "json"))

    again = told(duologue(home, "site", "add", "my-shop", "--holdout", "0.2", "--output", "json"))

    assert again == added | {"holdout": 0.2, "settings": {"phone": "+353 20 915 0142"}}


def test_what_is_closed_once_is_shown_to_people(home: Path, tmp_path: Path):
    file = tmp_path / "settings.json"
    closing = {"begins": "2030-12-28T12:00", "ends": "2031-01-04T09:00", "name": "Stocktaking"}
    file.write_text(json.dumps({"hours": {"timezone": "UTC", "mon": ["09:00-17:00"], "closings": [closing]}}))
    duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example")

    shown = duologue(home, "site", "set", "my-shop", "--file", str(file))

    assert shown.returncode == 0, shown.stderr
    assert '  hours.closings    {"begins": "2030-12-28 12:00", "ends": "2031-01-04 09:00"' in shown.stdout


def test_a_site_is_set_from_values_and_from_a_file_and_shown(home: Path, tmp_path: Path):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"phone": "+353 20", "greeting": {"en": "Hello!", "de": "Hallo!"}, "mail": None}))
    duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example")
    told(duologue(home, "site", "set", "my-shop", "mail=a@shop.example", "--output", "json", "side=start"))

    values = ("hours.timezone=UTC", "hours.mon=09:00-17:00", "colour=#2F4D74", "greeting.de=")
    done = told(duologue(home, "site", "set", "my-shop", "--file", str(file), *values, "--output", "json"))
    shown = duologue(home, "site", "show", "my-shop").stdout

    assert done["settings"] == {
        "colour": "#2f4d74",
        "side": "start",
        "greeting": {"en": "Hello!"},
        "phone": "+353 20",
        "hours": {"timezone": "UTC", "mon": ["09:00-17:00"]},
    }
    assert told(duologue(home, "site", "show", "my-shop", "--output", "json")) == done
    assert 'data-site="my-shop" data-color="#2f4d74" data-side="start"></script>' in shown
    assert "  greeting.en       Hello!\n" in shown and "  hours.mon         09:00-17:00\n" in shown


def test_wrong_settings_of_a_site_are_told_all_at_once_and_none_is_set(home: Path):
    before = told(duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example", "--output", "json"))

    done = duologue(home, "site", "set", "my-shop", "color=red", "hours.mon=17:00-09:00", "mail=me", "phone=+353 20")

    assert done.returncode == 2 and done.stdout == ""
    assert 'did you mean "colour"?' in done.stderr and len(done.stderr.splitlines()) == 4
    assert done.stderr.count("give e.g. ") == 3
    assert told(duologue(home, "site", "show", "my-shop", "--output", "json")) == before


def test_a_colour_that_is_hard_to_see_in_the_dark_is_set_and_told(home: Path):
    duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example")

    done = duologue(home, "site", "set", "my-shop", "colour=#2f4d74")

    assert done.returncode == 0 and "2.0:1" in done.stderr


def test_all_faults_of_a_site_are_told_at_once(home: Path):
    done = duologue(home, "site", "add", "My Shop", "--origin", "shop.example", "--holdout", "1")

    assert done.returncode == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 3 and done.stderr.count("e.g.") == 3


def test_a_member_of_staff_is_added_once(home: Path):
    added = told(duologue(home, "staff", "add", "Dana", "--role", "agent", "--output", "json"))

    again = duologue(home, "staff", "add", "Dana")

    assert set(added) == {"id", "name", "role", "password", "token"}
    assert again.returncode == 2 and "Dana already" in again.stderr
    assert told(duologue(home, "staff", "password", "Dana", "--output", "json"))["password"] != added["password"]


def test_members_of_staff_are_listed_changed_and_disabled(home: Path):
    duologue(home, "staff", "add", "Ada", "--role", "admin")
    dana = told(duologue(home, "staff", "add", "Dana", "--output", "json"))

    changed = told(duologue(home, "staff", "role", "Dana", "--role", "marketer", "--output", "json"))
    disabled = told(duologue(home, "staff", "disable", "Dana", "--output", "json"))
    listed = told(duologue(home, "staff", "list", "--output", "json"))["people"]
    table = duologue(home, "staff", "list").stdout.splitlines()
    enabled = told(duologue(home, "staff", "enable", "Dana", "--output", "json"))
    refused = duologue(home, "staff", "disable", "Ada")

    assert changed == disabled == enabled == {"id": dana["id"], "name": "Dana", "role": "marketer", "waiting": 0}
    assert [(one["name"], one["role"], one["disabled_at"] is None) for one in listed] == [
        ("Ada", "admin", True),
        ("Dana", "marketer", False),
    ]
    assert [line.split()[:3] for line in table[1:]] == [["Ada", "admin", "yes"], ["Dana", "marketer", "no"]]
    assert (refused.returncode, refused.stdout) == (1, "") and "last admin" in refused.stderr


def test_a_folder_is_crawled_asked_and_exported(home: Path, tmp_path: Path):
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "shipping.html").write_text(
        "<html><title>Shipping</title><main><h1>Shipping</h1><p>We ship to Norway in five days.</p></main></html>"
    )
    duologue(home, "site", "add", "demo", "--origin", "https://shop.example")
    crawled = told(
        duologue(home, "crawl", str(pages), "--base", "https://shop.example/", "--quiet", "--output", "json")
    )

    answer = told(duologue(home, "ask", "Do you ship to Norway?", "--output", "json"))

    assert crawled["pages"] == 1
    assert answer["answered"] and answer["passages"][0]["page"] == "https://shop.example/shipping.html"
    assert duologue(home, "export", "interactions").stdout.startswith("id,at,site,visitor")
    assert told(duologue(home, "questions", "--output", "json"))["groups"] == []
    assert told(duologue(home, "questions", "replay", "--strict", "--output", "json"))["asked"] == 0
    assert (
        "unanswered on https://shop.example/shipping.html."
        in duologue(home, "questions", "--page", "/shipping.html").stdout
    )
    rows = told(duologue(home, "insights", "segments", "--output", "json"))["rows"]
    assert [row["people"] for row in rows] == [0] * 5


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "COMMAND"),
        (("nonsense",), 2, "nonsense"),
        (("ask",), 2, "Give one question"),
        (("ask", "x", "--batch", "y"), 2, "Give one question"),
        (("ask", "Hello?"), 2, 'no site "demo"'),
        (("crawl", "/nonexistent"), 2, 'no site "demo"'),
        (("crawl", "x", "--limit", "0"), 2, "--limit"),
        (("questions",), 2, 'no site "demo"'),
        (("questions", "replay"), 2, 'no site "demo"'),
        (("questions", "repeat"), 2, "replay"),
        (("questions", "--since", "yesterday"), 2, "2026-01-31"),
        (("questions", "--limit", "0"), 2, "--limit"),
        (("questions", "--strict"), 2, "duologue questions replay --strict"),
        (("insights", "nonsense"), 2, "nonsense"),
        (("export", "interactions", "--format", "ods"), 2, "csv"),
        (("site", "show", "nobodys"), 2, "nobodys"),
        (("site", "add"), 2, "Which site"),
        (("site", "add", "new-one"), 2, "--origin"),
        (("site", "set"), 2, "What is to be set?"),
        (("site", "set", "demo"), 2, "What is to be set?"),
        (("site", "set", "demo", "phone=1"), 2, 'no site "demo"'),
        (("site", "set", "demo", "phone=1", "--name", "x"), 2, "site add"),
        (("site", "set", "demo", "--file", "/nonexistent"), 2, 'no site "demo"'),
        (("site", "show", "demo", "phone=1"), 2, "duologue site set demo phone=1"),
        (("status", "phone=1"), 2, "unrecognized"),
        (("staff", "add", "Dana", "--role", "king"), 2, "king"),
        (("staff", "add"), 2, "staff add Dana"),
        (("staff", "disable", "Nobody"), 2, "No member of staff is named Nobody"),
        (("status",), 3, "make up"),
        (("serve",), 2, "duologue up"),
    ],
)
def test_a_fault_is_one_sentence_and_its_exit_code(home: Path, arguments: tuple[str, ...], code: int, words: str):
    done = duologue(home, *arguments, DUOLOGUE_PORT="9")

    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr and "Traceback" not in done.stderr


def test_wrong_settings_are_told_all_at_once(home: Path):
    done = duologue(home, "up", DUOLOGUE_PORT="http", DUOLOGUE_DEADLINE_S="0", DUOLOGUE_COLOUR="red")

    assert done.returncode == 2 and len(done.stderr.splitlines()) == 3


def test_help_is_quick_because_it_imports_nothing_heavy():
    heavy = "import sys; from bot.__main__ import parser; parser().format_help(); print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, timeout=PATIENCE_S)

    assert not {"aiohttp", "sqlalchemy", "pydantic", "spacy", "rich"} & set(done.stdout.split())
