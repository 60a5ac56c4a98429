"""Writing down who of the staff looked at what and who changed it, without a page that waits for it."""

from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.afterwards import afterwards
from bot.gateway.house import HOUSE
from bot.store.audit import Act, record
from bot.store.staff import Member

_listed: WeakKeyDictionary[web.Application, dict[tuple[str, str], int]] = WeakKeyDictionary()
"""When each member's look at each list was written last: fifty lists that fetch themselves every two seconds would
have the store ask itself the same all day."""


async def listed(request: web.Request, member: Member, what: str) -> None:
    """As `audited`, of a list of conversations: a line for a member and a list within an hour."""
    seen, now = _listed.setdefault(request.app, {}), request.app[HOUSE].now()
    if now - seen.get((member.id, what), -Act.LISTED.lasts_us) >= Act.LISTED.lasts_us:
        seen[member.id, what] = now
        await audited(request, member, Act.LISTED, f"list:{what}")


async def audited(request: web.Request, member: Member, act: Act, subject: str, *, detail: str = "") -> None:
    """Writes a line: `await audited(request, member, Act.OPENED, of_conversation(known.id))`.

    Call it once what is asked for was found and may be seen. `subject` is whose or what: `conversation:ID`,
    `visitor:ID`, `customer:SITE:ID`, `staff:ID`, or a word where it is nobody's (`search`, `export:messages`).
    Neither it nor `detail` holds a name, an address or what anybody said or typed.

    A change is written when this returns; call it after the change, or call `record` in its transaction, which is
    better where it can be had (taking over, giving back and resolving do so: bot/store/staff.py). A look is written
    meanwhile, and once for all reloads within a minute; the store's orderly end waits for it.
    """
    house = request.app[HOUSE]
    writing = house.store.write(record, at=house.now(), staff=member.id, act=act, subject=subject, detail=detail)
    if not act.is_look:
        await writing
        return
    afterwards("a line of the audit log", writing)
