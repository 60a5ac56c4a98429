"""What a message is about: the few subjects that every shop hears of, in English and German."""

import re

_SAID = {
    "delivery": r"deliver\w*|ship(?:s|ped|ping|ment)?|parcels?|packages?|courier|arriv(?:e|es|ed|al|ing)|tracking|"
    r"express|post|liefer\w*|geliefert|versand\w*|versend\w*|pakete?s?|zustell\w*|sendung\w*|angekommen",
    "price": r"prices?|priced|pricey|cost(?:s|ly)?|expensive|cheap(?:er)?|afford|budget|discounts?|vouchers?|value|"
    r"preise?s?|kostet|kosten|teuer|billig(?:er)?|günstig\w*|rabatt\w*|gutscheine?",
    "quality": r"quality|broke(?:n)?|breaks?|holes?|torn|tore|seams?|zips?|shr[aiu]nk\w*|faded|itch(?:y|es)?|worn|"
    r"stains?|soft(?:ness)?|smells?|damaged|defective|fell apart|came apart|qualität|kaputt|loch|löcher|eingelaufen|"
    r"kratz\w*|beschädigt|weich",
    "returns": r"returns?|returned|refund(?:s|ed)?|money back|exchange[ds]?|send (?:it|them) back|rückgabe|zurückgeben|"
    r"zurückschicken|umtausch\w*|umtauschen|erstattung|geld zurück|mein geld",
    "service": r"service|staff|support|phone|repl(?:y|ies|ied)|answers?|answered|rude|helpful|emailed|bot|person|"
    r"personal|kundendienst|telefon|antwort\w*|antwortet|freundlich|unfreundlich",
    "size": r"sizes?|sizing|fit(?:s|ted|ting)?|too (?:small|big|large|tight|long|short)|bigger|smaller|collar|inches|"
    r"größe\w*|passt|passen|zu (?:klein|groß|eng|lang|kurz)",
    "website": r"website|web ?site|site|page|checkout|log ?in|account|password|crash\w*|error|app|webseite|seite|konto|"
    r"anmelden|passwort|fehlermeldung",
    "payment": r"pa(?:y|ys|id|ying|yment|yments)|card|charged|paypal|invoices?|bank|customs|bezahl\w*|zahl\w*|karte|"
    r"rechnung\w*|abgebucht|zoll",
    "order": r"orders?|ordered|ordering|bestell\w*|auftrag",
    "colour": r"colou?rs?|red|blue|green|grey|gray|purple|black|white|farben?|rot|blau|grün|grau|schwarz|weiß",
    "care": r"wash(?:es|ed|ing)?|iron|dry clean\w*|care|wäsche|waschen|gewaschen|pflege\w*|bügeln",
    "gift": r"gifts?|presents?|gift ?wrap\w*|birthday|wedding|christening|christmas|geschenk\w*|geburtstag|taufe|"
    r"hochzeit",
    "privacy": r"privacy|my data|delete|forget me|datenschutz|meine daten|löschen",
    "opening hours": r"opening hours|open(?:s|ed)?|clos(?:e|es|ed)|saturdays?|sundays?|öffnungszeiten|geöffnet|offen|"
    r"geschlossen",
}
TOPICS = tuple(_SAID)
_TOPICS = {topic: re.compile(rf"\b(?:{said})\b") for topic, said in _SAID.items()}


def topics_of(text: str) -> tuple[str, ...]:
    """The topics whose words are in the text; none for what is about nothing of these."""
    # Made small once: to look for both letters of each everywhere takes twice as long.
    small = text.lower()
    return tuple(topic for topic, said in _TOPICS.items() if said.search(small))
