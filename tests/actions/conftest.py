"""The actions as Rasa finds them, and a desk that they ask."""

import pytest
from rasa_sdk.executor import ActionExecutor

from bot import desk
from tests.fake_desk import FakeDesk


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture
def house() -> FakeDesk:
    house = FakeDesk()
    desk.fill(house)
    return house
