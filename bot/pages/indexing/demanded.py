"""What a question can't be answered without where it is not in English: a price, a time, a number."""

import re
from collections.abc import Collection, Mapping

from bot.pages.indexing.facts_abroad import ASKED

NUMBER, MOMENT = "=number", "=moment"
"""More that is asked for, and told in too many ways to be looked for: "how many?", "how high?"; and "when?"."""
MEASURED: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern, re.IGNORECASE)
    for language, pattern in {
        "de": r"\bwie ?viele?\b|\bwie (?:hoch|groß|gross|breit|weit|oft|alt|schwer)\b|\b(?:ab )?welche[mns]? alter\b",
        "fr": r"\bcombien\b|\b(?:à partir de |de )?quel âge\b|\bquelle est la (?:taille|hauteur|largeur)\b"
        r"|\btous les combien\b",
        "es": r"\b(?:cada )?cu[aá]nt[oa]s?\b|\bqu[eé] (?:edad|tamaño|altura)\b",
        "it": r"\b(?:ogni )?quant[oaie]\b|\b(?:a |da )?(?:che|quale) età\b",
        "nl": r"\bhoeveel\b|\bhoe (?:hoog|groot|breed|ver|vaak|oud|zwaar)\b|\b(?:vanaf )?welke leeftijd\b",
        "ru": r"\bсколько\b|\bкак часто\b|\bкакого (?:возраста|размера)\b",
        "ar": r"(?:^|\s)كم(?=\s)|أي عمر",
    }.items()
}
"""What of a question asks for a number, and names nothing."""
_WHEN: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern, re.IGNORECASE)
    for language, pattern in {
        "de": r"\bwann\b|\b(?:an )?welche[mnr] tag\b",
        "fr": r"\bquand\b(?! même)|\bquels? jours?\b",
        "es": r"\bcu[aá]ndo\b|\bqu[eé] d[ií]as?\b",
        "it": r"\bquando\b|\b(?:che|quale|quali) giorn[oi]\b",
        "nl": r"\bwanneer\b|\b(?:op )?welke dag(?:en)?\b",
        "ru": r"\bкогда\b|\bв как(?:ой|ие) д(?:ень|ни)\b",
        "ar": r"(?:^|\s)متى(?=\s)|أي يوم",
    }.items()
}
_DAYS = {
    "de": r"\b(?:(?:mon|diens|donners|frei|sams)tag|sonnabend|mittwoch|sonntag)s?\b|\b(?:täglich|sofort|jederzeit"
    r"|morgens|abends|"
    r"januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)\b",
    "fr": r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b|\b(?:matin|soir|janvier|février|mars|avril"
    r"|mai|juin|"
    r"juillet|août|septembre|octobre|novembre|décembre)\b",
    "es": r"\b(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bados?|domingos?)\b|\b(?:mañana|tarde|noche|enero"
    r"|febrero|marzo|"
    r"abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b",
    "it": r"\b(?:luned|marted|mercoled|gioved|venerd)ì|\b(?:sabat[oi]|domenic(?:a|he))\b|\b(?:mattina|sera|notte"
    r"|gennaio|febbraio|"
    r"marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)\b",
    "nl": r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:en)?\b|\b(?:dagelijks|ochtend|avond|januari|februari"
    r"|maart|april|mei|juni|"
    r"juli|augustus|september|oktober|november|december)\b",
    "ru": r"\b(?:понедельник|вторник|сред[ауы]|четверг|пятниц|суббот|воскресень)\w*|\b(?:ежедневно|утр\w+|вечер\w+"
    r"|сразу|январ|феврал|"
    r"март|апрел|ма[йея]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*",
    "ar": r"(?:السبت|سبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|يوميا|فورا|صباحا|مساء|كانون|شباط|آذار|نيسان"
    r"|أيار|حزيران|تموز"
    r"|آب|أيلول|تشرين|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|رمضان)",
}
DAYS: Mapping[str, re.Pattern[str]] = {one: re.compile(pattern, re.IGNORECASE) for one, pattern in _DAYS.items()}
"""Days of the week, months and parts of a day."""
_COUNTED: Mapping[str, re.Pattern[str]] = {
    language: re.compile(rf"\d|[٠-٩]|{pattern}", re.IGNORECASE)
    for language, pattern in {
        "de": r"\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|einmal"
        r"|zweimal|kein\w*|"
        r"jede[nrs]?|täglich)\b",
        "fr": r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|une fois|chaque"
        r"|aucun\w*)\b"
        r"|\b\w+aine\b",
        "es": r"\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|veinte|treinta|cien|una vez|cada"
        r"|ning[uú]n\w*)\b",
        "it": r"\b(?:due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici|venti|trenta|cento|una volta|ogni"
        r"|nessun\w*)\b",
        "nl": r"\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|twintig|dertig|honderd|eenmaal|elke?|geen)\b",
        "ru": r"\b(?:дв[аеу]\w*|тр[иё]\w*|четыр\w+|пят\w+|шест\w+|сем[ьи]|вос\w+|девят\w+|десят\w+|двадцат\w+"
        r"|тридцат\w+|сто|"
        r"кажд\w+|один|одн\w+|раз)\b",
        "ar": r"(?:اثنان|اثنين|ثلاث|أربع|خمس|ست[ةه]|سبع|ثماني|تسع|عشر|عشرون|ثلاثون|ثلاثين|مئة|مرة|مرتين|كل يوم|سنتين"
        r"|أسبوعين|يومين|شهرين)",
    }.items()
}
_CLOSED = re.compile(
    r"\b(?:geschlossen|fermée?s?|cerrad[oa]s?|chius[oaie]|gesloten|dicht|закрыт\w*|выходной)\b|مغلق", re.IGNORECASE
)
_ASKS = re.compile(
    r"^\W*(?:wie|was|wer|welch\w+|quel\w*|comment|c[uú][aá]l\w*|qu[eé]|qual\w?|che|come|wat|welke|hoe|как\w*"
    r"|ما|ماهو|ماهي)\b",
    re.IGNORECASE,
)


def demanded(question: str, language: str) -> frozenset[str]:
    """The kinds of facts without which nothing answers the question. "May I call you?" demands no number."""
    asked = {fact for fact, pattern in ASKED.get(language, {}).items() if pattern.search(question)}
    asked -= {"=place"} if _ASKS.match(question) else {"=place", "=phone", "=mail"}
    if "=clock" not in asked and language in _WHEN and _WHEN[language].search(question):
        asked.add(MOMENT)
    if not asked and language in MEASURED and MEASURED[language].search(question):
        asked.add(NUMBER)
    return frozenset(asked)


def is_given(kind: str, text: str, language: str, told: Collection[str]) -> bool:
    """Whether the text gives what is demanded; `told` are the kinds of facts found in it."""
    if kind not in (NUMBER, MOMENT):
        return kind in told or (kind == "=clock" and bool(_CLOSED.search(text)))
    if language not in DAYS:
        return True
    if kind == NUMBER:
        return bool(_COUNTED[language].search(text))
    return not {"=clock", "=duration"}.isdisjoint(told) or bool(DAYS[language].search(text))
