"""Spend as platforms export it: every row right, or told with its line; the same days again are corrected."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.insights.channels.spend_file import ROWS, SpendFile, read_spend
from bot.insights.imports.faults import Faults
from bot.store.sites import Site
from bot.store.spend import Change, Spent, drop_spend, note_spend, spent_between
from bot.store.store import Store
from tests.cast import SHOP, at

FIRST = 20514  # 2026-03-02, days since 1970


def read(tmp_path: Path, text: str, **given: str) -> tuple[SpendFile, list[tuple[int, str]]]:
    path = tmp_path / "spend.csv"
    path.write_text(text, encoding="utf-8")
    with Faults() as faults:
        found = read_spend(path, faults, now=at(), **given)  # type: ignore[arg-type]
    return found, [(one.line, one.problem) for one in faults.first]


def test_a_platforms_export_is_read_as_it_is(tmp_path: Path):
    found, wrong = read(
        tmp_path,
        "Date;Platform;Campaign name;Amount spent (EUR);Currency\n"
        "02.03.2026;Google Ads;Spring;1.234,50;EUR\n"
        "02.03.2026;Facebook Ads;;10,00;EUR\n"
        "02.03.2026;google ads;Spring;0,50;eur\n",
    )

    assert wrong == []
    assert found.rows == [
        Spent(FIRST, "paid", "Spring", "EUR", 123_500),
        Spent(FIRST, "paid", "", "EUR", 1_000),
    ]


def test_amounts_may_have_the_sign_of_their_currency(tmp_path: Path):
    row = "2026-03-02;paid;;"

    found, wrong = read(tmp_path, f"day;channel;campaign;amount;currency\n{row}12,50 €;EUR\n{row}$ 7,25;AUD\n")

    assert wrong == [] and [(one.amount, one.currency) for one in found.rows] == [(1250, "EUR"), (725, "AUD")]


def test_a_thousand_is_not_read_as_one(tmp_path: Path):
    text = "day;channel;amount;currency\n2026-03-01;paid;1.234;EUR\n"

    _, wrong = read(tmp_path, text)
    said, _ = read(tmp_path, text, decimals="comma")
    shown, _ = read(tmp_path, text + "2026-03-01;mail;7,25;EUR\n")

    assert [line for line, _ in wrong] == [2] and "say --decimals point or comma" in wrong[0][1]
    assert said.rows[0].amount == shown.rows[0].amount == 123_400


def test_a_day_of_more_than_can_be_kept_is_told(tmp_path: Path):
    row = "2026-03-02,paid,9999999999999.99,EUR\n"

    _, wrong = read(tmp_path, f"day,channel,amount,currency\n{row}{row}")

    problem = "with the rows before it its day comes to more than can be kept; an amount has at most 15 digits"
    assert wrong == [(3, problem)]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-03-03,paid,,10,EUR", "in the future"),
        ("2026-02-30,paid,,10,EUR", "no day"),
        ("03/02/2026,paid,,10,EUR", "two months"),
        ("2026-03-01,carrier pigeons,,10,EUR", "is no channel"),
        ("2026-03-01,,,10,EUR", "there is no channel"),
        ("2026-03-01,paid,,-10,EUR", "less than nothing"),
        ("2026-03-01,paid,,,EUR", "no amount"),
        ("2026-03-01,paid,,ten,EUR", "no number"),
        ("2026-03-01,paid,,10,EURO", "is no currency"),
        ("2026-03-01,paid,,$10,EUR", '"$10" says $, and its row is in EUR; write the right one in the column currency'),
        ("2026-03-01,paid,,10 USD,EUR", '"10 USD" says USD, and its row is in EUR'),
        ("2026-03-01,paid,,10,", "there is no currency"),
        ("2026-03-01,paid,,9999999999999999,EUR", "no number"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_line(tmp_path: Path, row: str, problem: str):
    found, wrong = read(tmp_path, f"day,channel,campaign,amount,currency\n2026-03-01,mail,,1,EUR\n{row}\n")

    assert len(found.rows) == 1
    assert [line for line, _ in wrong] == [3]
    assert problem in wrong[0][1]


def test_a_file_without_the_columns_says_which_it_has(tmp_path: Path):
    with pytest.raises(ConfigurationError, match='no column amount; it has "day", "channel", "money"'):
        read(tmp_path, "day,channel,money\n")

    found, _ = read(
        tmp_path, "day,channel,money\n2026-03-01,mail,5\n", currency="eur", maps={"money": "amount"}  # type: ignore[arg-type]
    )  # fmt: skip
    assert found.rows == [Spent(FIRST - 1, "mail", "", "EUR", 500)]


def test_json_lines_are_read_too(tmp_path: Path):
    found, wrong = read(tmp_path, '{"day": "2026-03-01", "channel": "mail", "amount": 5.10, "currency": "EUR"}\n')

    assert (found.rows, wrong) == ([Spent(FIRST - 1, "mail", "", "EUR", 510)], [])


def test_a_file_that_is_too_long_is_refused_whole(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="more than 20,000 rows"):
        read(tmp_path, "day,channel,amount,currency\n" + "2026-03-01,mail,5,EUR\n" * (ROWS + 1))


async def test_telling_the_same_again_changes_nothing_and_other_sums_correct(store: Store, shop: Site):
    rows = [Spent(FIRST, "paid", f"c{number}", "EUR", number) for number in range(1_200)]

    first = await store.write(note_spend, SHOP, rows)
    again = await store.write(note_spend, SHOP, rows)
    other = await store.write(note_spend, SHOP, [Spent(FIRST, "paid", "c7", "EUR", 70)])

    assert (first, again, other) == (Change(1_200, 0, 0), Change(0, 0, 1_200), Change(0, 1, 0))
    kept = await store.read(spent_between, SHOP, FIRST, FIRST)
    assert sum(one.amount for one in kept) == sum(range(1_200)) + 63
    assert await store.write(drop_spend, SHOP, FIRST, FIRST) == 1_200
