"""A run of the worker: one look at all rules, then everything that is due goes."""

from collections.abc import Callable, Sequence

from bot.alerts.sender import AlertSender
from bot.alerts.watch import Alike, watch
from bot.interactions import Microseconds
from bot.settings import Settings
from bot.store.store import Store


async def run(store: Store, settings: Settings, *, now: Callable[[], Microseconds]) -> None:
    await watch(store, now=now, alike=alike_of(settings))
    await AlertSender(store, settings, now=now).work()


def alike_of(settings: Settings) -> Alike:
    """Groups by meaning, as the list of unanswered questions does; the encoder is read when there is something to."""

    def grouped(texts: Sequence[str]) -> list[int]:
        from bot.pages.answering.librarian import encoder_of
        from bot.pages.questions.alike import alike

        return [int(one) for one in alike(texts, encoder_of(settings.home / "models")).groups]

    return grouped
