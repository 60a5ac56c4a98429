"""What visitors say of themselves in German.

Every noun is written large there and the model knows English only, so patterns are narrower than those of English.
"""

import re
from collections.abc import Iterator

from bot.understanding.named import Knows, Named, words

_LETTERS = r"[^\W\d_](?:[^\W_]|['’.-](?=[^\W_]))*"
_WORDS = rf"{_LETTERS}(?:[ ]+{_LETTERS}){{0,3}}"
_SIR = r"(?:(?:frau|herr|familie|dr|prof|mag|ing)\b\.?[ ]+)*"
_SINCE = r"(?:(?:jetzt|nun|aktuell|derzeit|inzwischen|seit[ ]+[\w ]{3,20}?)[ ]+)?"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("name", rf"\bmein[ ]+name[ ]+ist[ ]+nicht[ ]+[\w ,]{{2,40}}?sondern[ ]+{_SIR}({_WORDS})"),
        ("name", rf"\bich[ ]+hei(?:ß|ss)e[ ]+nicht[ ]+[\w ,]{{2,40}}?sondern[ ]+{_SIR}({_WORDS})"),
        ("name", rf"\bich[ ]+hei(?:ß|ss)e[ ]+{_SIR}({_WORDS})"),
        ("name", rf"\bmein[ ]+(?:voller[ ]+|richtiger[ ]+)?name[ ]+(?:ist|lautet)[ ]+{_SIR}({_WORDS})"),
        ("name", rf"\bnenn(?:en[ ]+sie)?[ ]+mich[ ]+(?:einfach[ ]+|bitte[ ]+)*({_WORDS})"),
        ("name", rf"\b(?:du[ ]+kannst|sie[ ]+können)[ ]+mich[ ]+({_LETTERS})[ ]+nennen"),
        ("name", rf"\bich[ ]+werde[ ]+({_LETTERS})[ ]+genannt"),
        ("large name", rf"\bhier[ ]+(?:ist|spricht)[ ]+{_SIR}({_WORDS})"),
        ("large name", rf"\bich[ ]+bin[ ]+(?:der|die)[ ]+({_LETTERS})(?=[ ]*(?:$|[,.!]|[ ]aus\b|[ ]und\b|[ ]von\b))"),
        (
            "full name",
            rf"\bich[ ]+bin[ ]+{_SIR}({_LETTERS}[ ]+{_LETTERS})(?=[ ]*(?:$|[,.!]|[ ]aus\b|[ ]und\b|[ ]von\b))",
        ),
        ("place", rf"\b(?:ich[ ]+(?:wohne|lebe)|wir[ ]+(?:wohnen|leben|sitzen))[ ]+{_SINCE}in[ ]+({_WORDS})"),
        ("place", rf"\b(?:bin|sind)[ ]+(?:gerade[ ]+|jetzt[ ]+|eben[ ]+)?nach[ ]+({_WORDS}?)[ ]+(?:um)?gezogen\b"),
        ("large place", rf"\b(?:ich[ ]+komme|wir[ ]+kommen)[ ]+aus[ ]+({_WORDS})"),
        ("large place", rf"\bich[ ]+bin[ ]+(?:der|die)[ ]+{_LETTERS}[ ]+aus[ ]+({_WORDS})"),
        ("company", rf"\b(?:ich[ ]+arbeite|wir[ ]+arbeiten)[ ]+(?:bei|für)[ ]+(?:der[ ]+|die[ ]+|dem[ ]+)?({_WORDS})"),
        ("company", rf"\bwir[ ]+von[ ]+(?:der[ ]+|dem[ ]+|den[ ]+)?({_WORDS})"),
        ("company", rf"\b(?:meine|unsere)[ ]+firma[ ]+(?:heißt|heisst|ist)[ ]+(?:die[ ]+|der[ ]+)?({_WORDS})"),
        ("company", rf"\bim[ ]+namen[ ]+(?:der[ ]+)?(?:firma|von)[ ]+({_WORDS})"),
    )
)
_SUPPOSED = re.compile(r"\b(?:wenn|falls|dass|daß|ob|wo|wie|nicht|nie)[ ]+$", re.IGNORECASE)
_ENDS = words("""
    aber alle als am an auch auf aus bei bin bis bitte brauche brauchen bräuchte da danke das dass dem den denn der
    des die dort ein eine einem einen einer eines er es falsch für gerade gern gerne guten habe haben hallo hat
    hätte hier ich ihr ihre im immer in ist ja jetzt kann kein könnte könnten leider liefern mal man mein meine mich
    mit möchte nach nein nicht noch nun nur ob oder schon sehr seit sie sind so sondern suche suchen um und uns
    unser von vor wann war was weil wenn wie wir wird wo wohne wohnen wollen wollte würde zu zum zur richtig
    geschrieben anders zufrieden enttäuscht hause""")
_ROLES = words("""
    ansicht meinung kunde kundin neue neuer besitzer besitzerin inhaber inhaberin chef chefin käufer käuferin
    empfänger empfängerin erste erster letzte letzter einzige einziger student studentin lehrer lehrerin mama papa
    mutter vater oma opa nachbar nachbarin stammkunde stammkundin besteller bestellerin händler verkäufer ärztin
    arzt richtige richtiger gleiche selbe""")
_NOWHERE = words("spaß versehen zufall interesse eile miete not angst liebe urlaub frieden ruhe lachen neugier")


def facts_said_in_german(text: str, knows: Knows) -> Iterator[tuple[str, str]]:
    """Each fact as (kind, value), in the order of trust."""
    for said, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _SUPPOSED.search(text, 0, match.start()):
                continue
            if (name := _name_in(match.group(1))) and _is_one(said, name, text, knows):
                yield said.rpartition(" ")[2], _large(name)


def _is_one(said: str, name: str, text: str, knows: Knows) -> bool:
    first, is_large = name.split()[0].lower(), name[0].isupper()
    match said:
        case "name":
            return first not in _ROLES
        case "large name":
            return is_large and first not in _ROLES
        case "full name":
            # "Ich bin Kunde Nummer eins": of two words written large the model must see a person.
            both = len(name.split()) == 2 and is_large and first not in _ROLES
            return both and knows(f"My name is {name}.", name) is Named.PERSON
        case "place":
            return (
                is_large or knows(f"I live in {_large(name)}.", _large(name)) is Named.PLACE
            ) and first not in _NOWHERE
        case "large place":
            return is_large and first not in _NOWHERE
        case _:
            return is_large


def _name_in(said: str) -> str:
    """The leading words that make the name: of one written small only itself, since all after it may be anything."""
    kept: list[str] = []
    for part in said.split():
        if part.lower() in _ENDS or (kept and part[0].isupper() != kept[0][0].isupper()):
            break
        kept.append(part.rstrip("'’.-"))
        if part.islower():
            break
    return " ".join(kept)


def _large(name: str) -> str:
    return name if name[0].isupper() else name[:1].upper() + name[1:]
