"""Value and likeness on real customers, each figure with the bar it is held against."""

import time
from collections.abc import Iterator

import numpy as np

from bot.insights.likeness.judging import judged
from bot.insights.one_core import one_core
from bot.insights.value import expected_orders, repeat_orders
from bot.insights.value.backtest import Backtest, Came, backtest
from bot.insights.value.forecast import Model, model_of
from bot.insights.value.histories import alike
from values import cdnow, online_retail, online_shoppers

type Figure = tuple[str, float, str, float]
WEEK = 7


def figures() -> Iterator[Figure]:
    with one_core("sklearn.ensemble", "sklearn.linear_model", "scipy.optimize"):
        yield from of_cdnow()
        yield from of_online_retail()
        yield from of_online_shoppers()


def of_cdnow() -> Iterator[Figure]:
    """As published (Fader, Hardie and Lee 2005); alpha in weeks, as is the likelihood."""
    before, whole = cdnow.histories(cdnow.CUT), cdnow.histories(cdnow.ENDS)
    started = time.process_time()
    model = model_of(before)
    used = time.process_time() - started
    assert model is not None and model.spending is not None
    often, much = model.repeating, model.spending
    yield "cdnow_r", often.r, "", 0.243
    yield "cdnow_alpha", often.alpha / WEEK, "weeks", 4.414
    yield "cdnow_a", often.a, "", 0.793
    yield "cdnow_b", often.b, "", 2.426
    yield "cdnow_log_likelihood", often.log_likelihood + float(before.repeats.sum()) * float(np.log(WEEK)), "", -9582.4
    yield "cdnow_p", much.p, "", 6.25
    yield "cdnow_q", much.q, "", 3.74
    yield "cdnow_gamma", much.gamma / 100, "dollars", 15.44
    yield "cdnow_fit", used, "cpu_s", 1.0
    expected = float(expected_orders.orders_of_new(often.logs, whole.age).sum())
    yield "cdnow_tracking_error", expected / float(whole.repeats.sum()) - 1, "share", -0.04
    test = _held_out(model)
    assert test.correlation is not None and test.total_error is not None and test.naive_error is not None
    assert test.top_share is not None and test.past_spend_share is not None
    yield "cdnow_correlation", test.correlation, "r", 0.625
    yield "cdnow_mean_error", test.mean_error, "orders", test.naive_mean_error
    yield "cdnow_total_error", test.total_error, "share", test.naive_error
    yield "cdnow_top_share", test.top_share, "share", test.past_spend_share


def _held_out(model: Model) -> Backtest:
    before, whole = cdnow.histories(cdnow.CUT), cdnow.histories(cdnow.ENDS)
    spent: dict[str, list[float]] = {}
    for who, day, cents in cdnow.orders():
        spent.setdefault(who, [0.0, 0.0])[day > cdnow.CUT.toordinal()] += cents
    past, later = np.array(list(spent.values())).T
    came = Came((whole.repeats - before.repeats).astype(float), later, (cdnow.ENDS - cdnow.CUT).days)
    assert alike(before).people.sum() == len(before)
    assert repeat_orders.fitted(alike(before)).r == model.repeating.r
    return backtest(model, before, past, came)


def of_online_retail() -> Iterator[Figure]:
    known, seeds, spent = online_retail.first_days()
    found = judged(known, seeds, spent)
    assert found.by_spend is not None and found.against_spend is not None
    yield "lookalike_auc", found.best.mean_auc, "AUC", 0.845
    yield "lookalike_lift", found.best.mean_lift, "times", 4.8
    yield "lookalike_auc_by_spend", found.by_spend.mean_auc, "AUC", 0.850
    yield "lookalike_lift_by_spend", found.by_spend.mean_lift, "times", 5.01
    yield "lookalike_lift_over_spend", found.against_spend, "std errors", 0.0
    yield "lookalike_is_boosted", float(found.chosen == "boosted"), "yes or no", 0.0


def of_online_shoppers() -> Iterator[Figure]:
    for leaking, name, bar in ((True, "shoppers_auc", 0.93), (False, "shoppers_auc_without_leak", 0.77)):
        known, bought = online_shoppers.visits(leaking=leaking)
        found = judged(known, bought, None)
        yield name, found.best.mean_auc, "AUC", bar
        yield f"{name.replace('auc', 'suspects')}", float(len(found.suspects)), "columns", float(leaking)
