"""How far the log has come, while there is no answer yet."""

from bot.insights.log.progress import progress
from bot.store.interactions import append, newest
from bot.store.sites import Site
from tests.insights.happened import viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]


async def test_what_was_copied_is_a_share_of_what_happened(kept: Kept, shop: Site):
    await kept.store.write(append, viewed("anna", *range(10)))
    copied = await kept.store.read(newest)
    kept.keep()

    assert progress(kept.folder, copied) == 1.0
    assert progress(kept.folder, 4 * copied) == 0.25


async def test_without_any_file_nothing_is_known(kept: Kept, shop: Site):
    assert progress(kept.folder, 10) is None
