"""Languages that the bot does not speak: which one a message is in, and how to say so in it.

Told by the script, or by small words that hardly another language has. Two are needed, since a name or a loan word may
look like one: "El Paso", "la carte".
"""

import re
from collections import Counter

from bot.spoken import legible, small_words

_SCRIPTS = (
    ("ja", "[\u3040-\u30ff]"),
    ("ko", "[\uac00-\ud7af]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("ar", "[\u0600-\u06ff]"),
    ("el", "[\u0370-\u03ff\u1f00-\u1fff]"),
    ("uk", "[іїєґІЇЄҐ]"),
    ("ru", "[\u0400-\u04ff]"),
)
_WORDS = {
    "fr": """je tu il elle nous vous ils est êtes sont suis avez avons ai c'est j'ai n'est qu'est le la les une des du
    au aux et où ou mon ma mes votre vos notre pas pour avec sans dans sur par quel quelle quand comment pourquoi
    combien qui que merci bonjour bonsoir salut oui peux peut pouvez puis voudrais veux commande livraison""",
    "es": """yo usted ustedes nosotros es son está están estoy hay el la los las un una unos del al y o mi mis su sus
    no para por con sin cómo cuándo cuánto cuál dónde qué quién gracias hola buenos buenas sí puedo puede pueden quiero
    quisiera tengo tiene tienen pedido envío hablan habla español devolver""",
    "it": """io lei voi noi è sono siete abbiamo avete ho hai il lo la gli una uno di del della dei delle al alla e o
    mio mia suo non per con senza come quando quanto quale dove che chi grazie ciao buongiorno buonasera sì posso può
    potete vorrei voglio ordine spedizione parlate parla italiano""",
    "pt": """eu você vocês nós é são está estão estou há o os as um uma do da dos das ao à e ou meu minha seu sua não
    para por com sem como quando quanto qual onde que quem obrigado obrigada olá bom boa sim posso pode podem quero
    gostaria tenho tem têm pedido envio falam fala português""",
    "nl": """ik jij je u wij jullie zij is zijn ben heeft hebben heb het een de en of mijn uw niet geen voor met
    zonder hoe wanneer hoeveel welke waar wat wie bedankt hallo goedemorgen goedendag ja kan kunnen mag wil graag
    bestelling levering spreekt spreken nederlands""",
    "pl": """ja ty pan pani my jest są jestem mam ma macie czy się nie dla za z ze bez jak kiedy ile jaki jaka gdzie co
    kto dziękuję cześć dzień dobry tak mogę może można chcę chciałbym chciałabym zamówienie wysyłka po polsku""",
    "sv": """jag du ni vi är var har det den en ett och eller min mitt din er inte ingen för med utan hur när mycket
    vilken vad vem tack hej ja kan vill skulle gärna beställning leverans svenska på till""",
    "da": """jeg du i vi er har det den en et og eller min mit din jeres ikke ingen for med uden hvordan hvornår hvor
    meget hvilken hvad hvem tak hej ja kan vil gerne bestilling levering dansk på til""",
    "tr": """ben sen siz biz var yok mı mi mu mü bir ve veya için ile nasıl ne zaman kadar hangi nerede kim teşekkürler
    merhaba evet hayır istiyorum misiniz mısınız sipariş kargo iade türkçe""",
}
_SAID = {
    "fr": "Je ne comprends que l'anglais et l'allemand. Pourriez-vous l'écrire dans l'une de ces deux langues ?",
    "es": "Solo entiendo inglés y alemán. ¿Podría escribirlo en uno de esos dos idiomas?",
    "it": "Capisco solo l'inglese e il tedesco. Potrebbe scriverlo in una di queste due lingue?",
    "pt": "Só entendo inglês e alemão. Poderia escrever numa dessas duas línguas?",
    "nl": "Ik begrijp alleen Engels en Duits. Kunt u het in een van die twee talen schrijven?",
    "pl": "Rozumiem tylko po angielsku i po niemiecku. Czy można prosić o wiadomość w jednym z tych języków?",
    "sv": "Jag förstår bara engelska och tyska. Kan du skriva det på något av de språken?",
    "da": "Jeg forstår kun engelsk og tysk. Kan du skrive det på et af de to sprog?",
    "tr": "Yalnızca İngilizce ve Almanca anlıyorum. Bu iki dilden birinde yazabilir misiniz?",
    "ru": "Я понимаю только английский и немецкий. Не могли бы вы написать на одном из этих языков?",
    "uk": "Я розумію лише англійську та німецьку. Чи могли б ви написати однією з цих мов?",
    "el": "Καταλαβαίνω μόνο αγγλικά και γερμανικά. Μπορείτε να το γράψετε σε μία από αυτές τις γλώσσες;",
    "ar": "أفهم الإنجليزية والألمانية فقط. هل يمكنك الكتابة بإحدى هاتين اللغتين؟",
    "zh": "我只懂英语和德语。您能用其中一种语言写吗？",
    "ja": "英語とドイツ語しか分かりません。どちらかの言語で書いていただけますか。",
    "ko": "저는 영어와 독일어만 이해합니다. 둘 중 한 언어로 써 주시겠어요?",
}
_IN = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LEAST_WORDS = 2
MOSTLY = 0.5
"""The share of the letters that are of another script; a name among English words is less."""
READ = 500


def foreign_language(text: str) -> str | None:
    """The code of the language; None when it is one that the bot speaks, or nothing tells."""
    text = legible(text[:READ])
    letters = sum(character.isalpha() for character in text)
    for language, script in _SCRIPTS:
        found = len(re.findall(script, text))
        whole = len(re.findall("[\u0400-\u04ff]", text)) if language == "uk" and found else found
        # Japanese has Chinese characters between its own.
        if found and (whole >= MOSTLY * letters or (language == "ja" and found * 5 >= letters)):
            return language
    counts = Counter(language for word in _words(text) for language, own in _IN.items() if word in own)
    first, second = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    # "A" and "do" are words of many.
    most = max(second[1], *small_words(text))
    return first[0] if first[1] >= LEAST_WORDS and first[1] > most else None


def _words(text: str) -> set[str]:
    whole = {word.replace("’", "'") for word in _WORD.findall(text.lower())}
    return whole | {part for word in whole for part in word.split("'") if len(part) > 1}


def spoken_here(language: str) -> str:
    """That the bot knows English and German only, in this language."""
    return _SAID[language]
