"""Which column of a file is what: by the names that shops' exports give them, or as the caller says."""

from collections.abc import Mapping, Sequence

from bot.errors import ConfigurationError
from bot.insights.imports.faults import shown

ORDERS: dict[str, tuple[str, ...]] = {
    "id": ("order id", "order number", "order no", "order name", "order", "invoice no", "invoice number", "invoice id",
           "invoice", "transaction id", "bestellnummer", "bestellung", "auftragsnummer", "rechnungsnummer",
           "commande", "id"),
    "type": ("type", "record type", "transaction type", "kind"),
    "of": ("of", "refund of", "refunded order", "original order", "original invoice", "parent order id"),
    "status": ("financial status", "payment status", "order status", "status", "bestellstatus"),
    "at": ("created at", "order date", "invoice date", "purchase date", "date created", "created", "date", "at",
           "ordered at", "transaction date", "timestamp", "bestelldatum", "datum", "rechnungsdatum", "paid at"),
    "value": ("total", "order total", "order total amount", "grand total", "total price", "total amount", "amount",
              "value", "revenue", "gesamtsumme", "gesamtbetrag", "summe", "betrag"),
    "margin": ("margin", "profit", "gross profit", "contribution", "marge", "deckungsbeitrag", "gewinn"),
    "currency": ("currency", "order currency", "currency code", "waehrung", "währung", "devise"),
    "customer": ("customer id", "customer user id", "customer number", "customer no", "customer", "user id",
                 "client id", "kundennummer", "kunden id"),
    "email": ("email", "e mail", "billing email", "billing email address", "email billing", "customer email",
              "mail", "contact email", "email address"),
    "name": ("customer name", "billing name", "full name", "name billing", "kunde", "kundenname"),
    "refunded": ("refunded amount", "order refund amount", "refund amount", "total refunded", "amount refunded",
                 "erstattet"),
    "sku": ("lineitem sku", "sku", "item sku", "stock code", "product sku", "product id", "item id", "artikelnummer"),
    "title": ("lineitem name", "item name", "product name", "description", "product", "item", "artikel"),
    "quantity": ("lineitem quantity", "quantity", "item quantity", "qty", "quantity refund", "menge", "anzahl"),
    "price": ("lineitem price", "unit price", "item cost", "item price", "price", "einzelpreis", "preis"),
}  # fmt: skip
CONTACTS: dict[str, tuple[str, ...]] = {
    "id": ("customer id", "customer user id", "customer number", "customer no", "contact id", "user id", "client id",
           "kundennummer", "id"),
    "email": ("email", "e mail", "email address", "billing email", "customer email", "mail"),
    "name": ("name", "full name", "customer name", "display name", "kundenname"),
    "first_name": ("first name", "given name", "billing first name", "vorname"),
    "last_name": ("last name", "surname", "family name", "billing last name", "nachname"),
    "company": ("company", "company name", "default address company", "billing company", "organization",
                "organisation", "firma", "unternehmen"),
    "city": ("city", "default address city", "billing city", "place", "town", "ort", "stadt"),
    "country": ("country code", "default address country code", "country", "billing country", "land"),
    "language": ("language", "locale", "preferred language", "sprache"),
    "consent": ("accepts email marketing", "accepts marketing", "email marketing consent", "marketing consent",
                "consent", "mail consent", "newsletter", "opt in", "subscribed", "email subscription status"),
    "ads_consent": ("ads consent", "ad consent", "consent ads", "consent ad", "advertising consent",
                    "consent advertising", "ads opt in", "werbeeinwilligung"),
    "ads_consent_at": ("ads consent at", "ads consent date", "ad consent at", "ad consent date", "consent ads at",
                       "consent ads date", "advertising consent at", "advertising consent date",
                       "consent advertising at", "werbeeinwilligung am"),
    "at": ("created at", "date created", "customer since", "registered", "sign up", "date", "at", "kunde seit"),
}  # fmt: skip
LINE = ("sku", "title", "quantity", "price")
KINDS = {"orders": ORDERS, "contacts": CONTACTS}


def plain(name: str) -> str:
    """Without capitals, signs and what stands in brackets: "Order Total (€)" is "order total", CustomerID too."""
    parts = []
    for before, letter in zip(" " + name, name, strict=False):
        parts.append(" " + letter if letter.isupper() and before.islower() else letter)
    told = "".join(parts).partition("(")[0].lower()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in told).split())


class NoSuchColumn(ConfigurationError):
    """The file lacks a column that every file of its kind has."""

    def __init__(self, what: str, ours: str) -> None:
        self.told = f"No column is {what}. Say below which is; the first line of the file has to be their names."
        """For a page, where it can be said."""
        super().__init__(
            f'No column is {what}. Say which: --map "THEIR COLUMN={ours}"; '
            "the first line of the file has to be the names."
        )


def columns_of(
    kind: str, names: Sequence[str], said: Mapping[str, str], *, is_all: bool = False
) -> dict[str, str]:  # fmt: skip
    """The file's name of each of our columns that it has; ConfigurationError for what was said and is not there.

    `is_all`: nothing is guessed beside what was said.
    """
    ours = KINDS[kind]
    found = {name: theirs for theirs, name in _as_said(said, names, ours).items()}
    if is_all:
        return found
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(plain(name), name)
    # In such a file the name is the order's, "#1001", and the id is nothing that anybody outside has ever seen.
    if kind == "orders" and "lineitem name" in folded and "name" in folded:
        found.setdefault("id", folded["name"])
    for name, spellings in ours.items():
        taken = set(found.values())
        theirs = next((folded[one] for one in spellings if folded.get(one) not in (None, *taken)), None)
        if theirs is not None:
            found.setdefault(name, theirs)
    if kind == "orders" and "name" not in found and "name" in folded and folded["name"] not in found.values():
        found["name"] = folded["name"]
    return found


def _as_said(said: Mapping[str, str], names: Sequence[str], ours: Mapping[str, object]) -> dict[str, str]:
    for theirs, name in said.items():
        if name not in ours:
            raise ConfigurationError(
                f"--map {theirs}={name}: there is no column {name} of ours; {', '.join(ours)} are."
            )
        if theirs not in names:
            there = ", ".join(shown(one) for one in names[:40])
            raise ConfigurationError(f"--map {theirs}={name}: the file has no column {theirs}; it has {there}.")
    return dict(said)
