"""Tells which language a message is in, where it is not English."""

from __future__ import annotations

import functools
import re
from collections.abc import Container

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from send_guide.domain.text import plain_text

ENGLISH = "en"
SURE = 0.9
"""Probability from which another language is believed."""
KNOWN = 0.4
"""Share of words that the guide knows from its examples; with more, it is English, well spelt or not."""
_WRITTEN_AS = {"yue": "zh"}
"""Cantonese and Mandarin are written alike."""
_WORDS = re.compile(r"[^\W\d_]+")
_LATIN_ENDS = "\u024f"


def other_language(text: str, known: Container[str]) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``, or None where it may be English.

    Args:
        text: the message.
        known: the words of the guide's own examples, in small letters.
    """
    words = _WORDS.findall(plain_text(text).text.lower())
    foreign = [word for word in words if word[0] > _LATIN_ENDS]
    latin = 2 * len(foreign) <= len(words)
    if latin and (len(words) < 3 or sum(word in known for word in words) > KNOWN * len(words)):
        return None
    code, probability = _identifier().classify(" ".join(words))
    # words of another alphabet are not English, however few there are
    code = _WRITTEN_AS.get(code, code)
    return str(code) if code != ENGLISH and (probability >= SURE or not latin) else None


@functools.cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
