"""The domain with what stands beside domain.yml: a company's own topics, and the fixed answers of reviews.

Named in config.yml under `importers`, so that `rasa train` and `rasa test` read them too.
"""

from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter

BESIDE = (Path("data") / "domain", Path("data") / "review" / "answers")
"""Folders of small domain files; what a later one says of a response counts."""


class WithReviewedAnswers(RasaFileImporter):
    def get_domain(self) -> Domain:
        domain = super().get_domain()
        project = Path(self.config_file or "config.yml").resolve().parent
        for file in (file for folder in BESIDE for file in sorted((project / folder).glob("*.yml"))):
            domain = domain.merge(Domain.load(str(file)))
        return domain
