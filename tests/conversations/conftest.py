"""The running product that all conversations of a test run are held with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.conversations.shop_hours import settings
from tests.conversations.visitor import House, opened
from tests.running import Duologue, duologue  # noqa: F401


@pytest.fixture(scope="session")
async def house(duologue: Duologue) -> AsyncIterator[House]:  # noqa: F811 - pytest's way to ask for it
    for words in settings(duologue.shop_url, datetime.now(UTC).date()):
        told = await duologue.cli("site", *words)
        assert told.code == 0, told
    async with opened(duologue.gateway_url, f"sqlite:///{duologue.home / 'store.db'}") as one:
        yield one
