"""The statistics of understanding: labelled examples in, a probability for every label out.

Two linear models vote: one on the sentence encoder's vectors (meaning), one on words and letter
groups (names, misspellings). Their votes become probabilities by one temperature, fitted on
examples that the voting models had not seen. No Rasa here, so that it can be measured by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

FloatArray = npt.NDArray[np.float32]

FOLDS = 5
SEED = 20_26
_WORDS = {"analyzer": "word", "ngram_range": (1, 2), "sublinear_tf": True, "token_pattern": r"(?u)\b\w+\b"}
_LETTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True, "min_df": 2}


class Letters:
    """Turns texts into weighted counts of words, word pairs and letter groups (TF-IDF)."""

    def __init__(
        self, vocabularies: list[dict[str, int]] | None = None, idfs: list[FloatArray] | None = None
    ) -> None:
        self._vectorizers = [
            TfidfVectorizer(**_WORDS, dtype=np.float32),
            TfidfVectorizer(**_LETTERS, dtype=np.float32),
        ]
        for vectorizer, vocabulary, idf in zip(
            self._vectorizers, vocabularies or [], idfs or [], strict=False
        ):
            vectorizer.vocabulary_ = vocabulary
            vectorizer.idf_ = idf

    def fit(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn the vocabulary; return the counts, shape (len(texts), words + letter groups)."""
        return sparse.hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers]).tocsr()

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the counts in the learnt vocabulary."""
        return sparse.hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers]).tocsr()

    @property
    def vocabularies(self) -> list[dict[str, int]]:
        """Column by word and by letter group."""
        return [
            {word: int(at) for word, at in vectorizer.vocabulary_.items()} for vectorizer in self._vectorizers
        ]

    @property
    def idfs(self) -> list[FloatArray]:
        """Weight of each column."""
        return [np.asarray(vectorizer.idf_, dtype=np.float32) for vectorizer in self._vectorizers]


@dataclass
class LabelModel:
    """A trained model.

    Attributes:
        labels: the labels, sorted; columns of every score.
        letters: the fitted text features.
        meaning: weights on the encoder's vectors and a bias, shape (labels, dimensions + 1).
        spelling: weights on the letters and a bias, shape (labels, letters + 1).
        temperature: divides the votes before they become probabilities.
    """

    labels: list[str]
    letters: Letters
    meaning: FloatArray
    spelling: FloatArray
    temperature: float

    @classmethod
    def train(cls, texts: Sequence[str], vectors: FloatArray, labels: Sequence[str]) -> LabelModel:
        """Fit both voters on all examples, and the temperature on held-out ones.

        Args:
            texts: the examples.
            vectors: the encoder's vector of each, shape (len(texts), dimensions).
            labels: the label of each.
        """
        model = cls._voters(texts, vectors, labels)
        votes = held_out_votes(texts, vectors, labels)
        truth = np.searchsorted(model.labels, list(labels))
        model.temperature = _fit_temperature(votes, truth)
        return model

    @classmethod
    def _voters(cls, texts: Sequence[str], vectors: FloatArray, labels: Sequence[str]) -> LabelModel:
        letters = Letters()
        counts = letters.fit(texts)
        by_meaning = LinearSVC(C=1.0, random_state=SEED).fit(vectors, labels)
        by_spelling = LinearSVC(C=0.5, random_state=SEED).fit(counts, labels)
        return cls(
            labels=[str(label) for label in by_meaning.classes_],
            letters=letters,
            meaning=np.column_stack([by_meaning.coef_, by_meaning.intercept_]).astype(np.float32),
            spelling=np.column_stack([by_spelling.coef_, by_spelling.intercept_]).astype(np.float32),
            temperature=1.0,
        )

    def votes(self, texts: Sequence[str], vectors: FloatArray) -> FloatArray:
        """Return the sum of both voters' scores, shape (len(texts), len(labels))."""
        counts = self.letters.transform(texts)
        spelling = counts @ self.spelling[:, :-1].T + self.spelling[:, -1]
        meaning = vectors @ self.meaning[:, :-1].T + self.meaning[:, -1]
        return np.asarray(spelling + meaning, dtype=np.float32)

    def probabilities(self, texts: Sequence[str], vectors: FloatArray) -> FloatArray:
        """Return the probability of each label for each text; rows sum to 1."""
        return _softmax(self.votes(texts, vectors) / self.temperature)

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON; nothing in it can run code when it is read."""
        words, groups = self.letters.idfs
        np.savez(
            folder / "model.npz", meaning=self.meaning, spelling=self.spelling, words=words, groups=groups
        )
        facts = {
            "labels": self.labels,
            "vocabularies": self.letters.vocabularies,
            "temperature": self.temperature,
        }
        (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LabelModel:
        """Read what :meth:`save` wrote."""
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            return cls(
                labels=facts["labels"],
                letters=Letters(facts["vocabularies"], [arrays["words"], arrays["groups"]]),
                meaning=arrays["meaning"],
                spelling=arrays["spelling"],
                temperature=facts["temperature"],
            )


def held_out_votes(texts: Sequence[str], vectors: FloatArray, labels: Sequence[str]) -> FloatArray:
    """Return the votes on every example by models trained without it (cross-validation)."""
    every_label = sorted(set(labels))
    truth = np.searchsorted(every_label, list(labels))
    votes = np.zeros((len(texts), len(every_label)), dtype=np.float32)
    for train, held_out in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(vectors, truth):
        model = LabelModel._voters([texts[i] for i in train], vectors[train], [labels[i] for i in train])
        columns = np.searchsorted(every_label, model.labels)
        votes[np.ix_(held_out, columns)] = model.votes([texts[i] for i in held_out], vectors[held_out])
    return votes


def _fit_temperature(votes: FloatArray, truth: npt.NDArray[np.int_]) -> float:
    """Return the temperature under which the held-out labels are likeliest (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        probabilities = _softmax(votes / temperature)
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-9).mean())

    return float(minimize_scalar(loss, bounds=(0.05, 5.0), method="bounded").x)


def _softmax(scores: FloatArray) -> FloatArray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)
