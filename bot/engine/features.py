"""Features of a message for one intent classifier alone, without those that only other components would read.

0.9 ms a turn: Rasa counts every word's n-grams once more by themselves, for components that label words,
and wraps the sum of a few hundred products in checks that are made for thousands of rows.
"""

import types
from typing import Any

import numpy as np
from rasa.engine.graph import GraphNode
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT

OURS = (
    "bot.engine.sentences.SentenceFeaturizer",
    "bot.engine.intents.CalibratedIntentClassifier",
    "bot.engine.entities.EntityTagger",
)
"""None reads what is counted of a word. By name, since a model without them need not load them."""
READS_WORDS = ("CRFEntityExtractor", "DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy")


def leave_out_what_nobody_reads(nodes: list[GraphNode]) -> None:
    """Only for a model whose one reader of features is a classifier of sentences; any other is left as it is."""
    kinds = [type(node._component) for node in nodes]
    ours = [_name(kind) for kind in kinds if _name(kind) in OURS]
    if kinds.count(LogisticRegressionClassifier) + ours.count(OURS[1]) != 1:
        return
    others = [kind for kind in kinds if _name(kind) not in OURS]
    if any(not kind.__module__.startswith("rasa.") or kind.__name__ in READS_WORDS for kind in others):
        return
    for node in nodes:
        component = node._component
        if type(component) is CountVectorsFeaturizer:
            component._create_features = types.MethodType(_features_of_the_sentence, component)
        if type(component) is LogisticRegressionClassifier and len(getattr(component.clf, "classes_", ())) > 2:
            node._fn = _most_likely_intents


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def _features_of_the_sentence(self: CountVectorsFeaturizer, attribute: str, all_tokens: list[list[str]]) -> Any:
    vectorizer = self.vectorizers.get(attribute)
    if not vectorizer:
        return [None], [None]
    sentences = []
    for tokens in all_tokens:
        features = None
        if tokens:
            features = vectorizer.transform([" ".join(tokens)])
            features.sort_indices()
            features = features.tocoo()
        sentences.append(features)
    return [None] * len(all_tokens), sentences


def _most_likely_intents(self: LogisticRegressionClassifier, messages: list[Any]) -> list[Any]:
    if len(messages) != 1 or messages[0].get_dense_features(attribute=TEXT)[1]:
        return LogisticRegressionClassifier.process(self, messages)
    (message,) = messages
    sparse = message.get_sparse_features(attribute=TEXT)[1]
    if sparse is None:
        return LogisticRegressionClassifier.process(self, messages)
    scores = (sparse.features.tocsr() @ self.clf.coef_.T)[0] + self.clf.intercept_
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    best = np.argsort(-likely, kind="stable")
    ranking = [{"name": str(self.clf.classes_[i]), "confidence": float(likely[i])} for i in best]
    message.set("intent", ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking[: self.config["ranking_length"] or None], add_to_output=True)
    return messages
