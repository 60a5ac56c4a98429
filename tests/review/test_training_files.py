"""What reviews become in files: only ever more, in order, nobody's name, and always something that Rasa can read."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.errors import ConfigurationError
from bot.interactions import ConversationId
from bot.review.cases import read_cases
from bot.review.taught import examples_of, intents_of
from bot.review.training_files import ANSWERS, EXAMPLES, RULES, Plan, as_answer, as_example, name_of, plan, write
from bot.store.reviews import Review, Should, State, Told
from tests.cast import SHOP, at

PROJECT = Path(__file__).parents[2]
NOBODY = Told()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the bot is taught by."""
    for name in ("nlu", "rules"):
        shutil.copytree(PROJECT / "data" / name, tmp_path / "data" / name)
        (tmp_path / "data" / name / "reviewed.yml").unlink(missing_ok=True)
    return tmp_path


def a_review(said: str, should: Should = Should.INTENT, value: str = "order_status", **more: object) -> Review:
    number = more.pop("number", abs(hash(said)) % 10**9)
    told = {
        "id": f"{number:016x}", "site": SHOP, "conversation": ConversationId("c"), "seq": 1, "should": should,
        "value": value, "said": said, "taken_for": "ask_page", "actions": (), "page": None, "state": State.NEW,
        "by": "Dana", "at": at(), "changed_by": "Dana", "changed_at": at(),
    }  # fmt: skip
    return Review(**(told | more))  # type: ignore[arg-type]


def exported(project: Path, *found: Review | tuple[Review, Told]) -> Plan:
    made = plan(project, [one if isinstance(one, tuple) else (one, NOBODY) for one in found])
    write(project, made)
    return made


def test_an_intent_becomes_an_example_and_a_case(project: Path) -> None:
    one = a_review("has my parcel left already", number=7)

    made = exported(project, one)

    assert made.exported == [one.id]
    assert examples_of(project / EXAMPLES) == {"order_status": ["has my parcel left already"]}
    (case,) = read_cases(project)
    assert (case.id, case.said, case.intent, case.says) == (
        *("0000000000000007", "has my parcel left already", "order_status", None),
    )


def test_words_become_an_intent_a_rule_and_an_answer_of_their_own(project: Path) -> None:
    exported(project, a_review("do you wrap presents", Should.WORDS, "Yes, we wrap for 3 euros."))

    name = name_of("Yes, we wrap for 3 euros.")
    assert name.startswith("reviewed_yes_we_wrap_for_")
    assert examples_of(project / EXAMPLES) == {name: ["do you wrap presents"]}
    (rule,) = YAML(typ="safe").load((project / RULES).read_text())["rules"]
    assert rule["steps"] == [{"intent": name}, {"action": f"utter_{name}"}]
    told = YAML(typ="safe").load((project / ANSWERS / f"{name}.yml").read_text())
    assert (told["intents"], told["responses"]) == ([name], {f"utter_{name}": [{"text": "Yes, we wrap for 3 euros."}]})
    assert [case.says for case in read_cases(project)] == ["Yes, we wrap for 3 euros."]


def test_the_same_words_again_are_one_answer_with_two_examples(project: Path) -> None:
    words = "Yes, we wrap for 3 euros."
    exported(project, a_review("do you wrap presents", Should.WORDS, words))

    made = exported(project, a_review("gift paper?", Should.WORDS, words))

    assert examples_of(project / EXAMPLES) == {name_of(words): ["do you wrap presents", "gift paper?"]}
    assert sorted(map(str, made.files)) == ["data/nlu/reviewed.yml", "data/review/cases.yml"]


def test_what_was_right_is_a_case_alone(project: Path) -> None:
    made = exported(project, a_review("do you ship to Norway", Should.RIGHT, ""))

    assert sorted(map(str, made.files)) == ["data/review/cases.yml"]
    assert [case.intent for case in read_cases(project)] == ["ask_page"]


def test_an_export_again_changes_nothing(project: Path) -> None:
    found = [
        a_review("has my parcel left already"),
        a_review("do you wrap presents", Should.WORDS, "Yes, for 3 euros."),
        a_review("do you ship to Norway", Should.RIGHT, ""),
    ]
    exported(project, *found)

    again = plan(project, [(one, NOBODY) for one in found])

    assert again.files == {}
    assert again.exported == [one.id for one in found]


def test_what_is_there_stays_as_it_is(project: Path) -> None:
    (project / EXAMPLES).write_text('version: "3.1"\n# By hand.\nnlu:\n- intent: greet\n  examples: |\n    - tach auch')

    with pytest.raises(ConfigurationError, match=r"can't be read|can't be added to"):
        exported(project, a_review("has my parcel left already"))

    by_hand = 'version: "3.1"\n# By hand.\nnlu:\n  - intent: greet\n'
    (project / EXAMPLES).write_text(f"{by_hand}    examples: |\n      - tach")
    exported(project, a_review("has my parcel left already"))
    assert (project / EXAMPLES).read_text().startswith(by_hand)
    assert examples_of(project / EXAMPLES) == {"greet": ["tach"], "order_status": ["has my parcel left already"]}


def test_the_order_is_that_of_the_reviews_and_of_the_intents_names(project: Path) -> None:
    found = [a_review("zz first"), a_review("what is it", value="price"), a_review("aa second")]

    exported(project, *found)

    assert list(examples_of(project / EXAMPLES).items()) == [
        ("order_status", ["zz first", "aa second"]),
        ("price", ["what is it"]),
    ]


def test_words_that_are_taught_as_something_else_are_left_with_a_sentence(project: Path) -> None:
    made = exported(project, a_review("hello"), a_review("zz both", value="price"), a_review("ZZ  both"))

    assert [why for _, why in made.left] == [
        "These words are taught as greet in data/nlu/manners.yml. Move them there, or refuse the review.",
        "These words are taught as price in this export. Move them there, or refuse the review.",
    ]
    assert examples_of(project / EXAMPLES) == {"price": ["zz both"]}


def test_an_intent_that_is_gone_is_left_with_a_sentence(project: Path) -> None:
    made = exported(project, a_review("has my parcel left", value="teleport"))

    assert [why for _, why in made.left] == ["There is no intent teleport any more."]
    assert made.files == {}


@pytest.mark.parametrize(
    ("said", "example"),
    [
        ("I am Anna Keller and my parcel is late", "I am … and my parcel is late"),
        ("ANNA  KELLER here", "… here"),
        ("mail me at anna.keller@mail.example please", "mail me at … please"),
        ("anna.keller @ mail.example", "…"),
        ("anna(at)mail.example", "…"),
        ("anna＠mail.example is mine", "… is mine"),
        ("order 1001 to +49 (0)151 234-5678", "order … to …"),
        ("٠١٥١٢٣٤٥ call", "… call"),
        ("paid with •••• •••• •••• 4242", "paid with …"),
        ("see https://shop.example/?token=abc now", "see … now"),
        ("does it fit 58 cm, in 3 to 5 days", "does it fit 58 cm, in 3 to 5 days"),
    ],
)
def test_nobody_can_be_found_in_an_example(said: str, example: str) -> None:
    expected = "" if example == "…" else example

    assert as_example(said, {"Anna Keller"}) == expected


@pytest.mark.parametrize(
    ("said", "example"),
    [
        ('[x](y) and [a]{"entity": "b"}', 'x (y) and a {"entity": "b"}'),
        ("/restart", "restart"),
        (' \u200b/restart{"a": 1}', 'restart{"a": 1}'),
        ("- a list\n- of: things", "a list - of: things"),
        ("# no comment", "no comment"),
        ("tab\there\x0bthere\x85and\u2028on", "tab here there and on"),
        ("null\x00 and \u202eturned\u202c", "null and turned"),
        ("???", ""),
        ("متى يصل طردي؟", "متى يصل طردي؟"),
    ],
)
def test_what_would_break_a_file_or_teach_something_else_is_taken_out(said: str, example: str) -> None:
    assert as_example(said, ()) == example


def test_in_an_answer_nothing_is_filled_in() -> None:
    assert as_answer("Dear Anna, {email} and }{", {"Anna"}) == "Dear …, (email) and )("


HOSTILE = (
    *("yes", "null", "~", "1e3", "0x1F", "!!python/object:os.system", "&a *a", "%TAG ! x", "--- \n...", "key: value"),
    *("${HOME}", "${NOT_THERE}", "{{ x }}", "'", '"', "\\", "|", ">", "@x", "`x`", "[x](y)", "[x]{\"entity\":\"y\"}"),
    *("/restart", "/greet{\"a\": 1}", "EXTERNAL: x", "x" * 4_000, "word " * 800, "\ufeffbom", "\U0001f600 emoji"),
    *("متى يصل طردي؟", "שלום", "你好，可以退货吗？", "Wo ist mein Päckchen?", "a\r\nb\r\nc"),
    *("\ud800 half", "a\x85b\u2029c"),
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_the_files_can_be_read_back_as_they_were_meant(project: Path, text: str) -> None:
    both = a_review(f"zz {text}", number=1), a_review(f"yy {text}", Should.WORDS, f"ww {text}", number=2)

    made = exported(project, *both)

    assert made.left == [] and len(made.exported) == 2
    first, second = read_cases(project)
    found = examples_of(project / EXAMPLES)
    assert found["order_status"] == [first.said]
    assert second.intent is not None and found[second.intent] == [second.said]
    told = YAML(typ="safe").load((project / ANSWERS / f"{second.intent}.yml").read_text(encoding="utf-8"))
    assert told["responses"] == {f"utter_{second.intent}": [{"text": second.says}]}
    assert set(intents_of(project)) >= {"order_status", second.intent}
