"""The files that reviews become: examples, rules with a fixed answer, and a case each. Only ever added to."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.engine.plain import as_plain_words
from bot.errors import ConfigurationError
from bot.review.cases import Case, cases_in, quoted, read_cases, with_cases
from bot.review.in_use import CASES
from bot.review.nobody import one_line, without_people, writable
from bot.review.taught import examples_of, intents_of
from bot.store.blanking import without
from bot.store.reviews import Review, Should, Told

EXAMPLES = Path("data") / "nlu" / "reviewed.yml"
RULES = Path("data") / "rules" / "reviewed.yml"
ANSWERS = Path("data") / "review" / "answers"
"""A piece of the domain for each fixed answer; bot/engine/reviewed.py has Rasa read them beside domain.yml."""
HEAD = '# From reviews in the console: `duologue review export` adds to it, and changes nothing.\nversion: "3.1"\n\n'
PREFIX = "reviewed"
MESSAGE_LENGTH = 4_000
"""The engine takes no longer message, so no case may be one."""
_SLUG_WORDS, _SLUG_LENGTH = 4, 32


_Taught = dict[str, tuple[str, str]]
"""Every example that is taught, in small letters, with its intent and its file."""


@dataclass
class Plan:
    """What an export would do: new contents by file, the reviews that are in them, and those left out, with why."""

    files: dict[Path, str] = field(default_factory=dict)
    exported: list[str] = field(default_factory=list)
    left: list[tuple[Review, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Lesson:
    review: str
    example: str
    case: Case
    says: str | None = None
    teaches: bool = True
    """Else it is only to stay so."""


def plan(project: Path, found: Sequence[tuple[Review, Told]]) -> Plan:
    """What these reviews come to beside what is in the files already; the same again comes to nothing more."""
    made, lessons, before = Plan(), [], _taught(project)
    known, taught = set(intents_of(project)), dict(before)
    for review, told in found:
        lesson = _lesson(review, told, known)
        fault = lesson if isinstance(lesson, str) else _clash(lesson, taught)
        if fault:
            made.left.append((review, fault))
        elif isinstance(lesson, _Lesson):
            lessons.append(lesson)
            if lesson.case.intent is not None and lesson.teaches:
                taught.setdefault(_folded(lesson.example), (lesson.case.intent, "this export"))
            made.exported.append(review.id)
    for name, text in _files(project, lessons, before):
        made.files[name] = text
    return made


def write(project: Path, made: Plan) -> None:
    """Writes each file aside and moves it into its place, so that none is ever half."""
    for name, text in made.files.items():
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        aside.replace(file)


def as_example(text: str, known: Iterable[str]) -> str:
    """The words as an example may hold them; empty when nothing is left that could be learned from.

    Brackets go: "[x](y)" would teach an entity. So does what would make a command of it.
    """
    plain = as_plain_words(one_line(without_people(text, known)).replace("[", " ").replace("]", " "))
    plain = " ".join(plain.split()).lstrip("-/# ")[:MESSAGE_LENGTH].strip()
    return plain if re.search(r"\w", plain) else ""


def as_answer(text: str, known: Iterable[str]) -> str:
    """The words as a response may hold them. In braces Rasa would put what it knows of the visitor."""
    # The shop's own address or number may stand in it: it is written for everybody, and reviewed.
    return without(writable(text), known).replace("{", "(").replace("}", ")")


def name_of(answer: str) -> str:
    """The intent of a fixed answer: the same for the same words, whoever reviewed it."""
    digest = hashlib.sha256(one_line(answer).casefold().encode()).hexdigest()[:8]
    plain = unicodedata.normalize("NFKD", answer).encode("ascii", "ignore").decode().lower()
    slug = "_".join(re.findall(r"[a-z]+", plain)[:_SLUG_WORDS])[:_SLUG_LENGTH].strip("_")
    return "_".join(part for part in (PREFIX, slug, digest) if part)


def _lesson(review: Review, told: Told, known: set[str]) -> _Lesson | str:
    """What is to be learned of it, or why nothing is."""
    example = as_example(review.said, told.words)
    if not example:
        return "Without what leads to a person nothing is left of it that could be learned."
    if review.should is Should.WORDS:
        says = as_answer(review.value, told.words)
        if not says:
            return "Nothing is left of the answer."
        intent = name_of(says)
        return _Lesson(review.id, example, Case(review.id, example, intent, says), says)
    intent_then = review.value if review.should is Should.INTENT else review.taken_for
    if intent_then is not None and intent_then not in known:
        return f"There is no intent {intent_then} any more."
    teaches = review.should is Should.INTENT
    return _Lesson(review.id, example, Case(review.id, example, intent_then), teaches=teaches)


def _clash(lesson: _Lesson, taught: _Taught) -> str:
    other, where = taught.get(_folded(lesson.example), (lesson.case.intent, ""))
    if other == lesson.case.intent or lesson.case.intent is None:
        return ""
    return f"These words are taught as {other} in {where}. Move them there, or refuse the review."


def _taught(project: Path) -> _Taught:
    found: dict[str, tuple[str, str]] = {}
    for file in sorted((project / "data" / "nlu").glob("**/*.yml")):
        for intent, examples in _read_examples(file).items():
            where = file.relative_to(project).as_posix()
            found |= {_folded(one): (intent, where) for one in examples}
    return found


def _read_examples(file: Path) -> dict[str, list[str]]:
    try:
        return examples_of(file)
    except (YAMLError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise ConfigurationError(f"{file} can't be read, so nothing was exported; correct it: {error}") from error


def _folded(example: str) -> str:
    return " ".join(example.casefold().split())


def _files(project: Path, lessons: Sequence[_Lesson], taught: _Taught) -> Iterator[tuple[Path, str]]:
    """Each file that gains something, with all that it holds then."""
    known = {case.id for case in read_cases(project)}
    new_cases = [one.case for one in lessons if one.case.id not in known]
    new_answers = {one.case.intent: one.says for one in lessons if one.says is not None and one.case.intent is not None}
    answers = {name: says for name, says in sorted(new_answers.items()) if not (project / _answer_file(name)).exists()}
    yield from _grown(project / EXAMPLES, EXAMPLES, _examples(lessons, taught), "nlu")
    yield from _grown(project / RULES, RULES, "".join(map(_rule, answers)), "rules")
    for name, says in answers.items():
        yield _answer_file(name), _answer(name, says)
    if new_cases:
        before = _text(project / CASES)
        text = with_cases(before, new_cases)
        if cases_in(text) != (*(cases_in(before) if before else ()), *new_cases):
            raise ConfigurationError(f"{CASES} can't be added to; its last part must be the list `cases:`.")
        yield CASES, text


def _grown(file: Path, name: Path, added: str, key: str) -> Iterator[tuple[Path, str]]:
    if not added:
        return
    before = _text(file)
    text = (before or f"{HEAD}{key}:\n") + added
    if _listed(text, key, name) != _listed(before, key, name) + _listed(f"{key}:\n{added}", key, name):
        raise ConfigurationError(f"{name} can't be added to; its last part must be the list `{key}:`.")
    yield name, text


def _text(file: Path) -> str:
    """What the file holds, ending with its last line; empty where there is none."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return text if not text or text.endswith("\n") else f"{text}\n"


def _listed(text: str, key: str, name: Path) -> list[object]:
    try:
        return list((YAML(typ="safe", pure=True).load(text) or {}).get(key) or ())
    except (YAMLError, AttributeError) as error:
        raise ConfigurationError(f"{name} can't be read, so nothing was exported; correct it: {error}") from error


def _examples(lessons: Sequence[_Lesson], taught: _Taught) -> str:
    """One block an intent, in order; what is taught already is not taught twice."""
    found: dict[str, dict[str, str]] = {}
    for one in lessons:
        intent, folded = one.case.intent, _folded(one.example)
        if intent is not None and one.teaches and folded not in taught:
            found.setdefault(intent, {}).setdefault(folded, one.example)
    return "".join(
        f"  - intent: {intent}\n    examples: |\n" + "".join(f"      - {one}\n" for one in examples.values())
        for intent, examples in sorted(found.items())
    )


def _rule(name: str) -> str:
    title = quoted(f"Reviewed: {name.removeprefix(PREFIX).strip('_').replace('_', ' ')}")
    return f"  - rule: {title}\n    steps:\n      - intent: {name}\n      - action: utter_{name}\n"


def _answer_file(name: str) -> Path:
    return ANSWERS / f"{name}.yml"


def _answer(name: str, says: str) -> str:
    return f"{HEAD}intents:\n  - {name}\n\nresponses:\n  utter_{name}:\n    - text: {quoted(says)}\n"
