"""Mailing of a conversation: an answer or all of it to the visitor, all of it to a colleague; and how mail stands."""

from dataclasses import dataclass
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.console.naming import profiles_of, who
from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.mail.envelope import mailable
from bot.mail.letters import Contents, Letter, letter
from bot.store import mails
from bot.store.audit import Act, of_conversation
from bot.store.conversations import Conversation, find
from bot.store.mail_contents import Preview, preview
from bot.store.mails import PAGE_OF_MAILS, MailKind, MailState
from bot.store.report_mails import reports_stand
from bot.store.staff import Member

AT = "/console/conversations/{id:[A-Za-z0-9_-]{1,64}}"
WORDS_LIMIT = 2_000
KINDS = {"transcript": MailKind.TRANSCRIPT, "forward": MailKind.FORWARD, "answer": MailKind.ANSWER}
LINK = ""
"""It is made when the mail goes."""
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Draft:
    """What stands in the form. `frame` is the id under which it is mailed once, however often it is sent."""

    frame: str
    to: str = ""
    words: str = ""
    notes: bool = False


@routes.get(f"{AT}/mail")
@only_for(Permission.CONVERSE)
async def look(request: web.Request, member: Member) -> web.Response:
    known, what = await _conversation(request), request.query.get("what", "transcript")
    if what not in KINDS:
        raise web.HTTPNotFound
    await audited(request, member, Act.OPENED, of_conversation(known.id))
    draft = Draft(str(uuid4()), notes=request.query.get("notes") == "1")
    return await _page(request, member, known, what, draft)


@routes.post(f"{AT}/mail/{{what:transcript|forward|answer}}")
@only_for(Permission.CONVERSE)
async def send(request: web.Request, member: Member) -> web.Response:
    """Puts the mail into the outbox, once however often it is sent."""
    known, what, given = await _conversation(request), request.match_info["what"], await form(request)
    try:
        frame = str(UUID(given.get("id", "")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
    draft = Draft(frame, given.get("to", "").strip(), clean(given.get("words", "")), given.get("notes") == "1")
    problem = await _forward(request, member, known, draft) if what == "forward" else ""
    if what != "forward":
        problem = await _to_visitor(request, member, known, KINDS[what], draft)
    if problem:
        status = 400 if what == "forward" else 409
        return await _page(request, member, known, what, draft, status=status, problem=problem)
    return redirect(f"{AT.partition('{')[0]}{known.id}/mail?what={what}#mails")


@routes.get("/console/mail")
@only_for(Permission.CONVERSE)
async def overview(request: web.Request, member: Member) -> web.Response:
    """What waits, and what was refused: a page of each state."""
    house, state, page = request.app[HOUSE], request.query.get("state", "waiting"), request.query.get("page", "0")
    if state not in (MailState.WAITING, MailState.REFUSED) or not (page.isascii() and page.isdigit() and len(page) < 5):
        raise web.HTTPNotFound
    found = await house.store.read(mails.in_state, MailState(state), offset=int(page) * PAGE_OF_MAILS)
    return draw(
        request,
        "console/mails.html",
        member=member,
        state=state,
        mails=found[:PAGE_OF_MAILS],
        before=int(page) - 1 if int(page) else None,
        after=int(page) + 1 if len(found) > PAGE_OF_MAILS else None,
        outbox=await house.store.read(mails.outbox),
        reports=await house.store.read(reports_stand),
        may_schedule=may(member.role, Permission.MEASURE),
        set_up=house.settings.mails,
    )


@routes.post("/console/mail/{id:[A-Za-z0-9_-]{1,64}}/again")
@only_for(Permission.CONVERSE)
async def again(request: web.Request, member: Member) -> web.Response:
    """Tries what was refused anew. Pressed twice, or late, it changes nothing."""
    house, id = request.app[HOUSE], request.match_info["id"]
    if await house.store.read(mails.find_mail, id) is None:
        raise web.HTTPNotFound
    if house.settings.mails:
        await house.store.write(mails.try_again, id, at=house.now())
    return redirect("/console/mail")


async def _forward(request: web.Request, member: Member, known: Conversation, draft: Draft) -> str:
    """What is wrong, or nothing, when it was put into the outbox."""
    house, to = request.app[HOUSE], mailable(draft.to)
    if not house.settings.mails:
        return "Mail is not set up, so nothing was sent."
    if to is None:
        return "Nothing was sent: that is no address that mail can go to."
    if len(draft.words) > WORDS_LIMIT:
        return f"Nothing was sent: your words are {len(draft.words):,} characters long, of {WORDS_LIMIT:,} at most."
    kind = MailKind.FORWARD_ALL if draft.notes else MailKind.FORWARD
    reason = f"forward:{known.id}:{draft.frame}"
    await house.store.write_in_order(
        known.id, mails.put, known, kind, to, reason=reason, up_to=known.seq, words=draft.words, by=member.id,
        at=house.now(),
    )  # fmt: skip
    return ""


async def _to_visitor(request: web.Request, member: Member, known: Conversation, kind: MailKind, draft: Draft) -> str:
    house = request.app[HOUSE]
    to = await house.store.read(mails.reachable, known)
    if not house.settings.mails:
        return "Mail is not set up, so nothing was sent."
    if to is None or to.stopped:
        return "Nothing was sent: " + ("they left no address." if to is None else "they want no mail from this chat.")
    if kind is MailKind.ANSWER:
        done = await house.store.write_in_order(
            known.id, mails.answer_now, known, to.address, by=member.id, at=house.now()
        )
        return "" if done else "Nothing was sent: they have read it in the chat, or it was mailed already."
    reason = f"transcript:{known.id}:{draft.frame}"
    await house.store.write_in_order(
        known.id, mails.put, known, kind, to.address, reason=reason, up_to=known.seq, by=member.id, at=house.now()
    )  # fmt: skip
    return ""


async def _page(
    request: web.Request,
    member: Member,
    known: Conversation,
    what: str,
    draft: Draft,
    *,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    house, kind = request.app[HOUSE], KINDS[what]
    kind = MailKind.FORWARD_ALL if kind is MailKind.FORWARD and draft.notes else kind
    seen = await house.store.read(preview, known, kind)
    return draw(
        request,
        "console/mail.html",
        member=member,
        status=status,
        conversation=known,
        who=who(known, await profiles_of(request, [known])),
        what=what,
        draft=draft,
        seen=seen,
        letter=await _letter(request, member, known, kind, seen),
        mails=await house.store.read(mails.mails_of, known.id),
        set_up=house.settings.mails,
        problem=problem,
    )


async def _letter(
    request: web.Request, member: Member, known: Conversation, kind: MailKind, seen: Preview
) -> Letter | None:
    """As it will be sent, but for the links."""
    site = await request.app[HOUSE].site(known.site)
    if site is None or not seen.said:
        return None
    is_forward, hours = kind in mails.FORWARDS, site.chat.opening_hours
    contents = Contents(
        kind=kind,
        site=site.name,
        said=seen.said,
        all=known.seq,
        language="en" if is_forward else seen.language,
        timezone=hours.timezone if hours else ZoneInfo("UTC"),
        by=member.name,
    )
    return letter(contents, link=LINK)


async def _conversation(request: web.Request) -> Conversation:
    found = await request.app[HOUSE].store.read(find, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found
