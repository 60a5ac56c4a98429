"""The model as we load it finds what it finds as it comes."""

import pytest
import spacy

from bot.understanding.names_model import MODEL, names_model

SAID = (
    "I'm Anna O'Brien-Smith from Berlin, and I work at Acme Inc. (since 2019).",
    "Can you ship it to Tromsø by Friday? It's for Dr. Müller; she doesn't live in the U.K. anymore...",
    "my no. is 0123-456, mail me@site.example or see https://site.example/a?b=c#d:e",
    "PLS!!! refund £12.50/€14,90 for the Harbour-Jumper (size M/L) — bought in NYC on 3rd of May",
    "wer ist Herr Schröder aus München? 😀👍",
    "",
)


@pytest.mark.parametrize("text", SAID)
def test_words_and_names_are_those_of_the_whole_model(text: str):
    as_it_comes = spacy.load(MODEL)(text)

    ours = names_model()(text)

    assert [word.text for word in ours] == [word.text for word in as_it_comes]
    assert [(name.text, name.label_) for name in ours.ents] == [(name.text, name.label_) for name in as_it_comes.ents]
