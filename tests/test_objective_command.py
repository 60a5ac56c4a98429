"""`duologue objective` as people and programs use it: set down, changed, closed, listed; and its faults in words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.test_main import duologue, home, told

__all__ = ["home"]

UNTIL = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
REACH = (
    "objective", "add", "More people", "--measure", "awareness", "--owner", "Maya", "--target", "1,200", "--smallest",
    "100", "--baseline", "1000", "--until", UNTIL,
)  # fmt: skip


def test_an_objective_is_set_down_changed_closed_and_told(home: Path):
    duologue(home, "site", "add", "demo", "--origin", "https://shop.example")
    duologue(home, "staff", "add", "Maya", "--role", "marketer")

    made = told(duologue(home, *REACH, "--pages", "/delivery", "--output", "json"))
    changed = told(duologue(home, "objective", "set", made["id"], "--target", "1500", "--output", "json"))
    stands = told(duologue(home, "insights", "objectives", "--output", "json"))
    closed = told(duologue(home, "objective", "close", made["id"], "--why", "the fair is off", "--output", "json"))
    again = duologue(home, "objective", "close", made["id"])
    listed = told(duologue(home, "objective", "list", "--output", "json"))

    assert (made["within"], made["target"], made["owner_name"]) == (["https://shop.example/delivery"], 1200, "Maya")
    assert (changed["target"], changed["first_target"], changed["version"]) == (1500, 1200, 2)
    assert [(row["name"], row["status"]) for row in stands["rows"]] == [("More people", "too few to judge")]
    assert closed["closed_why"] == "the fair is off" and listed == [closed]
    assert again.returncode == 2 and "was closed on" in again.stderr


def test_what_is_wrong_with_an_objective_is_told_at_once_and_nothing_is_kept(home: Path):
    duologue(home, "site", "add", "demo", "--origin", "https://shop.example")
    duologue(home, "staff", "add", "Maya", "--role", "marketer")

    faults = duologue(home, *REACH[:2], "", "--measure", "luck", "--owner", "Maya", "--until", "soon")
    nobody = duologue(home, *(one if one != "Maya" else "Nobody" for one in REACH))
    two = duologue(home, *REACH, "--campaign", "spring", "--channel", "mail")
    fixed = duologue(home, "objective", "set", "nobodys", "--target", "5")

    assert faults.returncode == 2
    assert "Give it a name" in faults.stderr and "The measure is “luck”" in faults.stderr
    assert "The last day is “soon”" in faults.stderr
    assert "No member of staff is named Nobody" in nobody.stderr
    assert "It is about one thing: give --campaign or --channel." in two.stderr
    assert 'There is no objective "nobodys"' in fixed.stderr
    assert told(duologue(home, "objective", "list", "--output", "json")) == []
