"""The domain with what stands beside domain.yml: a company's own topics, and the fixed answers of reviews.

Named in config.yml under `importers`, so that `rasa train` and `rasa test` read them too.
"""

import re
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

_WORD = re.compile(r"\w")
BESIDE = (Path("data") / "domain", Path("data") / "review" / "answers")
"""Folders of small domain files; what a later one says of a response counts."""


class WithReviewedAnswers(RasaFileImporter):
    def get_domain(self) -> Domain:
        domain = super().get_domain()
        project = Path(self.config_file or "config.yml").resolve().parent
        for file in (file for folder in BESIDE for file in sorted((project / folder).glob("*.yml"))):
            domain = domain.merge(Domain.load(str(file)))
        return domain

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """RasaException when no example has a word: of none the vocabulary would be empty, far from here."""
        data = super().get_nlu_data(language)
        texts = [example.get(TEXT) or "" for example in data.training_examples]
        if any(texts) and not any(_WORD.search(text) for text in texts):
            raise RasaException(
                f"None of the {len(texts)} examples has a letter or a figure, so there is nothing to learn words from. "
                "Add examples in words, as people write them."
            )
        return data
