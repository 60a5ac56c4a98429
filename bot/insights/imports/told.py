"""What an import would do, or did, in sentences and as JSON."""

from collections.abc import Iterator
from typing import Any

from bot.insights.imports.faults import Faults
from bot.insights.imports.plan import Plan, has_lines
from bot.interactions import Microseconds, rfc3339
from bot.money import decimal_text

WORDS = {"purchase": ("purchase", "purchases"), "refund": ("refund", "refunds"), "contact": ("contact", "contacts")}


def as_json(plan: Plan, faults: Faults, *, import_id: int | None) -> dict[str, Any]:
    return {
        "kind": plan.kind,
        "form": plan.form,
        "rows": plan.rows,
        "columns": plan.columns,
        "unused": plan.unused,
        "new": plan.new,
        "known": plan.known,
        "linked": plan.linked,
        "money": {kind: {code: decimal_text(value, code) for code, value in sums.items()}
                  for kind, sums in plan.money.items()},
        "first": _moment(plan.first),
        "last": _moment(plan.last),
        "timezone": plan.ways.clock.zone,
        "decimals": "comma" if plan.ways.comma else "point",
        "remarks": plan.ways.remarks,
        "errors": faults.count,
        "first_errors": [vars(one) for one in sorted(faults.first, key=lambda one: one.line)],
        "import": import_id,
    }  # fmt: skip


def sentences(plan: Plan, faults: Faults, name: str) -> Iterator[str]:
    """What was found, a line each; what becomes of it is for others to say."""
    yield from facts(plan, name)
    yield from _of_faults(faults)


def facts(plan: Plan, name: str) -> Iterator[str]:
    """The same without what is wrong."""
    one, many = ("line", "lines of orders") if has_lines(plan) and plan.kind == "orders" else ("row", "rows")
    yield f"{name}: {plan.form}, {plan.rows:,} {one if plan.rows == 1 else many}."
    yield "Columns: " + ", ".join(f"{ours} is {theirs}" for ours, theirs in plan.columns.items()) + "."
    if plan.unused:
        yield "Not used: " + ", ".join(plan.unused) + "."
    if "at" in plan.columns:
        decimals = "comma" if plan.ways.comma else "point"
        yield f"Times without a zone are those of {plan.ways.clock.zone}; decimals stand after a {decimals}."
    yield f"New: {_new(plan)}."
    if plan.first is not None and plan.last is not None:
        yield f"From {_moment(plan.first)} to {_moment(plan.last)}."
    if plan.kind == "orders" and plan.count:
        yield f"{plan.linked:,} of them are of a customer, {plan.count - plan.linked:,} of nobody known."
    if plan.known:
        yield f"{plan.known:,} are known already, with the same content, and stay as they are."
    yield from (f"{count:,} {what}." for what, count in plan.ways.remarks.items())


def _new(plan: Plan) -> str:
    parts = []
    for kind, count in plan.new.items():
        money = ", ".join(f"{decimal_text(value, code)} {code}" for code, value in plan.money.get(kind, {}).items())
        parts.append(f"{count:,} {WORDS[kind][count != 1]}" + (f" ({money})" if money else ""))
    return " and ".join(parts) or "nothing"


def _of_faults(faults: Faults) -> Iterator[str]:
    if not faults.count:
        return
    yield "1 row is wrong:" if faults.count == 1 else f"{faults.count:,} rows are wrong:"
    yield from (f"  line {one.line}: {one.problem}." for one in sorted(faults.first, key=lambda one: one.line))
    if (more := faults.count - len(faults.first)) > 0:
        yield f"  and {more:,} more; --errors FILE.csv writes them all."


def _moment(at: int | None) -> str | None:
    return None if at is None else rfc3339(Microseconds(at))
