"""Words of other languages than English: where one ends, which say nothing, and what of a word is looked for."""

import pkgutil
import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import Stemmer  # type: ignore[import-not-found]

from bot.pages.indexing.bm25 import stopwords

ENGLISH = "en"
_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
BY_PAIRS = frozenset({"zh", "ja", "th", "ko"})
"""Written without spaces, or, Korean, with the small words grown onto the others: found by pairs of characters."""
_SAME_LANGUAGE = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "yue": "zh"}
_LISTS = {
    ENGLISH: "English",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
}
LANGUAGES = frozenset(_LISTS) | BY_PAIRS
"""Those that we can tell from one another. Of what has no stemmer, whole words are looked for."""
FREQUENT = 120
"""Words of a language's list, the most frequent first; further down stand the subjects of an encyclopedia."""
_SMALL = 40
"""Words at the top of that list that say nothing, for languages without a list of their own."""
_STOPS = {
    ENGLISH: stopwords.STOPWORDS_EN_PLUS,
    "da": stopwords.STOPWORDS_DANISH,
    "de": stopwords.STOPWORDS_GERMAN,
    "es": stopwords.STOPWORDS_SPANISH,
    "fr": stopwords.STOPWORDS_FRENCH,
    "it": stopwords.STOPWORDS_ITALIAN,
    "ko": stopwords.STOPWORDS_KOREAN,
    "nl": stopwords.STOPWORDS_DUTCH,
    "no": stopwords.STOPWORDS_NORWEGIAN,
    "pt": stopwords.STOPWORDS_PORTUGUESE,
    "ru": stopwords.STOPWORDS_RUSSIAN,
    "sv": stopwords.STOPWORDS_SWEDISH,
    "tr": stopwords.STOPWORDS_TURKISH,
    "zh": stopwords.STOPWORDS_CHINESE,
}
# What visitors say around a question, as in English.
_AROUND = {
    "ar": """هل ما ماذا متى أين كيف كم من لماذا أي لدى لديكم عندكم لكم لي لنا أنا نحن أنتم أنت يمكن يمكنني يمكنكم ممكن
    أستطيع نستطيع أريد أود نريد فضلك فضلكم رجاء شكرا مرحبا السلام عليكم يوجد توجد هناك تقدمون تقدم لو إذا إن كان لم لن
    هذا هذه ذلك تلك هو هي هم على إلى في عن مع بعد قبل أو و ثم قد كل بين عند حتى التي الذي شيء أيضا""",
    "de": """bitte hallo danke gibt gibts geht möchte möchten hätte hätten brauche kriege bekomme wann wer wieviel welch
    welche könnt könnte können darf dürfen habt seid euch ihr ihnen mal eigentlich gern gerne frage wissen sagen
    bieten bietet anbieten macht denn etwa""",
    "es": """hola gracias favor puedo puede pueden podría podrían podemos podéis quiero quisiera quería necesito cuál
    cuáles cuándo cuánto cuánta cuántos cuántas dónde cómo hacen hacéis ofrecen ofrecéis saber decir alguna alguno
    algún usted ustedes si al""",
    "fr": """bonjour merci svp plaît puis peux peut pouvez pouvons pourrais pourriez peuvent veux voudrais voudrait quel
    quelle quels quelles quand combien comment où faites fait proposez avoir savoir dire est-ce ya si chez cela ça
    quoi qu'est votre vos""",
    "it": """ciao grazie favore posso può potete possono vorrei voglio quale quali quando quanto quanta dove come fate
    offrite sapere""",
    "nl": """hallo bedankt alstublieft graag kan kunnen kunt mag wil willen welke wanneer hoeveel waar hoe jullie weten
    bieden""",
    "pt": """olá obrigado obrigada favor posso pode podem gostaria quero qual quais quando quanto quanta onde como vocês
    fazem oferecem saber""",
}
_FOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_DIGITS = {far: near for row in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for far, near in zip(row, "0123456789", strict=True)}
_TYPED = {
    # Without the keys for it, umlauts are typed as two letters.
    "de": str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"}),
    "da": str.maketrans({"ø": "oe", "å": "aa"}),
    "no": str.maketrans({"ø": "oe", "å": "aa"}),
    "sv": str.maketrans({"ä": "ae", "ö": "oe", "å": "aa"}),
    # Alef with and without its hamza, taa marbuta and alef maqsura: typed one for the other.
    "ar": str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي"} | _DIGITS),
    "fa": str.maketrans({"ي": "ی", "ك": "ک"} | _DIGITS),
}
# Vowel signs are parts of words in Indian scripts; Arabic and Hebrew ones, and stretched lines, are dropped.
_NO_LETTERS = re.compile("[\u064b-\u065f\u0670\u0640\u0591-\u05c7]")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0900-\u0dff])*")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|un)['’](?=\w)")
# Thai, hiragana, katakana, Chinese characters, Hangul: a word of Japanese rarely goes from one into another.
_SCRIPTS = ("\u0e00-\u0e7f", "\u3040-\u309f", "\u30a0-\u30ff", "\u3400-\u9fff々", "\uac00-\ud7af")
UNSPACED = re.compile(f"[{''.join(_SCRIPTS)}]")
_RUN = re.compile("|".join(f"[{script}]+" for script in (*_SCRIPTS, f"^\\W_{''.join(_SCRIPTS)}")))
# What is written in one with an Arabic word: and, to, by, so, and the persons of a verb; the stemmer leaves most.
_GROWN_ON = re.compile("[ولبفيتن](?=.{3})")
_HIRAGANA = re.compile("[\u3040-\u309f]+")

_local = threading.local()


def language_code(told: str) -> str:
    """`de` of `de-AT`; empty of what we can't tell from others, so that the text decides."""
    code = re.split(r"[-_]", told.strip().lower())[0]
    code = _SAME_LANGUAGE.get(code, code)
    return code if code in LANGUAGES else ""


def frequent_words(language: str) -> tuple[str, ...]:
    """The most frequent first, in lower case; none of a language that is told by its script."""
    if language not in _LISTS:
        return ()
    lines = (pkgutil.get_data("justext", f"stoplists/{_LISTS[language]}.txt") or b"").decode().split()
    return tuple(dict.fromkeys(word.lower() for word in lines[:FREQUENT]))


@cache
def _small_words(language: str) -> frozenset[str]:
    """Words that say nothing of what a text is about, as they are written, and as they are typed."""
    own = _STOPS.get(language) or frequent_words(language)[:_SMALL]
    words = {*own, *_AROUND.get(language, "").split()}
    return frozenset(words | {folded(word) for word in words} | {_typed(word, language) for word in words})


def is_small(word: str, language: str) -> bool:
    """Whether the word says nothing of what a text is about."""
    # Japanese writes endings and particles in hiragana, and most of what has a meaning in other letters.
    return word in _small_words(language) or (language == "ja" and bool(_HIRAGANA.fullmatch(word)))


def words_in(text: str, language: str) -> Iterator[str]:
    """The words in lower case; of a language written without spaces, each two neighbouring characters."""
    plain = _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text)).lower()
    if language in BY_PAIRS:
        for run in _RUN.findall(plain):
            yield from _pairs(run) if UNSPACED.match(run) else (run,)
    else:
        yield from _WORD.findall(_ELIDED.sub("", plain))


@lru_cache(maxsize=65_536)
def forms(word: str, language: str) -> tuple[str, ...]:
    """What the word is looked for by: its stem without accents, and the stem of how those without the keys type it."""
    typed = _typed(word, language)
    found = [folded(_stem(word, language)), folded(_stem(typed, language))]
    if language == "ar" and (grown := _GROWN_ON.match(typed)):
        found.append(_stem(typed[grown.end() :], language))
    return tuple(dict.fromkeys(found))


def folded(word: str) -> str:
    """Without accents: é is e, and å is a."""
    apart = unicodedata.normalize("NFD", word.translate(_FOLDED))
    return unicodedata.normalize("NFC", "".join(one for one in apart if not "\u0300" <= one <= "\u036f"))


def _typed(word: str, language: str) -> str:
    return folded(word.translate(_TYPED.get(language, {})))


def _pairs(run: str) -> Iterator[str]:
    return iter([run]) if len(run) == 1 else (run[at : at + 2] for at in range(len(run) - 1))


def _stem(word: str, language: str) -> str:
    if language not in _STEMMERS:
        return word
    # One for each thread: the stemmer keeps a buffer of its own.
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(_STEMMERS[language])
    return str(stemmers[language].stemWord(word))
