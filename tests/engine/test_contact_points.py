"""Order numbers, addresses and telephone numbers, found by the running engine however they are written."""

import pytest

from tests.engine_fixture import Engine


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("where is order #1001?", [("order_number", "1001", "1001")]),
        ("order-1001", [("order_number", "1001", "1001")]),
        ("1001.", [("order_number", "1001", "1001")]),
        ("١٠٠١", [("order_number", "١٠٠١", "1001")]),
        ("Bestellung DE-77/2, bitte", [("order_number", "DE-77/2", "DE-77/2")]),
        (
            "nr. 1001, bob@visitors.example or +353 20 915 0142",
            [
                ("order_number", "1001", "1001"),
                ("email", "bob@visitors.example", "bob@visitors.example"),
                ("phone", "+353 20 915 0142", "+353209150142"),
            ],
        ),
        ("in order to be sure", []),
        ("since 2026-11-20", []),
        ("my card •••• •••• •••• 1111", []),
    ],
)
async def test_what_is_named_is_found_where_it_stands(
    engine: Engine, text: str, named: list[tuple[str, str, str]]
) -> None:
    result = await engine.say(text, mode="understand")

    found = [one for one in result.understanding.entities if one.kind in ("order_number", "email", "phone")]
    assert [(one.kind, one.text, one.value) for one in found] == named
    assert all(text[one.start : one.end] == one.text for one in found)
