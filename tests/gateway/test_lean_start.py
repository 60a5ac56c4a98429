"""What the gateway brings along when it starts: each of these would make a first visitor wait, and hold memory."""

import json
import subprocess
import sys

import pytest

TOLD = "import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
HEAVY = frozenset(
    {
        "scipy",
        "pandas",
        "pyarrow",
        "duckdb",
        "ibis",
        "altair",
        "vl_convert",
        "sanic",
        "alembic",
        "spacy",
        "cryptography",
        "email_validator",
        "phonenumbers",
        "price_parser",
        "sqlalchemy.orm",
        "bot.pages.critique.critique",
    }
)


def brought_by(module: str) -> frozenset[str]:
    told = subprocess.run(
        [sys.executable, "-c", TOLD.format(module=module)], check=True, capture_output=True, text=True
    )
    return frozenset(json.loads(told.stdout))


@pytest.mark.parametrize("module", ["bot.gateway.serve", "bot.gateway.actions_host", "bot.pages.indexing.bm25"])
def test_what_answers_visitors_starts_without_what_only_reports_need(module: str) -> None:
    assert not brought_by(module) & HEAVY


def test_what_is_left_out_of_the_start_can_still_be_imported_by_who_needs_it() -> None:
    later = (
        "import bot.gateway.serve, scipy.sparse, sanic; assert scipy.sparse.csc_matrix and sanic.Sanic is not object"
    )
    subprocess.run([sys.executable, "-c", later], check=True)
