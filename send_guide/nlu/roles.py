"""Finds who a question is about: schools, governors, the head teacher, the SENCO, the council."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher


class RoleMatcher:
    """Finds the names of roles with spaCy's phrase matcher.

    Longer names win ("special needs teacher" before "teacher"), capitals do not matter.
    """

    def __init__(self, names: dict[str, str]) -> None:
        """Build the matcher.

        Args:
            names: role key by name, for instance ``{"headmaster": "head-teacher"}``.
        """
        self._language: Language = spacy.blank("en")
        self._matcher = PhraseMatcher(self._language.vocab, attr="LOWER")
        by_role: dict[str, list[str]] = {}
        for name, role in names.items():
            by_role.setdefault(role, []).append(name)
        for role, role_names in by_role.items():
            self._matcher.add(role, [self._language.make_doc(name) for name in role_names])

    def roles(self, text: str) -> list[tuple[str, int, int]]:
        """Return (role, first letter, letter after the last) of every role that ``text`` names, in order."""
        doc = self._language.make_doc(text)
        spans = spacy.util.filter_spans(self._matcher(doc, as_spans=True))
        return [(span.label_, span.start_char, span.end_char) for span in spans]
