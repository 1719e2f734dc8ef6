"""Finds answers by their words: for browsing, and where understanding finds nothing."""

from __future__ import annotations

import math
import re
from collections import Counter

from spacy.lang.en.stop_words import STOP_WORDS

from send_guide.content import Answer, Content, get_content

MOST = 20
TITLE_WEIGHT, EXAMPLE_WEIGHT = 3.0, 0.3


def search(text: str, content: Content | None = None) -> list[Answer]:
    """Return the answers that hold words of ``text``, best first; words that few answers hold count more.

    Args:
        text: what is looked for; parts of words at their beginning are found too.
        content: where to look; the service's own where left out.
    """
    content = content or get_content()
    answers = tuple(content.answers.values())
    weights = content.made.get(_weights) or content.made.setdefault(_weights, _weights(content))
    found: Counter[str] = Counter()
    for word in dict.fromkeys(_words(text)):
        hits = {
            answer.id: max(
                (value for held, value in weights[answer.id].items() if held.startswith(word)), default=0.0
            )
            for answer in answers
        }
        holding = sum(value > 0 for value in hits.values())
        if holding:
            rarity = math.log(1 + len(answers) / holding)
            found.update({key: value * rarity for key, value in hits.items() if value})
    return [content.answers[key] for key, _ in found.most_common(MOST)]


def _words(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))
    return [word.removesuffix("s") if len(word) > 3 else word for word in words if word not in STOP_WORDS]


def _weights(content: Content) -> dict[str, dict[str, float]]:
    """Return how much each word says of each answer: the title most, the ways of asking least."""
    weights: dict[str, dict[str, float]] = {}
    for answer in content.answers.values():
        own = weights[answer.id] = {}
        examples = " ".join(example.text for example in content.examples.get(answer.id, []))
        for text, weight in (
            (examples, EXAMPLE_WEIGHT),
            (f"{answer.text} {answer.since or ''} {answer.easy_read} {answer.duty or ''}", 1.0),
            (f"{answer.title} {answer.source}", TITLE_WEIGHT),
        ):
            own.update(dict.fromkeys(_words(text), weight))
    return weights
