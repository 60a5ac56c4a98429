"""Which rule chose an action: its name is kept with the model, and told with each prediction.

Rasa knows a rule by the state that it applies to; what it is called in data/rules is gone once training ends. A model
that `rasa train` made, without our patches, tells no names.
"""

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import DEFAULT_RULES, LOOP_RULES, RulePolicy

NAMES = "rule_names"
"""Where the model keeps them, beside the rules themselves."""


def keep() -> None:
    """Once, before a model is trained."""
    stock_metadata = RulePolicy._metadata

    def _metadata(self: RulePolicy) -> dict[str, Any]:
        told = stock_metadata(self)
        return {**told, "lookup": {**told["lookup"], NAMES: _names(self)}}

    def fingerprint_addon(cls: type[RulePolicy], config: dict[str, Any]) -> str:
        # Else Rasa takes a policy without names out of its cache.
        return NAMES

    RulePolicy._metadata = _metadata
    RulePolicy.fingerprint_addon = classmethod(fingerprint_addon)


def tell() -> None:
    """Once, before a model is loaded: the name goes with the prediction into the event of its action."""

    def predict_action_probabilities(
        self: RulePolicy, tracker: Any, domain: Any, rule_only_data: Any = None, **kwargs: Any
    ) -> PolicyPrediction:
        prediction, source = self._predict(tracker, domain)
        name = self.lookup.get(NAMES, {}).get(source)
        if name is not None:
            prediction.action_metadata = {"rule": name}
        return prediction

    RulePolicy.predict_action_probabilities = predict_action_probabilities


def _names(policy: RulePolicy) -> dict[str, str]:
    """By what a prediction names as its source. Rules with the same beginning share it; the first in order is told."""
    sources = policy._rules_sources
    ours = (source for source in sources if not source.startswith((DEFAULT_RULES, LOOP_RULES)))
    return {source: min(name for name, _ in sources[source]) for source in ours}
