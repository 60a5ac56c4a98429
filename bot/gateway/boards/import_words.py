"""What the page about imports calls columns and states, and what the command's sentences say there."""

import re

ORDER_COLUMNS = {
    "id": "Order number", "at": "Date", "value": "Total", "currency": "Currency", "margin": "Margin",
    "customer": "Customer number", "email": "E-mail of who bought", "name": "Name of who bought",
    "refunded": "Refunded",
    "status": "Status", "type": "Purchase or refund", "of": "Refund of order", "sku": "Article number",
    "title": "Article", "quantity": "Quantity", "price": "Price of one",
}  # fmt: skip
CONTACT_COLUMNS = {
    "id": "Customer number", "email": "E-mail", "name": "Name", "first_name": "First name", "last_name": "Last name",
    "company": "Company", "city": "City", "country": "Country", "language": "Language",
    "consent": "Agrees to mail (yes or no)",
    "ads_consent": "Agrees to advertising (yes or no)", "ads_consent_at": "Agreed to advertising on",
    "at": "Customer since",
}  # fmt: skip
SPEND_COLUMNS = {
    "day": "Day", "until": "Last day", "channel": "Channel", "campaign": "Campaign", "amount": "Amount",
    "currency": "Currency",
}  # fmt: skip
COLUMNS = {"orders": ORDER_COLUMNS, "contacts": CONTACT_COLUMNS, "spend": SPEND_COLUMNS}
TITLES = {
    name: title for columns in (CONTACT_COLUMNS, SPEND_COLUMNS, ORDER_COLUMNS) for name, title in columns.items()
} | {"ads": "Agrees to advertising", "mail_consent": "Agrees to mail"}
STATES = {"accepted": "coming in", "done": "imported", "undoing": "being undone", "undone": "undone"}
FIELDS = {"currency": "Currency", "timezone": "Time zone", "dates": "Dates", "decimals": "Decimals"}
_OPTION = re.compile(
    r"(?:give|say|or say) --(dates|decimals|currency|timezone)( [A-Z]{3}\b| dmy or mdy| point or comma)?", re.ASCII
)
_EXAMPLE = re.compile(r", e\.g\. --map .*$", re.ASCII | re.DOTALL)
_BEFORE = re.compile(r"--(dates|decimals|currency|timezone|map) ?", re.ASCII)


def for_page(sentence: str) -> str:
    """A sentence of the command with the page's fields for its options.

    >>> for_page("--currency EUX: there is no such currency; give e.g. EUR.")
    'Currency EUX: there is no such currency; give e.g. EUR.'
    >>> for_page("\\"03/04/2026\\" may be of two months; say --dates dmy or mdy, or write 2026-03-01")
    '"03/04/2026" may be of two months; choose “Dates” below, or write 2026-03-01'
    """
    plain = _EXAMPLE.sub(" below.", sentence)
    plain = _OPTION.sub(lambda found: f"choose “{FIELDS[found[1]]}” below", plain)
    return _BEFORE.sub(lambda found: f"{FIELDS.get(found[1], 'Columns')} ", plain)
