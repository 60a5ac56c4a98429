"""Languages: which one a text is in, and what its words are looked for by."""

import pytest

from bot.pages.indexing.demanded import MOMENT, NUMBER, demanded, is_given
from bot.pages.indexing.languages import forms, language_code, words_in
from bot.pages.indexing.told_language import language_of, with_languages
from bot.pages.indexing.words import CLOCK, DURATION, MONEY, PHONE, facts_told, leans_on_history, stems, terms_asked
from bot.store.pages import StoredPassage

TEXTS = {
    "en": "We send every parcel within one working day. A parcel to Norway takes five days and costs as much as one to "
    "Sweden, because both of them go by the same ferry and nobody has found a faster way for it yet.",
    "de": "Wir verschicken jedes Paket innerhalb eines Werktags. Ein Paket nach Norwegen ist fünf Tage unterwegs und "
    "kostet so viel wie eines nach Schweden, weil beide mit der Fähre reisen und es noch keinen schnelleren Weg gibt.",
    "fr": "Nous envoyons chaque colis dans un délai d'un jour ouvré. Un colis pour la Norvège met cinq jours et coûte "
    "autant que pour la Suède, parce que les deux prennent le même bateau et que personne n'a trouvé plus rapide.",
    "es": "Enviamos cada paquete en un día laborable. Un paquete a Noruega tarda cinco días y cuesta lo mismo que a "
    "Suecia, porque los dos viajan en el mismo barco y todavía nadie ha encontrado una forma más rápida de hacerlo.",
    "it": "Spediamo ogni pacco entro un giorno lavorativo. Un pacco per la Norvegia impiega cinque giorni e costa come "
    "quello per la Svezia, perché tutti e due viaggiano con lo stesso traghetto e non c'è ancora un modo più veloce.",
    "nl": "Wij versturen elk pakket binnen een werkdag. Een pakket naar Noorwegen is vijf dagen onderweg en kost net "
    "zo veel als een naar Zweden, omdat ze allebei met de boot gaan en er nog geen snellere weg is gevonden door ons.",
    "pt": "Enviamos cada encomenda no prazo de um dia útil. Uma encomenda para a Noruega demora cinco dias e custa o "
    "mesmo que para a Suécia, porque as duas vão no mesmo barco e ainda não há uma forma mais rápida de o fazer.",
    "ru": "Мы отправляем каждую посылку в течение одного рабочего дня. Посылка в Норвегию идёт пять дней и стоит "
    "столько же, сколько и в Швецию, потому что они едут на одном пароме, и более быстрого пути у нас пока нет.",
    "ar": "نرسل كل طرد خلال يوم عمل واحد. يستغرق الطرد إلى النرويج خمسة أيام وتكلفته هي نفس تكلفة الطرد إلى السويد لأن "
    "كل واحد منهما يسافر على نفس السفينة ولم يجد أحد حتى الآن طريقا أسرع من هذا الطريق الذي هو في البحر",
    "ja": "ご注文の品は一営業日以内に発送します。ノルウェーへの配送には五日かかり、料金はスウェーデンと同じです。",
    "zh": "我们在一个工作日内寄出每个包裹。寄到挪威的包裹需要五天，费用与寄到瑞典的相同，因为两者都乘同一艘渡轮。",
    "th": "เราส่งพัสดุทุกชิ้นภายในหนึ่งวันทำการ พัสดุไปนอร์เวย์ใช้เวลาห้าวันและมีค่าใช้จ่ายเท่ากับไปสวีเดน",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language: str):
    assert language_of(TEXTS[language]) == language


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("told", ["en", "de"])
def test_a_clear_text_is_believed_more_than_the_pages_html(language: str, told: str):
    assert language_of(TEXTS[language], told) == language


@pytest.mark.parametrize(
    "text",
    [
        "Wir haben geöffnet.",
        "Ferry Scarf, Harbour Jumper, Lane Cardigan",
        "P ( X ≥ a ) = P ( e t X ≥ e t a ) ≤ e − a t " * 9,
        "Bordeaux Blanc de la Rive: la bouteille " * 9,
        "",
        "…",
        "12 13 14 " * 20,
    ],
)
def test_a_text_that_is_short_or_not_clear_is_what_its_page_says(text: str):
    assert language_of(text, "en") == "en"
    assert language_of(text, "sv") == "sv"
    assert language_of(text, "ja") == "ja"


def test_a_page_tells_the_language_of_its_short_passages_and_a_long_one_its_own():
    told = ["Größe M", TEXTS["de"], TEXTS["en"]]
    page = [StoredPassage(at, "/a", "", at, (), text, "", language="de-AT") for at, text in enumerate(told)]

    assert [one.language for one in with_languages(page)] == ["de", "de", "en"]


def test_what_tells_nothing_has_no_language():
    (found,) = with_languages([StoredPassage(1, "/a", "", 0, (), "Ferry Scarf", "", language="x-default")])

    assert found.language == ""


@pytest.mark.parametrize(
    ("told", "code"), [("de-AT", "de"), ("nb", "no"), ("zh_Hant", "zh"), ("klingon", ""), ("", ""), ("EN", "en")]
)
def test_a_language_has_one_code(told: str, code: str):
    assert language_code(told) == code


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("de", "Größen", "groessen"),
        ("de", "Größe", "grosse"),
        ("de", "Häuser", "haeuser"),
        ("fr", "livrée", "livree"),
        ("es", "envíos", "envios"),
        ("pt", "devoluções", "devolucoes"),
        ("sv", "öppettider", "oppettider"),
        ("da", "størrelse", "stoerrelse"),
        ("ar", "إرجاع", "ارجاع"),
        ("ar", "مدرسة", "مدرسه"),
        ("ar", "شُكْراً", "شكرا"),
        ("ar", "٢٥", "25"),
    ],
)
def test_a_word_is_found_as_visitors_type_it(language: str, written: str, typed: str):
    (page,), (asked,) = (list(words_in(word, language)) for word in (written, typed))

    assert set(forms(page, language)) & set(forms(asked, language))


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("de", "Was ist mit den Lieferungen?", ["liefer"]),
        ("fr", "L'envoi est gratuit", ["envoi", "gratuit"]),
        ("hi", "नॉर्वे की डिलीवरी", ["नॉर्व", "डिलीवर"]),
        ("zh", "送货到挪威 DHL", ["送货", "货到", "到挪", "挪威", "dhl"]),
        ("ja", "配送について", ["配送"]),
        ("ja", "ノルウェーの店", ["ノル", "ルウ", "ウェ", "ェー", "店"]),
        ("ko", "배송", ["배송"]),
    ],
)
def test_the_words_that_say_something_are_looked_for(language: str, text: str, found: list[str]):
    assert stems(text, language) == found


@pytest.mark.parametrize(
    ("language", "question", "fact", "told"),
    [
        ("de", "Wie lange dauert es?", DURATION, "Das dauert drei Werktage."),
        ("de", "Was kostet das?", MONEY, "Es kostet 5 Euro."),
        ("de", "Wann habt ihr geöffnet?", CLOCK, "Von 9 bis 17 Uhr."),
        ("fr", "Combien de temps faut-il ?", DURATION, "Il faut 3 jours."),
        ("fr", "Combien ça coûte ?", MONEY, "5 euros"),
        ("fr", "À quelle heure ouvrez-vous ?", CLOCK, "de 9h à 17h30"),
        ("es", "¿Cuánto tarda?", DURATION, "Tarda 3 semanas."),
        ("es", "¿Cuánto cuesta?", MONEY, "5 euros"),
        ("es", "¿A qué hora abren?", CLOCK, "Abrimos a las 9"),
        ("ar", "كم يستغرق الشحن؟", DURATION, "خلال 3 أيام"),
        ("ar", "كم سعر الوشاح؟", MONEY, "49 يورو"),
        ("ar", "ما هي ساعات العمل؟", CLOCK, "من الساعة 9"),
    ],
)
def test_kinds_of_facts_are_asked_for_and_told(language: str, question: str, fact: str, told: str):
    assert fact in [term.stem for term in terms_asked(question, language)]
    assert fact in facts_told(told, language)


@pytest.mark.parametrize(
    ("language", "question", "kind", "given", "lacked"),
    [
        ("de", "Wie hoch ist die Gebühr?", NUMBER, "Die Gebühr beträgt 5 Prozent.", "Es gibt eine Gebühr."),
        ("de", "Was kostet das Parken?", MONEY, "Parken ist kostenlos.", "Parken Sie im Hof."),
        ("de", "Wann wird die Tonne geleert?", MOMENT, "Sie wird am Freitag geleert.", "Sie wird geleert."),
        ("fr", "Combien de places y a-t-il ?", NUMBER, "Il y a six places.", "Il y a des places."),
        ("fr", "À quelle heure ouvrez-vous ?", CLOCK, "Nous sommes fermés le lundi, ouverts à 9h.", "Nous ouvrons."),
        ("es", "¿Cuál es su teléfono?", PHONE, "Llame al 976 123 456.", "Hay soporte por teléfono."),
        ("es", "¿Cada cuánto se renueva?", NUMBER, "Se renueva cada mes.", "Se renueva."),
        ("it", "Quanto costa la visita?", MONEY, "La visita costa 50 €.", "La visita è lunga."),
        ("it", "Quanto dura la visita?", DURATION, "Dura mezz'ora.", "Costa 50 €."),
        ("nl", "Hoe lang duurt het?", DURATION, "Het duurt twee werkdagen.", "Het kost € 5."),
        ("nl", "Hoe laat gaat u open?", CLOCK, "Open van 9.00 tot 16.00 uur.", "Wij zijn open."),
        ("ru", "Сколько стоит тариф?", MONEY, "Тариф стоит 490 рублей.", "Есть тариф."),
        ("ru", "Какой у вас телефон?", PHONE, "Звоните: 8 812 300-40-50.", "Помогаем по телефону."),
        ("ru", "Как часто делается копия?", NUMBER, "Копия делается каждый час.", "Копия делается."),
        ("ar", "متى يفتح المسبح؟", CLOCK, "يفتح الساعة 9:00", "في المسبح حوض كبير"),
        ("ar", "كم شخصا تتسع القاعة؟", NUMBER, "تتسع لـ 400 شخص", "القاعة كبيرة"),
    ],
)
def test_a_question_demands_a_kind_of_fact_that_a_sentence_gives_or_lacks(
    language: str, question: str, kind: str, given: str, lacked: str
):
    assert kind in demanded(question, language)
    assert is_given(kind, given, language, facts_told(given, language))
    assert not is_given(kind, lacked, language, facts_told(lacked, language))


@pytest.mark.parametrize(
    ("language", "question"),
    [("de", "Kann ich Sie anrufen?"), ("fr", "Puis-je payer par chèque ?"), ("pl", "Ile to kosztuje?")],
)
def test_a_question_of_yes_or_no_demands_no_fact(language: str, question: str):
    assert not demanded(question, language)


@pytest.mark.parametrize(
    ("language", "question", "leans"),
    [
        ("de", "Und wie lange dauert das?", True),
        ("fr", "Et pour la Suède ?", True),
        ("es", "¿Y cuánto cuesta eso?", True),
        ("de", "Was kostet der Versand nach Norwegen mit der Post?", False),
        ("zh", "送货", True),
        ("zh", "可以送货到挪威的奥斯陆吗", False),
    ],
)
def test_a_question_in_mid_thought_leans_in_every_language(language: str, question: str, leans: bool):
    assert leans_on_history(question, terms_asked(question, language), language) is leans
