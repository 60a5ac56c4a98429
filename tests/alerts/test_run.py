"""What the worker does when something is due, as it is run."""

from pathlib import Path

from bot.alert_rules import What
from bot.alerts.run import alike_of
from bot.pages.crawling.crawl import now
from bot.settings import Settings
from bot.store import alerts
from bot.store.alert_deliveries import counts_of
from bot.store.alerts_due import alerts_due
from bot.store.store import Store
from bot.worker import send_alerts
from tests.alerts.conftest import Add, Receiver, Shop
from tests.homes import home_in


async def test_the_worker_looks_raises_and_tells_and_has_nothing_to_do_after_it(
    store: Store, talking: Shop, rule: Add, hook_settings: Settings, receiver: Receiver
):
    id = await rule(What.COMPLAINT, least=1)
    await store.write(alerts.add_target, id, "webhook", receiver.address, by=None, is_admin=True, at=now())
    await talking.says(1, at=now())

    await send_alerts(store, hook_settings)
    await send_alerts(store, hook_settings)

    assert len(receiver.calls) == 1 and await store.read(counts_of) == {"sent": 1}
    assert not await store.read(alerts_due, now())


def test_questions_are_the_same_when_they_mean_the_same(tmp_path: Path):
    alike = alike_of(Settings.model_validate({"home": home_in(tmp_path)}))

    ship, deliver, wool = alike(
        ["do you ship to norway", "can you deliver to norway please", "is this blanket made of wool"]
    )

    assert ship == deliver != wool
