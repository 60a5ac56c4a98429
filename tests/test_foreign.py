"""Which language a message is in that the bot does not speak."""

import pytest

from bot.foreign import foreign_language, spoken_here

FOREIGN = [
    ("où est ma commande ?", "fr"),
    ("Bonjour, vous livrez en Norvège ?", "fr"),
    ("¿hablan español? quiero devolver una bufanda", "es"),
    ("hola, cuánto cuesta el envío a España", "es"),
    ("ciao, parlate italiano?", "it"),
    ("quanto costa la spedizione in Italia?", "it"),
    ("olá, vocês enviam para Portugal?", "pt"),
    ("hoeveel kost de levering naar België?", "nl"),
    ("czy wysyłka jest do Polski?", "pl"),
    ("hej, kan jag betala med kort på svenska?", "sv"),
    ("hvordan kan jeg returnere min bestilling", "da"),
    ("merhaba, sipariş ne zaman gelir?", "tr"),
    ("сколько стоит доставка в Москву?", "ru"),
    ("скільки коштує доставка до Києва?", "uk"),
    ("πόσο κοστίζει η αποστολή;", "el"),
    ("كم تكلفة الشحن؟", "ar"),
    ("运费多少钱？", "zh"),
    ("送料はいくらですか", "ja"),
    ("배송비가 얼마예요?", "ko"),
]
KNOWN_OR_UNTOLD = [
    "do you ship to Norway?",
    "wie lange dauert der Versand nach Norwegen?",
    "El Paso",
    "do you have a la carte, or a menu du jour?",
    "hello",
    "1001",
    "😀😀",
    "ok",
    "Ridge Hat",
    "Is Дмитрий there today?",
    "",
    "???",
    "a" * 4000,
    "d̷̢̛o̶͔͝ ̵̨͠y̸͔͐o̶̰͝ṵ̷̏ ̴̬̈́s̵̰̀h̸̡͝i̷̭̍p̶̩̽",
    "Was kostet die Lieferung in die Niederlande?",
    "Grüezi, händ ihr hüt offe?",
]


@pytest.mark.parametrize(("text", "language"), FOREIGN)
def test_another_language_is_told_by_its_script_or_its_small_words(text: str, language: str):
    assert foreign_language(text) == language


@pytest.mark.parametrize("text", KNOWN_OR_UNTOLD)
def test_what_the_bot_speaks_or_nothing_tells_is_not_another(text: str):
    assert foreign_language(text) is None


def test_every_language_that_is_told_has_its_sentence():
    assert all(len(spoken_here(language)) > 10 for language in {language for _, language in FOREIGN})
