"""An export as bytes, and a spreadsheet's cells without a spreadsheet."""

import re
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from zipfile import ZipFile

from bot.insights.exports.export import export, wanted
from bot.store.store import Store
from tests.cast import SHOP

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile("_x([0-9A-F]{4})_")


async def written(
    store: Store, kind: str, format: str = "csv", *, site: str = SHOP, log: Path | None = None, bom: bool = False,
    **window: str,
) -> bytes:  # fmt: skip
    with TemporaryDirectory() as folder:
        into = Path(folder) / "export"
        await export(store, wanted(site, kind, format, bom=bom, **window), into, log=log)
        return into.read_bytes()


def sheet(workbook: bytes, number: int = 1) -> list[list[str | float | bool | None]]:
    """The cells of one sheet, a line each; fails on a formula."""
    with ZipFile(BytesIO(workbook)) as zip:
        assert not any("hyperlink" in name for name in zip.namelist())
        root = ElementTree.fromstring(zip.read(f"xl/worksheets/sheet{number}.xml"))
    lines = [{_column(cell): _value(cell) for cell in row} for row in root.iter(f"{NAMESPACE}row")]
    return [[line.get(place) for place in range(len(lines[0]))] for line in lines]


def _column(cell: ElementTree.Element) -> int:
    number = 0
    for letter in re.sub("[0-9]", "", cell.attrib["r"]):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element) -> str | float | bool | None:
    assert cell.find(f"{NAMESPACE}f") is None
    if cell.attrib.get("t") == "inlineStr":
        text = "".join(one.text or "" for one in cell.iter(f"{NAMESPACE}t"))
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    value = cell.findtext(f"{NAMESPACE}v")
    assert value is not None
    return value == "1" if cell.attrib.get("t") == "b" else float(value)
