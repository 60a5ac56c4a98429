"""Orders from a file: as shops write them, all of a file or nothing, and each order once."""

import csv
import gzip

import pytest

from bot.errors import ConfigurationError
from bot.insights.imports.command import undo_import
from bot.insights.imports.plan import LOOKED_AT
from bot.interactions import Kind, Microseconds
from bot.store.forget import forget_customer
from bot.store.pages_of_rows import Span, purchases_after
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import ALICE, SHOP, at
from tests.insights.exports.exported import written
from tests.insights.imports.taking import Taking, bought, logged, take

__all__ = ["take"]

PLAIN = "Order ID,Date,Total,Customer ID\n1001,2026-03-01 10:00,49.90,anna\n1002,2026-03-01 11:00,10,\n"
LINES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536366,71053,LANTERN,1,2010-12-01 08:28:00,3.39,,United Kingdom
536365,71053,LANTERN,2,2010-12-01 08:27:00,3.395,17850.0,United Kingdom
C536379,D,Discount,-1,2010-12-01 09:41:00,2.50,17850.0,United Kingdom
536400,22139,damaged,-5,2010-12-02 10:00:00,0.0,,United Kingdom
"""
SHOPIFY = """Name,Email,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Refunded Amount,Id
#1001,anna@shop.example,paid,EUR,50.00,54.90,2026-02-03 12:00:00 +0100,1,Scarf,40.00,4.90,820
#1001,anna@shop.example,,,,,2026-02-03 12:00:00 +0100,2,Hat,5.00,,
#1002,otto@shop.example,voided,EUR,10.00,10.00,2026-02-03 13:00:00 +0100,1,Hat,10.00,0.00,821
"""
WOO = """order_id;order_date;order_status;order_total;order_currency;customer_id;billing_email;item_name;\
quantity;item_cost
77;03.02.2026 12:00;wc-completed;1.054,90;EUR;12;anna@shop.example;Decke;1;1.054,90
78;03.02.2026 13:00;wc-refunded;20,00;EUR;12;anna@shop.example;Hut;1;20,00
79;03.02.2026 13:00;wc-pending;20,00;EUR;12;anna@shop.example;Hut;1;20,00
"""
JSONL = (
    '{"id": "j1", "value": 49.9, "currency": "EUR", "at": "2026-02-03T12:00:00Z", "customer": {"id": "anna", '
    '"email": "anna@shop.example"}, "items": [{"sku": "S", "title": "Scarf", "quantity": 1, "price": "49.90"}]}\n'
)


async def test_orders_come_as_the_shop_would_have_told_them(store: Store, take: Taking):
    done = await take(PLAIN)

    assert done.plan.new == {"purchase": 2}
    assert await store.read(bought) == [
        ("1001", "purchase", 4990, "EUR", "anna"),
        ("1002", "purchase", 1000, "EUR", None),
    ]
    assert await store.read(logged) == [("purchase", "import", "anna", 4990), ("purchase", "import", None, 1000)]
    assert await take.spent("anna") == {"EUR": 4990}


async def test_lines_of_an_order_become_one_and_cancellations_refunds(store: Store, take: Taking):
    done = await take(LINES, currency="GBP")

    assert await store.read(bought) == [
        ("536365", "purchase", 2209, "GBP", "17850"),
        ("536366", "purchase", 339, "GBP", None),
        ("C536379", "refund", 250, "GBP", "17850"),
    ]
    assert await take.spent("17850") == {"GBP": 1959}
    assert done.plan.ways.remarks == {"are corrections of stock, worth nothing, and were left out": 1}


@pytest.mark.parametrize(
    ("file", "orders"),
    [
        (SHOPIFY, [("#1001", 5490, "anna@shop.example"), ("#1001:refund", 490, "anna@shop.example")]),
        (WOO, [("77", 105490, "12"), ("78", 2000, "12"), ("78:refund", 2000, "12")]),
        (JSONL, [("j1", 4990, "anna")]),
        (PLAIN.replace(",", "\t"), [("1001", 4990, "anna"), ("1002", 1000, None)]),
        ("\ufeff" + PLAIN, [("1001", 4990, "anna"), ("1002", 1000, None)]),
        (PLAIN.encode("utf-16"), [("1001", 4990, "anna"), ("1002", 1000, None)]),
        (PLAIN.encode("utf-16-le"), [("1001", 4990, "anna"), ("1002", 1000, None)]),
        (PLAIN.encode("utf-16-be"), [("1001", 4990, "anna"), ("1002", 1000, None)]),
        (gzip.compress(PLAIN.encode()), [("1001", 4990, "anna"), ("1002", 1000, None)]),
    ],
    ids=["shopify", "woocommerce", "json lines", "tabs", "byte order mark", "utf-16", "utf-16-le", "utf-16-be", "gzip"],
)
async def test_the_usual_exports_are_understood(
    store: Store, take: Taking, file: str | bytes, orders: list[tuple[object, ...]]
):
    await take(file)

    assert take.faults == []
    assert [(id, value, whose) for id, _, value, _, whose in await store.read(bought)] == orders


async def test_windows_letters_are_read_and_said(store: Store, take: Taking):
    done = await take(
        "Order ID,Date,Total,Customer Name,Customer ID\n1,2026-03-01,5,Jürgen Müller,j\n".encode("cp1252")
    )

    (row,) = await store.read(purchases_after, Span(SHOP, Microseconds(0), at(days=1)), "", 10)
    assert row.name == "Jürgen Müller" and done.plan.form == "CSV (comma), Windows-1252"


async def test_a_dry_run_says_the_same_and_does_nothing(store: Store, take: Taking):
    dry = await take(PLAIN, dry_run=True)
    there = await store.read(bought)

    done = await take(PLAIN)

    assert there == [] and dry.import_id is None
    assert (dry.plan.new, dry.plan.money) == (done.plan.new, done.plan.money)


async def test_one_wrong_row_and_nothing_is_imported(store: Store, take: Taking):
    done = await take(PLAIN + "1003,2026-13-01,5,anna\n")

    assert take.faults == [(4, '"2026-13-01" is no day or time that there is; write e.g. 2026-03-01 14:30')]
    assert done.import_id is None and await store.read(bought) == []


async def test_what_is_right_is_imported_when_that_is_asked_for(store: Store, take: Taking):
    await take(PLAIN + "1003,2026-13-01,5,anna\n", skip_errors=True)

    assert [row[0] for row in await store.read(bought)] == ["1001", "1002"]


async def test_an_order_of_which_one_line_is_wrong_is_no_order(store: Store, take: Taking):
    await take(LINES.replace("3.395", "cheap"), currency="GBP", skip_errors=True)

    assert [row[0] for row in await store.read(bought)] == ["536366", "C536379"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",2026-03-01,5,", "there is no order id; every row needs one"),
        ("1,,5,", 'order "1" has no date; write e.g. 2026-03-01 14:30'),
        ("1,2026-03-03,5,", '"2026-03-03" is in the future; write when it was ordered'),
        ("1,2026-03-01,-5,", "the total -5 is negative; write a refund as a row of the type refund"),
        ("1,2026-03-01,five,", '"five" is no number; write e.g. 49.90'),
        ("1,2026-03-01,1e9,", '"1e9" is no number; write e.g. 49.90'),
        ("1,2026-03-01,123456789012345.00,", "is more than can be kept"),
        ("1,2026-03-01,,", 'order "1" has no total, and no line a price; write e.g. 49.90'),
        ("1,yesterday,5,", '"yesterday" is no date; write e.g. 2026-03-01 14:30'),
        ("1,2026-03-01T10:00+99:99,5,", '"2026-03-01T10:00+99:99" is no date; write e.g. 2026-03-01 14:30'),
        ("1,2026-03-01,5,,,", "it has 6 cells"),
        ('1,2026-03-01,5,"anna', "here the file can't be read on"),
        (f"1,2026-03-01,5,{'x' * 300}", "has more than 256 characters"),
    ],
)
async def test_each_wrong_row_is_told_by_its_line_and_what_to_write(take: Taking, row: str, problem: str):
    surplus = ",x" if "cells" in problem else ""

    await take(f"Order ID,Date,Total,Customer ID\n\n0,2026-03-01,5,\n{row}{surplus}\n")

    assert [line for line, _ in take.faults] == [4]
    assert problem.replace("6 cells", "7 cells") in take.faults[0][1]


async def test_currencies_are_known_ones_or_none_is_guessed(take: Taking):
    with pytest.raises(ConfigurationError, match=r"say e\.g\. --currency EUR"):
        await take(PLAIN, currency=None)
    with pytest.raises(ConfigurationError, match="there is no such currency"):
        await take(PLAIN, currency="XXX")

    await take("Order ID,Date,Total,Currency\n1,2026-03-01,5,EURO\n")

    assert take.faults == [(2, '"EURO" is no currency; write its three letters, e.g. EUR')]


@pytest.mark.parametrize("total", ["USD 5", "5 USD", "$1,000.00", "-$5", "£5", "5 ¥", "DEM 5"])
async def test_an_amount_that_says_another_currency_than_its_row_is_refused(store: Store, take: Taking, total: str):
    rows = f'1,2026-03-01,5,EUR\n2,2026-03-01,"{total}",EUR\n'
    said = next(one for one in ("USD", "$", "£", "¥", "DEM") if one in total)
    problem = f'"{total}" says {said}, and its row is in EUR; write the right one in the column currency, or the amount'

    await take("Order ID,Date,Total,Currency\n" + rows)
    by_column = take.faults
    await take("Order ID,Date,Total\n" + rows.replace(",EUR", ""), currency="EUR")

    assert by_column == [(3, f"{problem} alone if it is in EUR")] == take.faults
    assert await store.read(bought) == []


async def test_a_line_is_in_the_currency_that_the_first_of_its_order_tells(store: Store, take: Taking):
    file = SHOPIFY.replace("2,Hat,5.00", "2,Hat,$5.00")

    await take(file, currency=None)
    said = take.faults
    await take(file.replace("EUR", "USD"), currency=None)

    assert [(line, '"$5.00" says $, and its row is in EUR' in problem) for line, problem in said] == [(2, True)]
    assert [(id, code) for id, _, _, code, _ in await store.read(bought)] == [("#1001", "USD"), ("#1001:refund", "USD")]


async def test_a_sign_goes_with_each_currency_that_is_written_with_it(store: Store, take: Taking):
    amounts = [
        ("$5", "USD"),
        ("$5", "HKD"),
        ("5 $", "CAD"),
        ("MXN 5", "MXN"),
        ("£5", "EGP"),
        ("¥5", "CNY"),
        ("5 €", "EUR"),
    ]
    rows = [f"{number},2026-03-01,{total},{code}\n" for number, (total, code) in enumerate(amounts)]

    await take("Order ID,Date,Total,Currency\n" + "".join(rows))

    assert take.faults == []
    assert [(value, code) for _, _, value, code, _ in await store.read(bought)] == [(500, code) for _, code in amounts]


async def test_goods_are_counted_in_what_the_shop_likes(store: Store, take: Taking):
    await take("Order ID,Date,Quantity,Price,Currency\n1,2026-03-01,2 PCS,€5,EUR\n2,2026-03-01,2 ALL,€5,EUR\n")

    assert take.faults == [] and [row[2] for row in await store.read(bought)] == [1000, 1000]


async def test_a_comma_is_found_beside_the_sign_of_a_currency(store: Store, take: Taking):
    await take("Order ID;Date;Total\n1;2026-03-01;12,50 €\n2;2026-03-01;€ 7,25\n3;2026-03-01;EUR 8,00\n")

    assert take.faults == [] and [row[2] for row in await store.read(bought)] == [1250, 725, 800]


@pytest.mark.parametrize("total", ["1.234", "2,500", "-1.234", "€ 12,345"])
async def test_what_may_be_a_thousand_or_one_is_not_guessed(store: Store, take: Taking, total: str):
    done = await take(f'Order ID,Date,Total,Currency\n1,2026-03-01,5,EUR\n2,2026-03-01,"{total}",EUR\n')

    ((line, problem),) = take.faults
    assert line == 3 and problem.startswith(f'"{total}" may be ')
    assert "say --decimals point or comma, or write every amount as e.g. " in problem
    assert done.import_id is None and await store.read(bought) == []


async def test_a_point_and_a_comma_before_three_digits_are_both_told(take: Taking):
    await take('Order ID,Date,Total\n1,2026-03-01,1.234\n2,2026-03-01,"1,234"\n')

    assert take.faults == [
        (line, f'"{total}" may be 1234, or 1 and a part; say --decimals point or comma, or write every amount as e.g. '
               "1234.00")
        for line, total in ((2, "1.234"), (3, "1,234"))
    ]  # fmt: skip


@pytest.mark.parametrize(("decimals", "values"), [("point", [123, 250_000]), ("comma", [123_400, 250])])
async def test_what_decimals_stand_after_can_be_said(
    store: Store, take: Taking, decimals: str, values: list[int]
):  # fmt: skip
    await take('Order ID,Date,Total\n1,2026-03-01,1.234\n2,2026-03-01,"2,500"\n', decimals=decimals)

    assert take.faults == [] and [row[2] for row in await store.read(bought)] == values


@pytest.mark.parametrize(
    ("other", "value"),
    [("12.5", 123), ("0.125", 123), ("1234.567", 123), ("1.2345", 123), ("1,234.567", 123), ("1'234.5", 123),
     ("1,234,567", 123), ("12,5", 123_400), ("0,125", 123_400), ("1234,567", 123_400), ("1.234,567", 123_400),
     ("1.234.567", 123_400), ("-12,50 €", 123_400)],
)  # fmt: skip
async def test_one_number_that_can_be_read_in_one_way_only_tells_of_all(
    store: Store, take: Taking, other: str, value: int
):
    kind = "refund" if other.startswith("-") else "purchase"

    await take(f'Order ID,Date,Total,Type\n1,2026-03-01,1.234,purchase\n2,2026-03-01,"{other}",{kind}\n')

    assert take.faults == [] and (await store.read(bought))[0][2] == value


async def test_money_of_three_digits_is_as_it_stands(store: Store, take: Taking):
    await take("Order ID,Date,Total,Currency\n1,2026-03-01,1.234,KWD\n")

    assert take.faults == [] and [row[2] for row in await store.read(bought)] == [1234]


async def test_a_number_of_json_has_a_point_and_a_text_may_be_a_thousand(store: Store, take: Taking):
    row = '{"id": "1", "at": "2026-03-01", "value": 1.234}\n'

    await take(row.replace("1.234", '"1.234"'))
    text = take.faults
    await take(row)

    assert "say --decimals point or comma" in text[0][1]
    assert take.faults == [] and [row[2] for row in await store.read(bought)] == [123]


async def test_a_file_may_show_after_many_whole_numbers_what_decimals_stand_after(store: Store, take: Taking):
    whole = "".join(f"{number},2026-03-01,\n" for number in range(LOOKED_AT))

    await take(f'Order ID,Date,Total\n{whole}n,2026-03-01,"12,50"\nt,2026-03-01,1.234\n', skip_errors=True)

    assert [row[2] for row in await store.read(bought)] == [1250, 123_400]


async def test_money_of_each_currency_has_its_digits(store: Store, take: Taking):
    await take("Order ID,Date,Total,Currency\n1,2026-03-01,500,JPY\n2,2026-03-01,1.5,KWD\n3,2026-03-01,0.01,EUR\n")

    assert [(code, value) for _, _, value, code, _ in await store.read(bought)] == [
        ("JPY", 500), ("KWD", 1500), ("EUR", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "value"),
    [("a,2026-03-01,19.999,EUR,", 2000), ("a,2026-03-01,10.5,JPY,", 11), ("a,2026-03-01,20.00,EUR,3.335", 2000)],
)
async def test_an_amount_finer_than_its_currency_is_rounded_and_said(store: Store, take: Taking, row: str, value: int):
    file = f"id,at,value,currency,margin\n{row}\nb,2026-03-01,1.500,EUR,0.10\nc,2026-03-01,1.125,KWD,\n"
    done = await take(file, decimals="point")

    assert done.plan.ways.remarks == {
        "have an amount finer than their currency, which was rounded to it, half of a unit up": 1
    }
    assert [paid for _, _, paid, _, _ in await store.read(bought)] == [value, 150, 1125]


async def test_three_hundred_wrong_rows_are_counted_and_the_first_are_shown(take: Taking):
    rows = "".join(f"{number},2026-03-01,free\n" for number in range(300))

    done = await take("Order ID,Date,Total\n" + rows)

    assert len(take.faults) == 20 and done.plan.count == 0


async def test_an_order_told_again_is_the_same_and_told_otherwise_is_refused(store: Store, take: Taking):
    await take(PLAIN)

    again = await take(PLAIN)
    await take(PLAIN.replace("49.90", "50.00"))

    assert (again.plan.known, again.plan.count) == (2, 0)
    assert take.faults == [(2, 'order "1001" was told before with other content; take it out, or give it another id')]
    assert len(await store.read(bought)) == 2


async def test_within_a_file_a_row_told_twice_is_one_and_told_otherwise_is_wrong(store: Store, take: Taking):
    await take(PLAIN + "1002,2026-03-01 11:00,10,\n")

    await take("Order ID,Date,Total\n7,2026-03-01,5\n7,2026-03-01,6\n")

    assert take.faults == [
        (2, "line 3 has the same order id and tells something else of it; give one another id"),
    ]  # fmt: skip
    assert len(await store.read(bought)) == 2


async def test_lines_that_disagree_about_their_order_are_told(take: Taking):
    await take(LINES.replace("3.395,17850.0", "3.395,99"), currency="GBP")

    assert take.faults == [
        (2, 'order "536365" has the customer "17850" in line 2 and "99" in line 4; write the same in both, or give one '
            "another order id"),
    ]  # fmt: skip


async def test_a_refund_is_its_orders_persons_also_when_it_comes_first(store: Store, take: Taking):
    file = (
        "id,type,of,at,total,customer\nr1,refund,o1,2026-03-01 12:00,4.90,\no1,purchase,,2026-03-01 11:00,49.90,anna\n"
    )

    await take(file)

    assert await take.spent("anna") == {"EUR": 4500}


async def test_an_order_finds_the_refund_that_the_shop_told_before(store: Store, shop: Site, take: Taking):
    early = Notice(id="r1", kind=Kind.REFUND, at=at(), of="1001", value=1000, currency="EUR")
    await store.write(record, shop, early, at=at())

    await take(PLAIN)

    assert await take.spent("anna") == {"EUR": 3990}


async def test_an_order_with_a_mail_address_alone_is_of_the_customer_who_is_known_by_it(
    store: Store, shop: Site, take: Taking
):
    known = Notice(
        id="a", kind=Kind.PURCHASE, at=at(), value=100, currency="EUR", customer="7", email="Anna@shop.example"
    )
    await store.write(record, shop, known, at=at())

    await take("Order ID,Date,Total,Email\n1,2026-03-01,5,anna@shop.example\n2,2026-03-01,5,New@shop.example\n")

    assert {row[0]: row[4] for row in await store.read(bought)} == {"a": "7", "1": "7", "2": "new@shop.example"}


async def test_the_clock_of_the_shop_is_gone_by_where_it_was_put_forward_and_back(store: Store, take: Taking):
    done = await take(
        "Order ID,Date,Total\n1,2025-10-26 02:30,5\n2,2025-03-30 02:30,5\n3,2025-07-01 12:00,5\n",
        timezone="Europe/Vienna",
    )

    rows = await store.read(purchases_after, Span(SHOP, Microseconds(0), at(days=1)), "", 10)
    hours = [row.at // 3_600_000_000 % 24 for row in rows]
    assert hours == [0, 1, 10]
    assert sorted(count for count in done.plan.ways.remarks.values()) == [1, 1]


async def test_slashed_dates_are_told_apart_by_the_file_or_asked_for(store: Store, take: Taking):
    await take("Order ID,Date,Total\n1,03/02/2026,5\n")
    asked = take.faults
    await take("Order ID,Date,Total\n1,03/02/2026,5\n2,25/02/2026,5\n")

    assert "say --dates dmy or mdy" in asked[0][1]
    rows = await store.read(purchases_after, Span(SHOP, Microseconds(0), at(days=1)), "", 10)
    assert [row.at < at(days=-20) for row in rows] == [True, False]


async def test_columns_can_be_said_and_what_is_not_there_is_refused(store: Store, take: Taking):
    file = "Nr;Wann;Wieviel\n1;2026-03-01;5\n"
    with pytest.raises(ConfigurationError, match='--map "THEIR COLUMN=id"'):
        await take(file)
    with pytest.raises(ConfigurationError, match="the file has no column Was"):
        await take(file, maps={"Was": "id"})
    with pytest.raises(ConfigurationError, match="there is no column price_tag of ours"):
        await take(file, maps={"Nr": "price_tag"})

    await take(file, maps={"Nr": "id", "Wann": "at", "Wieviel": "value"})

    assert [row[:3] for row in await store.read(bought)] == [("1", "purchase", 500)]


async def test_a_file_that_cannot_be_read_to_its_end_is_not_taken_in_part(store: Store, take: Taking):
    await take(PLAIN + '1003,2026-03-01,5,"anna\n1004,2026-03-01,5,anna\n', skip_errors=True)

    assert await store.read(bought) == []


@pytest.mark.parametrize("file", [b"", b"\n\n", b"\x1f\x8b\x08 not gzip", b"x" * 200_000, b"x" * 2_000_000])
async def test_what_is_no_file_of_orders_is_refused(take: Taking, file: bytes):
    with pytest.raises(ConfigurationError):
        await take(file)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00 xl/workbook.xml", "spreadsheet or an archive. Save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet or an archive. Save it as CSV"),
        (b"\x7fELF\x02\x01\x01\x00\x00,a\n1,2\n", "no text. Export the table as CSV"),
    ],
    ids=["xlsx", "xls", "program"],
)
async def test_what_is_no_table_of_text_is_told_what_to_do(take: Taking, file: bytes, said: str):
    with pytest.raises(ConfigurationError, match=said):
        await take(file)


async def test_what_people_write_is_kept_as_text_without_what_cannot_be_stored(store: Store, take: Taking):
    file = '{"id": "=1+1", "total": "5", "at": "2026-03-01", "customer": {"id": "a", "name": "a\\u0000b\\ud800<b>"}}\n'

    await take(file)

    (row,) = await store.read(purchases_after, Span(SHOP, Microseconds(0), at(days=1)), "", 10)
    assert (row.id, row.name) == ("=1+1", "ab<b>")


async def exported(store: Store, kind: str) -> list[dict[str, str]]:
    return list(csv.DictReader((await written(store, kind)).decode().splitlines()))


async def test_an_imported_order_is_exported_once(store: Store, take: Taking):
    await take(PLAIN)

    told = [row["id"] for row in await exported(store, "purchases")]

    assert sorted(told) == sorted(row[0] for row in await store.read(bought))


async def test_more_than_one_amount_may_be_is_exported_of_a_segment(store: Store, take: Taking):
    row = "2026-03-01,9999999999999.99,anna"
    await take(f"Order ID,Date,Total,Customer ID\n1,{row}\n2,{row}\n")

    told = {row["segment"]: row["revenue"] for row in await exported(store, "segments")}

    assert told["silent buyer"] == "19999999999999.98"


async def test_undone_it_is_as_if_it_had_never_been(store: Store, shop: Site, take: Taking):
    mine = Notice(id="mine", kind=Kind.PURCHASE, at=at(), value=100, currency="EUR", customer="anna")
    await store.write(record, shop, mine, at=at())
    before = (await store.read(bought), await store.read(logged))
    done = await take(PLAIN)
    assert done.import_id is not None

    await undo_import(store, done.import_id, staff=None, now=at)

    assert (await store.read(bought), await store.read(logged)) == before
    assert await take.spent("anna") == {"EUR": 100}
    with pytest.raises(ConfigurationError, match="duologue import list"):
        await undo_import(store, done.import_id, staff=None, now=at)


async def test_who_is_forgotten_is_gone_from_what_was_imported(store: Store, take: Taking):
    await take(
        f"Order ID,Date,Total,Customer ID,Email,Customer Name\n1,2026-03-01,5,{ALICE.customer},{ALICE.email},Alice\n"
    )

    await store.write(forget_customer, SHOP, ALICE.customer)

    (row,) = await store.read(purchases_after, Span(SHOP, Microseconds(0), at(days=1)), "", 10)
    assert (row.value, row.customer, row.email, row.name) == (500, None, None, None)
    assert await store.read(logged) == [("purchase", "import", None, 500)]
