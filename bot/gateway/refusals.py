"""How a visitor is told no: one frame is refused, or they are sent away; over a socket and over plain requests."""

from aiohttp import web

from bot.gateway.house import problem

# Close codes of the socket; beside each what a plain request gets for the same reason.
_ANSWERS = {
    4400: (400, "bad_frame"),
    4401: (401, "unknown_token"),
    4403: (403, "foreign_origin"),
    4404: (404, "unknown_site"),
}


class Farewell(Exception):
    """The visitor has to be sent away, with this close code."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


class Problem(Exception):
    """This frame is refused; the next one may be right."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def sent_away(farewell: Farewell) -> web.Response:
    status, code = _ANSWERS[farewell.code]
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return problem(status, code, f"{farewell.why[0].upper()}{farewell.why[1:]}.", headers=headers)
