"""Takes a file from a form into the tray, piece by piece: how large it may be, and what is said of it beside."""

import asyncio
import shutil
from pathlib import Path

from aiohttp import BodyPartReader, MultipartReader, web

from bot.gateway.bodies import is_storable
from bot.gateway.file_names import clean_name, name_in_form
from bot.gateway.house import HOUSE
from bot.gateway.uploads import Patience, Refused, Uploads
from bot.insights.imports.tray import MOST, Asked, Tray
from bot.insights.imports.values import WAYS
from bot.store.staff import Member

KINDS = ("orders", "contacts", "spend")
LARGEST = 500_000_000
"""Bytes, as they are sent. Larger ones go by the command, or packed."""
FORM_BYTES = 64 * 1024
"""What the form adds around its file."""
FIELD_BYTES = 4_000
FIELDS = 12
ROOM = 3
"""On the disk: the file, its lines in order, and what comes into the store, each as large as the file."""
SPARE = 500_000_000
CHUNK_BYTES, PIECE_BYTES = 64 * 1024, 1 << 20
IDLE_S, WHOLE_S = 30.0, 3_600.0


async def hand_in(request: web.Request, member: Member, tray: Tray) -> str:
    """The id of the file in the tray. Refused says what is wrong, and then nothing is left of it."""
    _refuse_large(request, tray)
    patience = Patience(Uploads(idle_s=IDLE_S, whole_s=WHOLE_S))
    form = await patience.wait(request.multipart())
    try:
        id = await asyncio.to_thread(tray.begin)
    except FileExistsError as error:
        said = f"{MOST} files wait to be imported already. Import one of them, or throw it away."
        raise Refused(409, "full", said) from error
    try:
        fields, name = await _read(form, patience, tray.path(id, "file"))
        asked = asked_by(fields, name=name, staff=member.id, at=request.app[HOUSE].now())
        if await request.app[HOUSE].site(asked.site) is None:
            raise web.HTTPNotFound
        await asyncio.to_thread(tray.ask, id, asked)
    except OSError as error:
        await asyncio.to_thread(tray.drop, id)
        said = f"The file could not be kept ({error.strerror or error}). Whoever runs Duologue can say why."
        raise Refused(507, "no_room", said) from error
    except BaseException:
        await asyncio.to_thread(tray.drop, id)
        raise
    return id


def asked_by(fields: dict[str, str], *, name: str, staff: str, at: int) -> Asked:
    """What the form says of its file; Refused for what is none of the choices."""
    if not all(is_storable(value) and len(value) <= 200 for value in fields.values()):
        raise Refused(400, "malformed", "A field of the form is too long, or no text.")
    kind = fields.get("kind", "")
    if kind not in KINDS:
        raise Refused(400, "kind", f"Say what is in the file: {', '.join(KINDS)}.")
    return Asked(kind, fields.get("site", ""), name, staff, at, **ways_of(fields))  # type: ignore[arg-type]


def ways_of(fields: dict[str, str]) -> dict[str, str | None]:
    """How the file is to be read, as far as somebody said so."""
    said = {name: fields.get(name, "").strip()[:64] or None for name in ("currency", "timezone")}
    return said | {name: fields.get(name) if fields.get(name) in those else None for name, those in WAYS.items()}


def _refuse_large(request: web.Request, tray: Tray) -> None:
    if request.content_type != "multipart/form-data":
        raise Refused(400, "malformed", "The form came without its file. Send it again.")
    size = request.content_length
    if size is None:
        raise Refused(411, "length", "Say how large the file is (Content-Length); browsers do.")
    if size > LARGEST + FORM_BYTES:
        raise too_large()
    tray.folder.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(tray.folder.parent).free < ROOM * size + SPARE:
        said = "There is too little room on the disk for this file. Whoever runs Duologue can make some."
        raise Refused(507, "no_room", said)


async def _read(form: MultipartReader, patience: Patience, into: Path) -> tuple[dict[str, str], str]:
    """The fields, and the name of the file, which is then at `into`."""
    fields: dict[str, str] = {}
    name: str | None = None
    while (part := await patience.wait(form.next())) is not None:
        if not isinstance(part, BodyPartReader) or len(fields) >= FIELDS:
            raise Refused(400, "malformed", "This is no form of this page. Open the page and send it again.")
        if (told := name_in_form(part)) is None:
            fields[part.name or ""] = await _text(part, patience)
        elif name is None:
            name = clean_name(told)
            size = await _keep(part, patience, into)
            if not name and not size:
                raise Refused(400, "empty", "No file was chosen. Choose one and send it again.")
        else:
            raise Refused(400, "malformed", "A form has one file. Send each by itself.")
    if name is None:
        raise Refused(400, "empty", "No file was chosen. Choose one and send it again.")
    return fields, name or "file"


async def _text(part: BodyPartReader, patience: Patience) -> str:
    said = bytearray()
    while not part.at_eof():
        said += await patience.wait(part.read_chunk(CHUNK_BYTES))
        if len(said) > FIELD_BYTES:
            raise Refused(400, "malformed", "A field of the form is too long.")
    return said.decode("utf-8", "replace").strip()


async def _keep(part: BodyPartReader, patience: Patience, into: Path) -> int:
    """Writes the file down; its size in bytes."""
    size, held = 0, bytearray()
    with into.open("xb") as file:
        while not part.at_eof():
            held += await patience.wait(part.read_chunk(CHUNK_BYTES))
            if len(held) >= PIECE_BYTES:
                size += await asyncio.to_thread(file.write, bytes(held))
                held.clear()
            if size > LARGEST:
                raise too_large()
        size += await asyncio.to_thread(file.write, bytes(held))
    return size


def too_large() -> Refused:
    megabytes = LARGEST // 1_000_000
    return Refused(
        413, "too_large",
        f"A file has at most {megabytes} MB here. Pack it by gzip, give it in parts, or use the command: "
        "duologue import.",
    )  # fmt: skip
