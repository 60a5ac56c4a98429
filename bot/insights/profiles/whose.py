"""Whose a row `one` of the log is, in SQL with `who` beside it: a customer's, else of a browser of nobody known."""

PERSON = """CASE WHEN who.customer IS NOT NULL THEN 'c:' || who.customer
    WHEN one.visitor IS NULL THEN 'c:' || one.customer ELSE 'v:' || one.visitor END"""
