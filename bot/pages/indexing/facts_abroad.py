"""How other languages ask for a duration, a price or a time, tell them, and lean on what was said: a line for each.

On top of the English patterns of `words`, which know figures and signs in any language.
"""

import re
from collections.abc import Mapping


def _patterns(**told: str) -> Mapping[str, re.Pattern[str]]:
    return {f"={fact}": re.compile(pattern, re.IGNORECASE) for fact, pattern in told.items()}


TOLD: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "de": _patterns(
        duration=r"\b(?:\d+|ein\w{0,2}|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|nächste\w*)[\s-]+(?:\w+ )?"
        r"(?:minute|stunde|tag|werktag|arbeitstag|woche|monat|jahr)\w{0,2}\b",
        money=r"\d\s?(?:euro|franken)\b",
        clock=r"\b\d{1,2}(?:[:.]\d\d)? uhr\b",
    ),
    "fr": _patterns(
        duration=r"\b(?:\d+|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\s+(?:minute|heure|jour|semaine|mois|an|année)s?\b",
        money=r"\d\s?(?:euros?|francs?)\b",
        clock=r"\b\d{1,2} ?h(?: ?\d\d| ?(?:à|et)\b|\b)",
    ),
    "es": _patterns(
        duration=r"\b(?:\d+|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\s+(?:minuto|hora|día|dia|semana|mes|año)(?:e?s)?\b",
        money=r"\d\s?(?:euros?|pesos?|dólares)\b",
        clock=r"\ba las? \d{1,2}\b|\b\d{1,2}(?:[:.]\d\d)? ?h\b",
    ),
    "ar": _patterns(
        duration=r"(?:[\d٠-٩]+|ثلاثة|أربعة|خمسة|ستة|سبعة|عشرة)\s+(?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام|أسبوع|أسابيع|شهر|أشهر|سنة|سنوات)"
        r"|يومين|يومان|أسبوعين|أسبوعان|شهرين|سنتين|سنتان",
        money=r"[\d٠-٩]\s?(?:يورو|ريال|درهم|دينار|جنيه|دولار)",
        clock=r"الساعة",
    ),
}
ASKED: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "de": _patterns(
        duration=r"\bwie (?:lange|schnell|viele (?:tage|wochen|stunden))\b(?:\s+(?:dauert|braucht|ist|es|das|der|die))*"
        r"|\bliefer(?:zeit|dauer)\w*|\bwann (?:kommt|kommen|ist|wird)\b.{0,40}?\b(?:an|da|geliefert)\b",
        money=r"\bwie ?(?:viel|teuer)\b(?:\s+(?:kostet|kosten|ist|sind|das|der|die|es))*"
        r"|\bwas kost(?:et|en)\b|\bkost(?:et|en)\b|\bpreise?\b",
        clock=r"\bwie ?viel uhr\b|\böffnungszeit\w*|\bwann\b.{0,30}\b(?:offen|geöffnet|auf|zu|öffne\w*|schlie\w+)\b",
        phone=r"\b(?:telefon|handy)(?:nummer)?\b|\banrufen\b",
        mail=r"\be-?mail(?:-?adresse)?\b",
        place=r"\bwo (?:ist|sind|seid|liegt|finde)\b.{0,30}\b(?:ihr|sie|euch|laden|geschäft|büro)\b"
        r"|\badresse\b|\banschrift\b",
    ),
    "fr": _patterns(
        duration=r"\bcombien de (?:temps|jours|semaines)\b(?:\s+(?:faut|prend|dure|-?t|il|elle))*|\bd[ée]lais?\b",
        money=r"\bcombien (?:co[uû]te\w*|vaut|ça|est|sont)\b"
        r"|\bprix\b|\bco[uû]t(?:e|ent|s)?\b|\btarifs?\b|\bc'est combien\b",
        clock=r"\bquelle heure\b|\bhoraires?\b|\bquand\b.{0,30}\b(?:ouvert\w*|ouvr\w+|ferm\w+)",
        phone=r"\bt[ée]l[ée]phone\b|\bappeler\b",
        mail=r"\be-?mail\b|\bcourriel\b",
        place=r"\bo[uù] (?:est|se trouve|êtes|etes)\b.{0,30}\b(?:vous|magasin|boutique|atelier)\b|\badresse\b",
    ),
    "es": _patterns(
        duration=r"\bcu[aá]nto (?:tiempo\b|tarda\w*|demora\w*)|\bcu[aá]ntos d[ií]as\b|\bplazos?\b",
        money=r"\bcu[aá]nto (?:cuesta\w*|vale\w*|es|son|sale)\b|\bprecios?\b|\bcuesta[n]?\b|\bcostes?\b",
        clock=r"\bqu[eé] hora\b|\bhorarios?\b|\bcu[aá]ndo\b.{0,30}\b(?:abr\w+|abiert\w+|cierr\w+|cerr\w+)"
        r"|\b(?:abiert\w+|abren?)\b",
        phone=r"\btel[eé]fono\b|\bllamar\b",
        mail=r"\be-?mail\b|\bcorreo electr[oó]nico\b",
        place=r"\bd[oó]nde (?:est[aá]\w*|queda)\b.{0,30}\b(?:tienda|taller|ustedes|vosotros)?|\bdirecci[oó]n\b",
    ),
    "ar": _patterns(
        duration=r"كم (?:يستغرق|تستغرق|يوما?|من الوقت)|متى (?:يصل|تصل|ستصل|سيصل)|مدة",
        money=r"كم (?:سعر|ثمن|يكلف|تكلف|تكلفة|يبلغ)|بكم|سعر|ثمن|تكلفة",
        clock=r"متى (?:تفتح\w*|تغلق\w*|يفتح|يغلق)|ساعات العمل|أوقات|مواعيد",
        phone=r"هاتف|تلفون|جوال",
        mail=r"بريدكم|البريد الإلكتروني|[اإ]يميل",
        place=r"[أا]ين (?:يقع|تقع|أنتم|متجر|المتجر|محل)|عنوان",
    ),
}
LEANS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(pattern, re.IGNORECASE)
    for language, pattern in {
        "de": r"^\W*(?:und|aber|oder|dann|auch)\b|\b(?:es|das|dies\w*|dort|damit|davon|dafür|er|sie|ihn)\b",
        "fr": r"^\W*(?:et|mais|ou|alors)\b|\b(?:ça|cela|il|elle|ils|elles|y|en)\b",
        "es": r"^\W*(?:y|pero|o|entonces)\b|\b(?:eso|esto|ello|lo|ellos|ellas)\b",
        "ar": r"^\W*(?:و|وماذا|وكم|لكن)\b|\b(?:هذا|هذه|ذلك|هو|هي)\b",
    }.items()
}
