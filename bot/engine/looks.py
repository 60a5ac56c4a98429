"""How a word looks and what stands beside it, as names to be counted. Imports nothing."""

from collections.abc import Iterable, Sequence

START, END = "<", ">"
"""What stands before the first word and after the last."""


def looks(words: Sequence[str], patterns: Sequence[Iterable[str]]) -> list[list[str]]:
    """A list for each word. `patterns` has the names of those that the recipe found in each."""
    lower = [word.lower() for word in words]
    there = [START, START, *lower, END, END]
    return [
        [*_of_itself(words[at], lower[at]), *_beside(there, at + 2), *(f"is {name}" for name in patterns[at])]
        for at in range(len(words))
    ]


def _of_itself(word: str, lower: str) -> list[str]:
    ends = [f"{lower[:n]}-" for n in (2, 3, 4)] + [f"-{lower[-n:]}" for n in (2, 3, 4)]
    return [f"word {lower}", *ends, f"shape {shape(word)}"]


def _beside(there: Sequence[str], at: int) -> list[str]:
    two_before, before, word, after, two_after = there[at - 2 : at + 3]
    return [
        f"-2 {two_before}",
        f"-1 {before}",
        f"+1 {after}",
        f"+2 {two_after}",
        f"-1,0 {before} {word}",
        f"0,+1 {word} {after}",
        f"-2,-1 {two_before} {before}",
        f"+1,+2 {after} {two_after}",
    ]


def shape(word: str) -> str:
    """Small and capital letters, digits and signs, each as often as they change.

    >>> shape("A-1001")
    'A-9'
    """
    kinds = ["9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in word]
    return "".join(kind for at, kind in enumerate(kinds) if kinds[at - 1 : at] != [kind])
