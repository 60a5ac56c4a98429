"""Pictures of what the browser shows: looked at by their pixels, and kept for the documentation when asked to."""

import base64
import os
from pathlib import Path

from playwright.async_api import FloatRect, Locator, Page

SHOTS = Path(__file__).parents[2] / "docs" / "shots"
KEEPS = os.environ.get("DUOLOGUE_SHOTS") == "1"
MOST_BYTES = 150_000
COUNTED = """async (packed) => {
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const counts = {};
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  for (const pixel of pixels) counts[pixel] = (counts[pixel] ?? 0) + 1;
  return Object.values(counts).sort((a, b) => b - a).map((count) => count / width / height);
}"""


async def shares(where: Page | Locator, clip: FloatRect | None = None, name: str | None = None) -> list[float]:
    """How much of what is shown has which colour, the most frequent first. A blank picture is [1.0]."""
    page = where if isinstance(where, Page) else where.page
    picture = await (where.screenshot(clip=clip) if isinstance(where, Page) else where.screenshot())
    if name:
        assert len(picture) < MOST_BYTES, f"{name} has {len(picture)} bytes"
        _keep(name, picture)
    assert page.context.browser is not None
    # In a page of its own: the one that is looked at may forbid it.
    bench = await page.context.browser.new_page()
    try:
        return list(await bench.evaluate(COUNTED, base64.b64encode(picture).decode()))
    finally:
        await bench.close()


def _keep(name: str, picture: bytes) -> None:
    if KEEPS:
        SHOTS.mkdir(exist_ok=True)
        (SHOTS / f"{name}.png").write_bytes(picture)
