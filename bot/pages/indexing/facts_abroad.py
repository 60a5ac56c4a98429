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
        r"(?:minute|stunde|tag|werktag|arbeitstag|woche|monat|jahr)\w{0,2}\b|\bhalbe\w? stunde",
        money=r"\d\s?(?:euro|franken)\b|\b(?:kosten(?:los|frei)|gratis|umsonst|gebührenfrei)\w*",
        clock=r"\b\d{1,2}(?:[:.]\d\d)? uhr\b",
    ),
    "fr": _patterns(
        duration=r"\b(?:\d+|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\s+(?:minute|heure|jour|semaine|mois"
        r"|an|année)s?\b|\bdemi-heure",
        money=r"\d\s?(?:euros?|francs?)\b|\bgratuit\w*",
        clock=r"\b\d{1,2} ?h(?: ?\d\d| ?(?:à|et)\b|\b)",
    ),
    "es": _patterns(
        duration=r"\b(?:\d+|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\s+(?:minuto|hora|día|dia|semana"
        r"|mes|año)(?:e?s)?\b|\bmedia hora\b",
        money=r"\d\s?(?:euros?|pesos?|dólares)\b|\bgratuit\w+|\bgratis\b",
        clock=r"\ba las? \d{1,2}\b|\b\d{1,2}(?:[:.]\d\d)? ?h\b",
        phone=r"\b[6-9]\d\d ?\d{3} ?\d{3}\b|\b[6-9]\d\d(?: \d\d){3}\b",
    ),
    "ar": _patterns(
        duration=r"(?:[\d٠-٩]+|ثلاثة|أربعة|خمسة|ستة|سبعة|عشرة)\s+(?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام|أسبوع|أسابيع|شهر"
        r"|أشهر|سنة|سنوات)"
        r"|نصف ساعة|يومين|يومان|أسبوعين|أسبوعان|شهرين|سنتين|سنتان",
        money=r"[\d٠-٩]\s?(?:يورو|ريال|درهم|دينار|جنيه|دولار)|مجان",
        clock=r"الساعة",
    ),
    "it": _patterns(
        duration=r"\b(?:\d+|un[oa']?|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici|trenta)\s*"
        r"(?:minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi])\b|\bmezz['’]ora\b",
        money=r"\d\s?(?:euro|franchi|centesimi)\b|\bgratuit\w+|\bgratis\b",
        clock=r"\b(?:alle|dalle|ore|le) \d{1,2}\b",
    ),
    "nl": _patterns(
        duration=r"\b(?:\d+|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien)\s+(?:\w+ )?"
        r"(?:minu(?:ut|ten)|u(?:ur|ren)|(?:werk)?dag(?:en)?|we(?:ek|ken)|maand(?:en)?|ja(?:ar|ren))\b|\bhalf uur\b",
        money=r"\d\s?euro\b|\b(?:gratis|kosteloos|kosteloze)\b",
        clock=r"\b\d{1,2}(?:[:.]\d\d)? uur\b|\b\d{1,2}[:.]\d\d (?:tot|en)\b",
    ),
    "ru": _patterns(
        duration=r"(?:\d|\b(?:од\w+|дв[аеу]\w*|тр[иё]\w*|четыр\w+|пят\w+|шест\w+|сем[ьи]|вос\w+|девят\w+|десят\w+"
        r"|за))\s*"
        r"(?:рабочих )?(?:минут|час|сут|дн|день|недел|месяц|год|лет)\w*|\bполчаса\b|\b(?:час|сутки|недел[юя]|месяц"
        r"|год)\b",
        money=r"\d\s?(?:руб|₽|евро|доллар)|\bбесплатн\w+",
        clock=r"\b(?:с|до|в) \d{1,2}[:.]\d\d\b|\bв \d{1,2} час",
        phone=r"\b8[ (-]{1,2}\d{3}[ )-]{1,2}\d{3}(?:[ -]?\d\d){2}\b",
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
    "it": _patterns(
        duration=r"\bquanto (?:tempo|dura\w*)\b(?:\s+(?:ci vuole|serve|dura\w*))*|\b(?:entro|per) quanti giorni\b",
        money=r"\bquanto (?:cost\w+|viene|è|vale)\b|\bprezz[oi]\b|\bcosta(?:no)?\b|\btariff[ae]\b",
        clock=r"\bche or[ae]\b|\borari[oi]?\b|\bquando\b.{0,30}\b(?:apert\w+|apr\w+|chiu\w+)",
        phone=r"\b(?:numero di )?telefono\b|\bchiamar\w+\b",
        mail=r"\be-?mail\b|\bposta elettronica\b",
        place=r"\bdove (?:siete|si trova|è)\b|\bindirizzo\b",
    ),
    "nl": _patterns(
        duration=r"\bhoe ?(?:lang|snel)\b(?:\s+(?:duurt|blijft|blijven|is|zijn|het|de))*|\bhoeveel (?:dagen|weken"
        r"|tijd)\b",
        money=r"\b(?:wat|hoeveel) kost(?:en)?\b|\bhoe duur\b|\bkost(?:en)?\b|\bprij(?:s|zen)\b",
        clock=r"\bhoe laat\b|\bopeningstijd\w*|\bwanneer\b.{0,30}\b(?:open|dicht|gesloten)\b",
        phone=r"\btelefoon(?:nummer)?\b|\bbellen\b",
        mail=r"\be-?mail(?:adres)?\b",
        place=r"\bwaar (?:zijn|is|zit|ligt|vind)\b.{0,30}\b(?:jullie|u|winkel|kantoor)\b|\badres\b",
    ),
    "ru": _patterns(
        duration=r"\bсколько (?:времени|дней|длится|длятся|занимает)\b(?:\s+(?:занимает|длится|нужно))*|\bкак долго\b",
        money=r"\bсколько (?:\w+ )?(?:стоит|стоят|стоить)\b|\bцен[аыу]\b|\bстоимость\b|\bпочём\b",
        clock=r"\b(?:во|до) сколько\b|\b(?:часы|режим|график) работы\b|\bкогда\b.{0,30}\b(?:откры\w+|закры\w+"
        r"|работает\w*)",
        phone=r"\bтелефон\w*|\bпозвонить\b",
        mail=r"\be-?mail\b|\bэлектронн\w+ почт\w+",
        place=r"\bгде (?:вы|находит\w+|ваш\w*)\b|\bадрес\w*",
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
SAME: Mapping[str, tuple[str, ...]] = {
    "de": (
        "offen öffnen öffnet geöffnet öffnungszeiten sprechzeiten",
        "liefern liefert liefere lieferung versand versenden verschicken",
    ),
    "fr": ("ouvert ouverte ouvre ouvrez ouvrir horaires", "livrer livrez livrons livraison expédier expédions envoyez"),
    "es": ("abierto abierta abre abren abrimos horario", "enviar envían enviamos envíos entrega entregan"),
    "it": ("aperto aperta apre aprite apriamo orari", "spedire spedite spediamo spedizione consegna consegnate"),
    "nl": ("open geopend opent openingstijden", "verzenden verzending versturen bezorgen levering leveren"),
    "ru": ("открыт открыта открыты открывается", "доставка доставляете доставляем отправляете отправляем"),
    "ar": ("مفتوح مفتوحة يفتح تفتح تفتحون نفتح", "شحن الشحن نشحن تشحنون توصيل التوصيل توصلون"),
}
"""Words of a line are looked for as one, as in English: stemmers know them apart. Short on purpose."""
