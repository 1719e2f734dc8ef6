"""Gives Rasa the answers: content is validated before training, and each answer is a response."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from send_guide.content.loader import ASK, data_directory, load_content
from send_guide.rasa_adapter.training_data import told


class ContentImporter(RasaFileImporter):
    """Rasa's file importer that refuses broken content and adds the answers to the domain.

    Rasa calls intents such as ``ask/schools.appoint-senco`` retrieval intents and looks for the
    response ``utter_ask/schools.appoint-senco``; the importer makes it from ``data/answers``, so
    that a text stands in one place only.
    """

    def get_domain(self) -> Domain:
        """Return the domain with a response for every answer.

        Raises:
            ContentError: an answer, contact or example breaks the schema.
        """
        content = load_content(data_directory())
        written = dict(super().get_domain().as_dict())
        responses = {
            f"utter_{ASK}{answer.id}": [{"text": answer.text}] for answer in content.answers.values()
        }
        return Domain.from_dict({**written, "responses": responses})

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the ways of asking and what people tell; Rasa asks twice, and reading takes seconds.

        Args:
            language: handed on to Rasa's importer.
        """
        return super().get_nlu_data(language).merge(told(load_content(data_directory())))
