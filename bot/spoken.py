"""Which of the bot's languages a message is written in: told by the small words that only one of them has.

A message has few words, so that one of them may have to do. What both languages write alike ("was", "die", "also")
tells nothing, and neither does a name, a number or an "ok".
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Language = Literal["en", "de"]

_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""What stands above and below letters, of no script by itself."""
HEAP = 3
"""So many that do not belong to their letters, as the dots of an ä do."""
TOO_MANY = 3
"""Questions at once that no one answer fits: the first is answered."""
LEAST_ASKED = 2
"""Words of a question."""
_QUESTION = re.compile(r"(?:[^.!?\n]|\.(?=\w)){1,300}\?")
_WORDS = {
    "en": """a about after again all already and any anybody anyone anything are aren't as at back be because been
    before but buy by bye can can't cannot could couldn't did didn't do does doesn't doing don't dont down each else
    enough ever every for forget from get give go goes going good goodbye got great had has have haven't hello
    help her here hey him his how i i'd i'll i'm i've if im into is isn't it it's its just know let like long
    look looking made make many may me mine more morning much must my need never new nice no nobody nope not
    nothing now of off old on one only open or order other our out over pay please quite really right say see
    send shall she should some somebody someone something soon sorry still stop such sure take talk tell than
    thank thanks that that's the their them then there these they thing think this those thx till to today
    told tomorrow too until up very wait want wanted wants wasn't way we week well were what what's when where
    which while who whole whose why with within without won't work works would wouldn't wrong yeah yep yes
    yesterday yet you your yours""",
    "de": """aber alle alles als anderen auch auf aus außer bei beim bereits besser bis bisher bitte brauche brauchen
    bräuchte bringen da dabei dafür dagegen damit danach danke dann daran darauf darf darüber das dass dazu
    dein deine dem denn dennoch der deshalb dich dies diese diesem diesen dieser dieses dir doch dort du durch
    dürfen ein eine einem einen einer eines einfach einmal etwa etwas euch euer eure fehlt finde finden frage
    für ganz gar geben gefällt gegen gehört geht genau gerade gern gerne gibt gibts gruß gut gute guten guter
    habe haben habt hallo hatte hätte hätten heißt heute hier hilfe ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer im immer ist ja jede jeden jeder jemand jetzt kann kannst kein keine keinen keiner klar kommen kommt
    können könnt konnte könnte könnten kosten kostet lange leider machen macht mal mehr mein meine meinem
    meinen meiner meines mich mir mit möchte möchten moin morgen muss müssen nach nachricht nee nein neu neue
    nicht nichts nie niemand noch nochmal nun nur ob oder ohne schade schicken schlecht schon schön sehr sei
    seid sein seine seit servus sich sicher sie sind sofort sollte sondern sonst sprechen stimmt tschüs
    tschüss über um und uns unser unsere unter viel viele vielen vom von vor wann wäre wären warte warten
    warum weg wegen weil weiß weiter welche welchen welcher welches wem wen wenig wenn werde werden weshalb
    wie wieder wieso wieviel wir wird wirklich wissen wo woher wohin wollen wollte wurde würde würden zu zum
    zur zurück zwei zwischen""",
}
_ENGLISH, _GERMAN = (frozenset(words.split()) for words in _WORDS.values())
_UMLAUTS = re.compile("[äöüß]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT_WORDS = re.compile(r"\S*[@/]\S*")
"""Addresses: "info@der-laden.de" is written so in every language."""


def legible(text: str) -> str:
    """Without the marks that are heaped on letters to spoil them; with few or none it stays itself."""
    if len(_MARKS.findall(unicodedata.normalize("NFC", text))) < HEAP:
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def questions_in(text: str) -> list[str]:
    """The sentences that ask, by their mark; "what?" by itself is none."""
    return [one.strip() for one in _QUESTION.findall(text) if len(one.split()) >= LEAST_ASKED]


def spoken_in(text: str) -> Language | None:
    """The language of `text`; None when it does not tell, or is in another that we do not speak."""
    english, german = small_words(text)
    if english == german:
        return None
    return "de" if german > english else "en"


def small_words(text: str) -> tuple[int, int]:
    """How many words of `text` only English has, and how many only German."""
    words = [word.replace("’", "'") for word in _WORD.findall(_NOT_WORDS.sub(" ", text[:1_000].lower()))]
    english = sum(word in _ENGLISH for word in words)
    german = sum(word in _GERMAN or bool(_UMLAUTS.search(word)) for word in words)
    return english, german


def language_of(text: str, earlier: Iterable[str], *preferred: str | None) -> Language:
    """What to answer `text` in: its own language, else that of what was said `earlier`, the latest first.

    Else the first of the `preferred` that we speak, such as the browser's "de-AT"; English in the end.
    """
    for said in (text, *earlier):
        if (told := spoken_in(said)) is not None:
            return told
    for code in preferred:
        match (code or "").lower().replace("_", "-").partition("-")[0]:
            case "de":
                return "de"
            case "en":
                return "en"
    return "en"
