"""The running product that all conversations of a test run are held with."""

from collections.abc import AsyncIterator

import pytest

from tests.conversations.visitor import House, opened
from tests.running import Duologue, duologue  # noqa: F401


@pytest.fixture(scope="session")
async def house(duologue: Duologue) -> AsyncIterator[House]:  # noqa: F811 - pytest's way to ask for it
    async with opened(duologue.gateway_url, f"sqlite:///{duologue.home / 'store.db'}") as one:
        yield one
