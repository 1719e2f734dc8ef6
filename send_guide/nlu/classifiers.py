"""The statistics of understanding: labelled examples in, a probability for every label out.

Every text has a vector of the sentence encoder and counts of its words and letter
groups (names, misspellings). :class:`DangerModel` says whether somebody may be in danger. :class:`ScopeModel`
says what kind of message it is: something the guide may answer, off topic and so on.
:class:`LabelModel` says which answer: two linear models vote, and their votes become probabilities by
one temperature, fitted on examples that the voting models had not seen. No Rasa here, so that it can
be measured by itself.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize, minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC

from send_guide.nlu.sentence_encoder import MEANING

FloatArray = npt.NDArray[np.float32]

HELD_OUT = 0.2
"""Share of the examples that the temperature is fitted on."""
SEED = 20_26
LETTERS_WEIGHT = 1.2
"""Of the letters beside the vector, where one model has both."""
MEANING_WEIGHT = 1.5
"""Of the vote by meaning beside the vote by spelling; chosen in cross-validation."""
PENALTY = 1e-5
"""On the square of the weights by meaning."""
PASSES = 80
"""Over the examples, by meaning; more no longer changes what is first."""
HARMLESS = 2 / 3
"""Share of the calm examples that are plainly so: what is as calm teaches the kernel machine nothing."""
AXES = 160
"""Axes of the vectors that are compared for danger: nearly all of what differs, in an eighth of the time."""
SCOPE_AXES = 480
"""Axes of the vectors that the kind of message is learnt along, in half of the time."""
_GAMMA = 2.0
"""Of the kernel: an example at a cosine of 0.65 counts a quarter of one that is the same."""
_WORDS = {
    "analyzer": "word",
    "ngram_range": (1, 2),
    "sublinear_tf": True,
    "min_df": 3,
    "token_pattern": r"(?u)\b\w+\b",
}
_LETTERS = {"analyzer": "char_wb", "ngram_range": (2, 3), "sublinear_tf": True, "min_df": 5}


class NgramFeatures:
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
        axes = _main_axes(vectors, SCOPE_AXES)
        model = LogisticRegression(C=7, max_iter=500, class_weight="balanced")
        model.fit(_side_by_side(vectors @ axes, counts), kinds)
        weights = _weights(model)
        # weights along axes are weights on the vectors themselves, once turned back
        turned_back = np.vstack([axes @ weights[:SCOPE_AXES], weights[SCOPE_AXES:]])
        return cls([str(kind) for kind in model.classes_], turned_back.astype(np.float32))

    def probabilities(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the probability of each kind for each text; rows sum to 1."""
        return _softmax(_scored(self.weights, vectors, counts))


@dataclass
class DangerModel:
    """Says how likely it is that a text tells of danger, and which urgent answer it needs.

    What is danger and what is a figure of speech often have the same words, so that no plane divides
    their vectors: a kernel machine weighs how near a text is to examples of both (RBF kernel on unit
    vectors). Its score and that of a linear model on the letters become one probability.

    Attributes:
        labels: the two urgent intents, sorted.
        axes: along which the vectors differ most, shape (dimensions, axes).
        examples: those that decide, along these axes, shape (examples, axes).
        weights: weight of each, and last a bias.
        spelling: weights on the letters and a bias, shape (letters + 1,).
        which: weights on vector, letters and a bias that tell the second label from the first.
        mix: factors of the score by vector and of that by spelling, and a bias.
    """

    labels: list[str]
    axes: FloatArray
    examples: FloatArray
    weights: FloatArray
    spelling: FloatArray
    which: FloatArray
    mix: FloatArray

    @classmethod
    def train(
        cls,
        vectors: FloatArray,
        counts: sparse.csr_matrix,
        labels: Sequence[str],
        pieces: FloatArray,
        pieces_counts: sparse.csr_matrix,
    ) -> DangerModel:
        """Fit on all examples; the mix of both scores on examples that neither had seen.

        A piece of a calm message can read like danger: pieces are learnt too, as examples of calm. The
        kernel machine, whose time grows with the square of what it is given, leaves out what a first model
        finds plainly :data:`HARMLESS`.

        Args:
            vectors: the encoder's vector of each example, shape (examples, dimensions).
            counts: its letters, shape (examples, letters).
            labels: the urgent intent of each that tells of danger, else an empty text.
            pieces: the vectors of pieces of examples that tell of none.
            pieces_counts: their letters.
        """
        truth = np.array([bool(label) for label in labels])
        # half is enough to weigh two scores, and a kernel machine takes four times as long for twice as many
        seen, unseen = _set_apart(vectors, 0.5)
        trial = cls._fit(vectors[seen], counts[seen], [labels[at] for at in seen])
        mix = LogisticRegression(C=100).fit(trial.scores(vectors[unseen], counts[unseen]), truth[unseen])
        trial.mix = np.append(mix.coef_[0], mix.intercept_).astype(np.float32)
        log_odds = trial.log_odds(vectors, counts)
        harmless = np.quantile(log_odds[~truth], HARMLESS)
        doubtful = np.flatnonzero(trial.log_odds(pieces, pieces_counts) >= harmless)
        model = cls._fit(
            np.vstack([vectors, pieces[doubtful]]),
            sparse.vstack([counts, pieces_counts[doubtful]]).tocsr(),
            [*labels, *("" for _ in doubtful)],
            np.append(truth | (log_odds >= harmless), np.full(len(doubtful), True)),
        )
        model.mix = trial.mix
        return model

    @classmethod
    def _fit(
        cls,
        vectors: FloatArray,
        counts: sparse.csr_matrix,
        labels: Sequence[str],
        by_kernel: npt.NDArray[np.bool_] | None = None,
    ) -> DangerModel:
        axes = _main_axes(vectors, AXES)
        truth = np.array([bool(label) for label in labels])
        learnt = np.full(len(truth), True) if by_kernel is None else by_kernel
        of_danger = np.flatnonzero(truth)
        # as if nothing had been left out; a looser end and room for the kernel: a third of the time, and the
        # same scores to two digits
        weights = {True: 0.5 / truth.mean(), False: 0.5 / (1 - truth.mean())}
        kernel = SVC(C=5, gamma=_GAMMA, class_weight=weights, tol=1e-2, cache_size=1000, shrinking=False)
        kernel.fit(_along(axes, vectors[learnt]), truth[learnt])
        spelling = LogisticRegression(C=20, max_iter=500, class_weight="balanced").fit(counts, truth)
        which = LogisticRegression(C=20, max_iter=500, class_weight="balanced")
        which.fit(_side_by_side(vectors[of_danger], counts[of_danger]), [labels[at] for at in of_danger])
        return cls(
            labels=[str(label) for label in which.classes_],
            axes=axes,
            examples=np.asarray(kernel.support_vectors_, dtype=np.float32),
            weights=np.append(kernel.dual_coef_[0], kernel.intercept_).astype(np.float32),
            spelling=_weights(spelling)[:, 0],
            which=_weights(which)[:, 0],
            mix=np.array([1, 1, 0], dtype=np.float32),
        )

    def scores(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the score by vector and by spelling of each text, shape (texts, 2)."""
        # both sides are unit vectors: the square of their distance is 2 - 2 cos
        near = np.exp(-_GAMMA * (2 - 2 * (_along(self.axes, vectors) @ self.examples.T)))
        nearness = near @ self.weights[:-1] + self.weights[-1]
        spelling = counts @ self.spelling[:-1] + self.spelling[-1]
        return np.column_stack([nearness, spelling]).astype(np.float32)

    def log_odds(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the logarithm of the odds of danger for each text, shape (texts,)."""
        return np.asarray(self.scores(vectors, counts) @ self.mix[:-1] + self.mix[-1], dtype=np.float32)

    def label(self, vector: FloatArray, counts: sparse.csr_matrix) -> str:
        """Return the urgent intent that one text needs, if any."""
        return self.labels[int(_scored(self.which, vector[None], counts)[0] > 0)]


def _set_apart(vectors: FloatArray, share: float) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Return which examples a trial model sees, and which it does not: a ``share`` of them.

    An example's own vector decides, so that all others stay where they are when one is added or taken away:
    what an editor's trial shows is what the change does, not what chance does.
    """
    drawn = np.array([zlib.crc32(vector.tobytes()) for vector in vectors]) / 2**32
    return np.flatnonzero(drawn >= share), np.flatnonzero(drawn < share)


def _main_axes(vectors: FloatArray, number: int) -> FloatArray:
    """Return the ``number`` axes along which vectors differ most (principal axes about 0)."""
    return np.asarray(np.linalg.eigh(vectors.T @ vectors)[1][:, -number:], dtype=np.float32)


def _along(axes: FloatArray, vectors: FloatArray) -> FloatArray:
    """Return ``vectors`` along ``axes``, each of length 1, shape (vectors, axes)."""
    along = vectors @ axes
    return np.asarray(along / np.linalg.norm(along, axis=1, keepdims=True), dtype=np.float32)


def _side_by_side(vectors: FloatArray, counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return vectors and letters as one matrix, shape (texts, dimensions + letters)."""
    return sparse.hstack([sparse.csr_matrix(vectors), counts * LETTERS_WEIGHT]).tocsr()


def _scored(weights: FloatArray, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
    """Return the scores of texts by weights that were learnt of both :func:`_side_by_side`."""
    width = vectors.shape[1]
    letters = counts @ weights[width:-1] * LETTERS_WEIGHT
    return np.asarray(vectors @ weights[:width] + letters + weights[-1], dtype=np.float32)


def _weights(model: LogisticRegression | LinearSVC) -> FloatArray:
    """Return a linear model's weights and, last, its bias; shape (features + 1, labels)."""
    return np.ascontiguousarray(np.vstack([model.coef_.T, model.intercept_]), dtype=np.float32)


@dataclass
class LabelModel:
    """Says which label a text has.

    Attributes:
        labels: the labels, sorted; columns of every score.
        meaning: weights on the encoder's vectors and a bias, shape (dimensions + 1, labels).
        spelling: weights on the letters and a bias, shape (letters + 1, labels), rounded to half
            precision: so they are kept, being half of the model.
        temperature: divides the votes before they become probabilities.
    """

    labels: list[str]
    meaning: FloatArray
    spelling: FloatArray
    temperature: float

    @classmethod
    def train(
        cls, vectors: FloatArray, counts: sparse.csr_matrix, fitting: Sequence[Mapping[str, float]]
    ) -> LabelModel:
        """Fit both voters on all examples, and the temperature on held-out ones.

        Args:
            vectors: the encoder's vector of each example, shape (examples, dimensions).
            counts: its letters, shape (examples, letters).
            fitting: the labels that fit each, with their weights; the heaviest is its label.
        """
        model = cls._voters(vectors, counts, fitting)
        truth = np.searchsorted(model.labels, [max(one, key=one.__getitem__) for one in fitting])
        seen, unseen = _set_apart(vectors, HELD_OUT)
        trial = cls._voters(vectors[seen], counts[seen], [fitting[at] for at in seen])
        model.temperature = _fit_temperature(trial.votes(vectors[unseen], counts[unseen]), truth[unseen])
        return model

    @classmethod
    def _voters(
        cls, vectors: FloatArray, counts: sparse.csr_matrix, fitting: Sequence[Mapping[str, float]]
    ) -> LabelModel:
        """Fit both: by meaning on every label that fits, by spelling on the heaviest."""
        labels = sorted({max(one, key=one.__getitem__) for one in fitting})
        column = {label: at for at, label in enumerate(labels)}
        targets = np.zeros((len(fitting), len(labels)), dtype=np.float32)
        for at, one in enumerate(fitting):
            for label in one.keys() & column.keys():
                targets[at, column[label]] = one[label]
        targets /= targets.sum(axis=1, keepdims=True)
        # a label with four times as many examples weighs twice as much, not four times
        weights = targets @ (1 / np.sqrt(targets.sum(axis=0)))
        by_spelling = LinearSVC(C=0.5, random_state=SEED)
        by_spelling.fit(counts, [labels[at] for at in targets.argmax(axis=1)])
        return cls(
            labels=labels,
            meaning=_softmax_regression(vectors[:, MEANING], targets, weights / weights.mean()),
            spelling=_weights(by_spelling).astype(np.float16).astype(np.float32),
            temperature=1.0,
        )

    def votes(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the weighted sum of both voters' scores, each on its own scale; shape (texts, labels)."""
        spelling = counts @ self.spelling[:-1] + self.spelling[-1]
        meaning = vectors[:, MEANING] @ self.meaning[:-1] + self.meaning[-1]
        return np.asarray(_standard(spelling) + MEANING_WEIGHT * _standard(meaning), dtype=np.float32)

    def probabilities(self, vectors: FloatArray, counts: sparse.csr_matrix) -> FloatArray:
        """Return the probability of each label for each text; rows sum to 1."""
        return _softmax(self.votes(vectors, counts) / self.temperature)


_DANGER = ("axes", "examples", "weights", "spelling", "which", "mix")
"""The arrays of :class:`DangerModel`, in its order."""


@dataclass
class Models:
    """Everything that is learnt from the examples, beside the encoder."""

    letters: NgramFeatures
    danger: DangerModel
    scope: ScopeModel
    answers: LabelModel

    def save(self, folder: Path) -> None:
        """Write the models as plain arrays and JSON; nothing in them can run code when they are read."""
        words, groups = self.letters.idfs
        np.savez(
            folder / "model.npz",
            scope=self.scope.weights,
            meaning=self.answers.meaning,
            spelling=self.answers.spelling.astype(np.float16),
            words=words,
            groups=groups,
            **{f"danger_{name}": getattr(self.danger, name) for name in _DANGER},
        )
        facts = {
            "urgent": self.danger.labels,
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
            spelling = arrays["spelling"].astype(np.float32)
            return cls(
                NgramFeatures(facts["vocabularies"], [arrays["words"], arrays["groups"]]),
                DangerModel(facts["urgent"], *(arrays[f"danger_{name}"] for name in _DANGER)),
                ScopeModel(facts["kinds"], arrays["scope"]),
                LabelModel(facts["labels"], arrays["meaning"], spelling, facts["temperature"]),
            )


def _softmax_regression(vectors: FloatArray, targets: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weights of a softmax regression; scikit-learn's takes one label an example, this several.

    Args:
        vectors: shape (examples, dimensions).
        targets: the share of each label in each example, shape (examples, labels); rows sum to 1.
        weights: of each example, 1 on average.

    Returns:
        Weights and, last, the bias; shape (dimensions + 1, labels).
    """
    shape = (vectors.shape[1] + 1, targets.shape[1])

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        found = flat.reshape(shape).astype(np.float32)
        scores = vectors @ found[:-1] + found[-1]
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        sums = shares.sum(axis=1, keepdims=True)
        missed = -float(weights @ ((scores - np.log(sums)) * targets).sum(axis=1)) / len(vectors)
        slope = (shares / sums - targets) * (weights / len(vectors))[:, None]
        gradient = np.vstack([vectors.T @ slope + PENALTY * found[:-1], slope.sum(axis=0)])
        return missed + PENALTY / 2 * float(np.square(found[:-1]).sum()), gradient.ravel().astype(np.float64)

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": PASSES})
    return np.asarray(found.x.reshape(shape), dtype=np.float32)


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


def probability(log_odds: float) -> float:
    """Return the probability, 0 to 1, that has these log odds."""
    return float(1 / (1 + np.exp(-log_odds)))


def _softmax(scores: FloatArray) -> FloatArray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)
