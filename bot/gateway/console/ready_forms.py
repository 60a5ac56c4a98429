"""What the form of a ready reply says, and what is wrong with it."""

import re
from collections.abc import Collection, Mapping

from bot.gateway.frames import MESSAGE_LIMIT, clean
from bot.ready_text import FIELDS, unknown
from bot.store.ready_replies import LANGUAGES_AT_MOST, NAME_LENGTH, Wording

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")


def rows_of(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The rows of the form, a language each, and one more for another."""
    known = list(texts.items())
    return [*known, ("", "") if known else ("en", "")][:LANGUAGES_AT_MOST]


def given_wording(fields: Mapping[str, str], member: str, sites: Collection[str]) -> tuple[Wording | None, str]:
    """The wording; or None and what is wrong."""
    name = " ".join(clean(fields.get("name", "")).split())
    if not name or len(name) > NAME_LENGTH:
        return None, f"Give it a name of 1 to {NAME_LENGTH} characters, to find it by."
    site = fields.get("site") or None
    if site is not None and site not in sites:
        return None, "This site is not there any more. Choose another, or all sites."
    texts, problem = _texts(fields)
    if problem:
        return None, problem
    return Wording(name, texts, site, None if fields.get("whose") == "all" else member), ""


def _texts(fields: Mapping[str, str]) -> tuple[dict[str, str], str]:
    texts: dict[str, str] = {}
    for number in range(LANGUAGES_AT_MOST):
        language = fields.get(f"language-{number}", "").strip().lower()
        text = clean(fields.get(f"text-{number}", ""))
        if not text:
            continue
        if not LANGUAGE.fullmatch(language):
            return {}, f'"{language[:20]}" is no language. Give its letters: en, de, pt-br.'
        if problem := _fault(text, language, texts):
            return {}, problem
        texts[language] = text
    return texts, "" if texts else "Write what it says, in one language at least."


def _fault(text: str, language: str, before: Mapping[str, str]) -> str:
    if language in before:
        return f"There are two texts in the language {language}. Leave one."
    if len(text) > MESSAGE_LIMIT:
        return f"The text in {language} is too long: {len(text)} of {MESSAGE_LIMIT} characters."
    if nothing := unknown(text):
        known = ", ".join(FIELDS)
        return f"{{{{{nothing[0]}}}}} stands for nothing. There are: {known}."
    return ""
