"""Who asks for every table gets every table: what removes a site would leave some of it behind otherwise."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from sqlalchemy import Table

import bot.store
from bot.store.every_table import MODULES


def test_no_module_with_a_table_is_forgotten():
    modules = [import_module(f"bot.store.{one.name}") for one in iter_modules(bot.store.__path__) if not one.ispkg]
    with_tables = {
        module for module in modules for value in vars(module).values()
        if isinstance(value, Table) and value in _of(module)
    }  # fmt: skip

    assert {module.__name__ for module in with_tables} <= {module.__name__ for module in MODULES}


def _of(module: object) -> list[Table]:
    """The tables that the module itself makes, by its text: others only import them."""
    text = Path(module.__file__).read_text(encoding="utf-8")  # type: ignore[attr-defined]
    return [one for name, one in vars(module).items() if isinstance(one, Table) and f"\n{name} = Table(" in text]
