"""The site's pages, as the doors ask for them."""

from aiohttp import web

from bot.pages.answering.librarian import Librarian, State

LIBRARY = web.AppKey("library", Librarian)


def readiness(librarian: Librarian) -> str:
    """Says ok when every site that has pages can be answered from them, else building."""
    states = set(librarian.states().values())
    return "ok" if State.OK in states and State.BUILDING not in states else "building"
