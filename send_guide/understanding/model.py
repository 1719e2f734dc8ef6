"""The statistics of understanding: labelled examples in, a probability for every label out.

Every text has a vector of the sentence encoder (meaning) and counts of its words and letter groups
(names, misspellings). :class:`ScopeModel` says what kind of message it is: something the guide may
answer, somebody in danger, off topic and so on. :class:`LabelModel` says which answer: two linear
models vote, and their votes become probabilities by one temperature, fitted on examples that the
voting models had not seen. No Rasa here, so that it can be measured by itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

FloatArray = npt.NDArray[np.float32]

HELD_OUT = 0.2
"""Share of the examples that the temperature is fitted on."""
SEED = 20_26
LETTERS_WEIGHT = 0.7
"""Of the letters beside the vector, where one model has both."""
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
        self._analyzers = [vectorizer.build_analyzer() for vectorizer in self._vectorizers]

    def fit(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn the vocabulary; return the counts, shape (len(texts), words + letter groups)."""
        return sparse.hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers]).tocsr()

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the counts in the learnt vocabulary, as scikit-learn's ``transform`` would.

        Its checks and conversions cost ten times what the counting of a short message does.
        """
        rows = [self._row(text) for text in texts]
        return sparse.csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([columns for columns, _ in rows]),
                np.cumsum([0, *(len(columns) for columns, _ in rows)]),
            ),
            shape=(len(rows), sum(len(vectorizer.vocabulary_) for vectorizer in self._vectorizers)),
        )

    def _row(self, text: str) -> tuple[npt.NDArray[np.int_], FloatArray]:
        """Return the columns of one text and their values; unit length for words and for letter groups."""
        columns, values, offset = [], [], 0
        for vectorizer, analyze in zip(self._vectorizers, self._analyzers, strict=True):
            vocabulary = vectorizer.vocabulary_
            counts = Counter(vocabulary[part] for part in analyze(text) if part in vocabulary)
            found = np.fromiter(counts, dtype=np.int32, count=len(counts))
            often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            weights = (1 + np.log(often)) * vectorizer.idf_[found]
            columns.append(found + offset)
            values.append(weights / (np.linalg.norm(weights) or 1.0))
            offset += len(vocabulary)
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)

    @property
    def words(self) -> Container[str]:
        """The words of the examples, and pairs of them, in small letters."""
        words: dict[str, int] = self._vectorizers[0].vocabulary_
        return words

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
class ScopeModel:
    """Says what kind of message a text is.

    Attributes:
        kinds: the kinds, sorted; columns of every probability.
        weights: weights on vector, letters and a bias, shape (dimensions + letters + 1, kinds).
    """

    kinds: list[str]
    weights: FloatArray

    @classmethod
    def train(cls, vectors: FloatArray, counts: sparse.csr_matrix, kinds: Sequence[str]) -> ScopeModel:
        """Fit one linear model; a kind with few examples weighs as much as one with many."""
        model = LogisticRegression(C=20, max_iter=500, class_weight="balanced")
        together = sparse.hstack([sparse.csr_matrix(vectors), counts * LETTERS_WEIGHT]).tocsr()
        model.fit(together, kinds)
        return cls([str(kind) for kind in model.classes_], _weights(model))

    def probabilities(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the probability of each kind for each text; rows sum to 1."""
        width = vectors.shape[1]
        letters = counts @ self.weights[width:-1] * LETTERS_WEIGHT
        return _softmax(vectors @ self.weights[:width] + letters + self.weights[-1])


def _weights(model: LogisticRegression | LinearSVC) -> FloatArray:
    """Return a linear model's weights and, last, its bias; shape (features + 1, labels)."""
    return np.ascontiguousarray(np.vstack([model.coef_.T, model.intercept_]), dtype=np.float32)


@dataclass
class LabelModel:
    """Says which label a text has.

    Attributes:
        labels: the labels, sorted; columns of every score.
        meaning: weights on the encoder's vectors and a bias, shape (dimensions + 1, labels).
        spelling: weights on the letters and a bias, shape (letters + 1, labels).
        temperature: divides the votes before they become probabilities.
    """

    labels: list[str]
    meaning: FloatArray
    spelling: FloatArray
    temperature: float

    @classmethod
    def train(cls, vectors: FloatArray, counts: sparse.csr_matrix, labels: Sequence[str]) -> LabelModel:
        """Fit both voters on all examples, and the temperature on held-out ones.

        Args:
            vectors: the encoder's vector of each example, shape (examples, dimensions).
            counts: its letters, shape (examples, letters).
            labels: the label of each.
        """
        model = cls._voters(vectors, counts, labels)
        truth = np.searchsorted(model.labels, list(labels))
        seen, unseen = train_test_split(
            np.arange(len(truth)), test_size=HELD_OUT, stratify=truth, random_state=SEED
        )
        trial = cls._voters(vectors[seen], counts[seen], [labels[at] for at in seen])
        model.temperature = _fit_temperature(trial.votes(vectors[unseen], counts[unseen]), truth[unseen])
        return model

    @classmethod
    def _voters(cls, vectors: FloatArray, counts: sparse.csr_matrix, labels: Sequence[str]) -> LabelModel:
        by_meaning = LogisticRegression(C=10, max_iter=300).fit(vectors, labels)
        by_spelling = LinearSVC(C=0.5, random_state=SEED).fit(counts, labels)
        return cls(
            labels=[str(label) for label in by_meaning.classes_],
            meaning=_weights(by_meaning),
            spelling=_weights(by_spelling),
            temperature=1.0,
        )

    def votes(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the sum of both voters' scores, each on its own scale; shape (texts, labels)."""
        spelling = counts @ self.spelling[:-1] + self.spelling[-1]
        meaning = vectors @ self.meaning[:-1] + self.meaning[-1]
        return np.asarray(_standard(spelling) + _standard(meaning), dtype=np.float32)

    def probabilities(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the probability of each label for each text; rows sum to 1."""
        return _softmax(self.votes(vectors, counts) / self.temperature)


@dataclass
class Models:
    """Everything that is learnt from the examples, beside the encoder."""

    letters: Letters
    scope: ScopeModel
    answers: LabelModel

    def save(self, folder: Path) -> None:
        """Write the models as plain arrays and JSON; nothing in them can run code when they are read."""
        words, groups = self.letters.idfs
        np.savez(
            folder / "model.npz",
            scope=self.scope.weights,
            meaning=self.answers.meaning,
            spelling=self.answers.spelling,
            words=words,
            groups=groups,
        )
        facts = {
            "kinds": self.scope.kinds,
            "labels": self.answers.labels,
            "temperature": self.answers.temperature,
            "vocabularies": self.letters.vocabularies,
        }
        (folder / "model.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Models:
        """Read what :meth:`save` wrote."""
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            return cls(
                Letters(facts["vocabularies"], [arrays["words"], arrays["groups"]]),
                ScopeModel(facts["kinds"], arrays["scope"]),
                LabelModel(facts["labels"], arrays["meaning"], arrays["spelling"], facts["temperature"]),
            )


def _standard(scores: FloatArray) -> FloatArray:
    """Return the scores of each text with mean 0 and standard deviation 1."""
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-6))


def _fit_temperature(votes: FloatArray, truth: npt.NDArray[np.int_]) -> float:
    """Return the temperature under which the held-out labels are likeliest (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        probabilities = _softmax(votes / temperature)
        return float(-np.log(probabilities[np.arange(len(truth)), truth] + 1e-9).mean())

    return float(minimize_scalar(loss, bounds=(0.05, 5.0), method="bounded").x)


def _softmax(scores: FloatArray) -> FloatArray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)
