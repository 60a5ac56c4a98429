"""`duologue import` as people and programs use it."""

import csv
from pathlib import Path

from tests.test_main import duologue, home, told

__all__ = ["home"]

PLAIN = "Order ID,Date,Total\n1,2026-03-01,5\n2,2026-03-01,6\n"


def test_a_file_is_tried_put_right_imported_and_taken_back(home: Path, tmp_path: Path):
    file, errors = tmp_path / "orders.csv", tmp_path / "errors.csv"
    duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example")
    take = ("import", "orders", str(file), "--site", "my-shop", "--currency", "EUR")

    file.write_text(PLAIN + "3,2026-03-01,free\n")
    wrong = duologue(home, *take, "--errors", str(errors))
    file.write_text(PLAIN)
    done = told(duologue(home, *take, "--output", "json"))
    back = duologue(home, "import", "undo", str(done["import"]))
    listed = told(duologue(home, "import", "list", "--site", "my-shop", "--output", "json"))

    assert wrong.returncode == 1 and "Nothing was imported" in wrong.stdout
    assert list(csv.reader(errors.open())) == [["line", "problem"], ["4", '"free" is no number; write e.g. 49.90']]
    assert (done["new"], done["money"]) == ({"purchase": 2}, {"purchase": {"EUR": "11.00"}})
    assert "2 orders are gone" in back.stdout
    assert [(one["state"], one["rows"]) for one in listed["imports"]] == [("undone", 2)]


def test_what_decimals_stand_after_is_said_by_an_option(home: Path, tmp_path: Path):
    orders, spend = tmp_path / "orders.csv", tmp_path / "spend.csv"
    orders.write_text("Order ID,Date,Total\n1,2026-03-01,1.234\n")
    spend.write_text("day,channel,amount\n2026-03-01,paid,1.234\n")
    duologue(home, "site", "add", "my-shop", "--origin", "https://shop.example")
    more = ("--site", "my-shop", "--currency", "EUR", "--dry-run", "--output", "json")

    unsaid = duologue(home, "import", "orders", str(orders), *more)
    bought = told(duologue(home, "import", "orders", str(orders), *more, "--decimals", "comma"))
    paid = told(duologue(home, "import", "spend", str(spend), *more, "--decimals", "comma"))

    assert unsaid.returncode == 1 and "say --decimals point or comma" in unsaid.stdout
    assert (bought["money"], paid["spend"]) == ({"purchase": {"EUR": "1234.00"}}, {"EUR": "1234.00"})


def test_without_a_file_it_says_what_to_give(home: Path):
    done = duologue(home, "import", "orders")

    assert done.returncode == 2 and "duologue import orders orders.csv" in done.stderr
