"""`duologue alert`, as whoever runs the server types it."""

import json
from pathlib import Path

import pytest

from bot.__main__ import main


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """A home with a site in it; its key."""
    monkeypatch.setenv("DUOLOGUE_HOME", str(tmp_path / "home"))
    assert main(["site", "add", "yarn", "--origin", "https://yarn.example"]) == 0
    capsys.readouterr()
    return "yarn"


def test_an_alert_is_added_changed_and_removed(site: str, capsys: pytest.CaptureFixture[str]):
    added = main(["alert", "add", "complaint", "least=4", "webhook=https://hooks.yarn.example/", "--site", site])
    words = capsys.readouterr()
    main(["alert", "list", "--site", site, "--output", "json"])
    ((one,),) = told(capsys).values()  # type: ignore[misc]

    assert added == 0 and "4 people complain within a day" in words.out and "alert_" in words.out
    assert one["goes_to"] == [
        {"kind": "webhook", "address": "https://hooks.yarn.example/", "confirmed": True, "paused": False}
    ]
    assert main(["alert", "set", one["id"], "topic=price", "on=no", "--site", site, "--output", "json"]) == 0
    changed = told(capsys)
    assert (changed["when"], changed["on"]) == ("4 people complain about price within a day", False)
    assert main(["alert", "remove", one["id"], "--site", site]) == 0
    capsys.readouterr()
    main(["alert", "list", "--site", site, "--output", "json"])
    assert told(capsys) == {"alerts": []}


@pytest.mark.parametrize(
    "given, said",
    [
        (["add", "weather"], "There is nothing like"), (["add"], "There is nothing like"),
        (["add", "complaint", "least=many"], "How many people"), (["add", "complaint", "colour=red"], "sets nothing"),
        (["add", "complaint", "mail=nobody"], "No mail can go"),
        (["set", "nothing", "on=no"], 'has no alert "nothing"'),
        (["add", "complaint", "webhook=http://yarn.example/"], "encrypted"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(
    site: str, capsys: pytest.CaptureFixture[str], given: list[str], said: str
):
    assert main(["alert", *given, "--site", site]) == 2
    assert said in capsys.readouterr().err


def test_a_site_that_there_is_not_has_no_alerts(site: str, capsys: pytest.CaptureFixture[str]):
    assert main(["alert", "list", "--site", "wool"]) == 2
    assert "`duologue site list`" in capsys.readouterr().err
