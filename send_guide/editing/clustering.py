"""Puts questions that mean much the same together, so that an editor reads twenty and not two hundred."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from send_guide.domain.text import normalise
from send_guide.nlu.classifiers import FloatArray
from send_guide.nlu.sentence_encoder import MEANING

FAR = 0.45
"""Mean cosine distance from which two groups stay apart. By eye on the questions of tests/questions: at
0.35 one answer's questions lie in many groups, at 0.55 unlike questions stand together."""

Encode = Callable[[list[str]], FloatArray]
"""Returns one unit vector a text, shape (texts, dimensions)."""


def groups(texts: Sequence[str], encode: Encode, far: float = FAR) -> list[list[int]]:
    """Return the places of texts that are alike, the largest group first.

    In a group the text that is most like the others stands first.

    Args:
        texts: the texts.
        encode: what they mean, as the sentence encoder has it.
        far: the mean cosine distance, 0 to 2, from which groups stay apart.
    """
    if not texts:
        return []
    vectors = encode([normalise(text) for text in texts])[:, MEANING]
    labels = np.zeros(1, dtype=int)
    if len(texts) > 1:
        clustering = AgglomerativeClustering(
            n_clusters=None, distance_threshold=far, metric="cosine", linkage="average"
        )
        labels = clustering.fit_predict(vectors)
    found = []
    for label in range(int(labels.max()) + 1):
        places = np.flatnonzero(labels == label)
        likeness = vectors[places] @ vectors[places].mean(axis=0)
        found.append([int(place) for place in places[np.argsort(-likeness, kind="stable")]])
    return sorted(found, key=len, reverse=True)
