"""One look at all rules: reads what the log has new, raises what is to be raised, and lets go what was held back."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from bot import money
from bot.alert_rules import DAY, DAYS_BEFORE, What, clear_drop, clearly_more
from bot.errors import DuologueError
from bot.interactions import Microseconds, SiteKey
from bot.store import alert_mentions, alerts_raised
from bot.store.alert_deliveries import drop_old
from bot.store.alert_mentions import Mention
from bot.store.alert_texts import texts_of
from bot.store.alerts import Kept, rules_on
from bot.store.questions import normal
from bot.store.sites import find_site
from bot.store.store import Store
from bot.store.valued import thresholds

type Alike = Callable[[Sequence[str]], Sequence[int]]
"""The number of each text's group: those that ask the same have the same."""
RECOVERED = 0.5
"""Of the drop that is watched for: once the mood is nearer to what it was, the next drop is a new one."""
log = logging.getLogger(__name__)


async def watch(store: Store, *, now: Callable[[], Microseconds], alike: Alike) -> None:
    """All rules that are on. What fails with one keeps no other from being looked at."""
    while await store.write(alert_mentions.read_log, at=now()) == alert_mentions.AT_ONCE:
        pass
    await store.write(alert_mentions.drop_old, at=now())
    await store.write(drop_old, at=now())
    for kept in await store.read(rules_on):
        try:
            await look(store, kept, at=now(), alike=alike)
        except DuologueError as error:
            log.warning("alert %s was not looked at: %s", kept.id, error)
    for id in await store.read(alerts_raised.holding, at=now()):
        await store.write(alerts_raised.tell_held_back, id, at=now())


async def look(store: Store, kept: Kept, *, at: Microseconds, alike: Alike) -> None:
    """Raises what this rule has to raise now."""
    match kept.rule.what:
        case What.WAITING:
            for one in await store.read(alerts_raised.unraised, kept.id, kept.rule, at=at):
                await store.write(alerts_raised.raise_waiting, kept.id, one, at=at)
        case What.MOOD:
            await _look_at_mood(store, kept, at)
        case What.BEST:
            await _look_for_best(store, kept, at)
        case What.QUESTION:
            await _look_at_questions(store, kept, at, alike)
        case _:
            await _look_at_people(store, kept, at)


async def _look_at_people(store: Store, kept: Kept, at: Microseconds) -> None:
    said = await store.read(alert_mentions.open_mentions, kept.id, kept.rule, at=at)
    people = len({one.person for one in said})
    if people < kept.rule.least:
        return
    figures: dict[str, Any] = {}
    if kept.rule.usual:
        before = await store.read(alert_mentions.days_before, kept.rule, at=at)
        if not clearly_more(people, before):
            return
        figures["usual"] = sum(before) / len(before)
    await _raise(store, kept, said, at, figures)


async def _look_at_questions(store: Store, kept: Kept, at: Microseconds, alike: Alike) -> None:
    """Questions that mean the same are one; those of fewer people than wanted are not compared at all."""
    said = await store.read(alert_mentions.open_mentions, kept.id, kept.rule, at=at)
    if len({one.person for one in said}) < kept.rule.least:
        return
    texts = await store.read(texts_of, [(one.conversation, one.seq) for one in said])
    asked = {one: normal(texts[one.conversation, one.seq]) for one in said if (one.conversation, one.seq) in texts}
    distinct = sorted(set(asked.values()))
    groups = dict(zip(distinct, await asyncio.to_thread(alike, distinct), strict=True)) if distinct else {}
    for group in sorted(set(groups.values())):
        of_it = [one for one, text in asked.items() if groups[text] == group]
        if len({one.person for one in of_it}) >= kept.rule.least:
            await _raise(store, kept, of_it, at, {})


async def _look_for_best(store: Store, kept: Kept, at: Microseconds) -> None:
    said = await store.read(alert_mentions.open_mentions, kept.id, kept.rule, at=at)
    people = sorted({one.person for one in said})
    spent = await store.read(alerts_raised.spent_by, kept.rule.site, people)
    wanted = await _valued_from(store, kept.rule.site) if any(spent.values()) else {}
    for person in people:
        if any(currency in wanted and net >= wanted[currency] for currency, net in spent.get(person, {}).items()):
            await _raise(store, kept, [one for one in said if one.person == person], at, {}, least=1)


async def _look_at_mood(store: Store, kept: Kept, at: Microseconds) -> None:
    rule = kept.rule
    day, ago = _before(at, DAY), _before(at, DAY * (DAYS_BEFORE + 1))
    now = await store.read(alert_mentions.moods, rule.site, day, at)
    before = await store.read(alert_mentions.moods, rule.site, ago, day)
    if clear_drop(now, before, least=rule.least / 100):
        figures = {"now": now.mean, "before": before.mean}
        await store.write(alerts_raised.raise_mood, kept.id, people=now.people, figures=figures, at=at)
    elif now.people and before.mean - now.mean < RECOVERED * rule.least / 100:
        await store.write(alerts_raised.has_recovered, kept.id)


async def _raise(
    store: Store, kept: Kept, said: Sequence[Mention], at: Microseconds, figures: dict[str, Any], least: int = 0
) -> None:
    interactions = [one.interaction for one in said]
    await store.write(
        alerts_raised.raise_people, kept.id, interactions, at=at, least=least or kept.rule.least, figures=figures
    )


async def _valued_from(store: Store, key: SiteKey) -> dict[str, int]:
    """From what on a customer is among the most valuable: the site's own word, else its top tenth."""
    site = await store.read(find_site, key)
    if site is not None and site.chat.valued_from is not None:
        amount, _, currency = site.chat.valued_from.partition(" ")
        return {currency: money.minor_units(amount, currency)}
    return await store.read(thresholds, key)


def _before(at: Microseconds, span: timedelta) -> Microseconds:
    return Microseconds(at - span // timedelta(microseconds=1))
