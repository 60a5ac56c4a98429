"""What a spreadsheet takes for the beginning of a formula."""

FORMULA_LEADS = frozenset("=+-@\t\r\0＝＋－＠")
INVISIBLE = " \u00a0\u200b\ufeff\n"
"""May stand before it: some programs cut them off."""
