"""Every table there is: its metadata knows a table only once somebody has imported the module that has it."""

from bot.store import (
    ad_consents,
    alert_tables,
    console_tables,
    experiment_tables,
    import_tables,
    made_exports,
    mail_tables,
    objective_tables,
    report_tables,
    spend,
    tables,
    valued_lot,
)

MODULES = (
    ad_consents, alert_tables, console_tables, experiment_tables, import_tables, mail_tables, made_exports,
    objective_tables, report_tables, spend, tables, valued_lot,
)  # fmt: skip
metadata = tables.metadata
