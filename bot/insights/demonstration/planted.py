"""What is true of the invented year, and what is not: reports are held against this.

Three effects. Experiment 3 makes more people buy; orders of those whom one campaign sent are worth twice as much; who
comes with a mobile asks more. Two nulls: on which weekday somebody comes, and which language their browser speaks,
changes nothing about whether they buy. In experiments 1 and 2 the chat changes nothing either.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    """From so many days after the first on: who is held out, and what the chat adds to the share who buy."""

    day: int
    holdout: float
    effect: float


EXPERIMENTS = (Experiment(0, 0.1, 0.0), Experiment(80, 0.2, 0.0), Experiment(150, 0.3, 0.05))
WITH_EFFECT = EXPERIMENTS[2]

CAMPAIGN = "gift_guide"
CAMPAIGN_SPENDS = 2
"""An order of whom it sent, beside one of anybody else. Whether they buy, and how often, is as with others."""

MOBILE = "mobile"
MOBILE_TALKS, TALKS = 0.30, 0.16
"""The share who talk on a visit when they are offered the chat, with a mobile and otherwise."""

NULLS = ("weekday", "language")
"""Neither changes who buys; nor do country, channel, referrer, page or, but for what an order is worth, campaign."""

BUYS = 0.06
"""The share who buy on their first visit, without the chat."""
