"""Measures how well people are understood, and writes docs/evaluation.md with its pictures.

Thresholds are chosen on the questions of ``tests/questions`` and on the odd lines of
``tests/questions/real`` (``--write`` puts them into ``config.yml``); the even lines and
``tests/questions/held-out`` are only ever measured with. Takes about five minutes.
"""

from __future__ import annotations

import argparse
import datetime
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedKFold

from send_guide.content.schema import is_urgent
from send_guide.domain import safety
from send_guide.measuring.evaluation_sets import Asked, look_at_all
from send_guide.measuring.intervals import with_interval
from send_guide.measuring.questions import Verdict
from send_guide.nlu import analysis as parts
from send_guide.nlu import danger
from send_guide.nlu.analysis import ASK, INSIDE, Analyser, kind_of_message
from send_guide.nlu.archive import open_analyser
from send_guide.nlu.classifiers import SEED, FloatArray, Models, NgramFeatures
from send_guide.nlu.decide import Thresholds, decide
from send_guide.nlu.examples import Example
from send_guide.nlu.sentence_encoder import DIMENSIONS, Encoder
from send_guide.rasa_adapter.training_data import examples_of

ROOT = Path(__file__).parents[1]
GRIDS = {
    "urgent_at": [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8],
    "part_at": [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9],
    "possible_at": [0.1, 0.15, 0.2, 0.25, 0.3, 0.4],
    "part_possible_at": [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5],
    "inside_at": [0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
    "answer_at": [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6],
    "pair_at": [0.35, 0.4, 0.45, 0.5, 0.55],
    "runner_up_at": [0.03, 0.05, 0.1],
    "one_at": [0.7, 0.8, 0.9],
    "piece_at": [0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
    "upset_at": [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    "doubt_at": [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "told_at": [0.02, 0.05, 0.1, 0.15, 0.2],
    "offer_at": [0.005, 0.01, 0.02, 0.03, 0.05],
    "beside_at": [0.005, 0.01, 0.02, 0.03, 0.05, 0.1],
}
COSTS = {
    "missed urgent": 40.0,
    "only asked": 12.0,
    "false alarm": 8.0,
    "asked for nothing": 0.3,
    "confident wrong": 2.0,
    "held back": 0.8,
    "offered": 0.35,
    "button": 0.01,
}
"""What an outcome costs where the right answer costs nothing; a miss is far worse than a false alarm.

Disclosures are a sixth of what is weighed here and far fewer of what people send: in service a miss weighs
many times as much beside a false alarm as it does here."""
CHANCE = 0.03
"""A difference in cost that one false alarm more or less makes: no reason to move a threshold."""
TOLD = "told"
"""The set of messages as people tell what happened."""
FOLDS = 5
Settings = Mapping[str, float]


def say(text: str) -> None:
    """Show progress."""
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", flush=True)


def cost(sets: Mapping[str, list[Asked]], settings: Settings) -> float:
    """Return the mean cost of a message; every set weighs the same."""
    total = 0.0
    for name in ("covered", "uncovered", "off-topic", "urgent", "distress", "long", TOLD, TOLD):
        costs = [_cost(name, asked, settings) for asked in sets[name]]
        total += sum(costs) / len(costs)
    return total


def _cost(name: str, asked: Asked, settings: Settings) -> float:
    line, verdict = asked.judged(Thresholds(**settings))
    if line.get("kind") == "urgent":
        return {"clear": 0.0, "possible": COSTS["only asked"], "none": COSTS["missed urgent"]}[line["danger"]]
    if verdict.urgent:
        return COSTS["false alarm"]
    aside = COSTS["button"] * len(line["offered"])
    aside += COSTS["asked for nothing"] if line["danger"] == "possible" else 0.0
    if verdict.confident_wrong:
        return aside + COSTS["confident wrong"] - (COSTS["held back"] if verdict.offered else 0.0)
    if verdict.right or not line.get("answers"):
        return aside
    return aside + (COSTS["offered"] if verdict.offered else COSTS["held back"])


def choose(sets: Mapping[str, list[Asked]], start: Settings) -> dict[str, float]:
    """Return the settings with the least cost, one after another until none gets better.

    A setting stays, or moves as little as it can, where more would gain less than :data:`CHANCE`.
    """
    best = dict(start)
    while True:
        before = dict(best)
        for name, grid in GRIDS.items():
            costs = {value: cost(sets, {**best, name: value}) for value in {*grid, best[name]}}
            least = min(costs.values())
            near = [value for value, found in costs.items() if found <= least + CHANCE]
            best[name] = min(near, key=partial(_nearness, now=best[name], costs=costs))
        if best == before:
            return best


def _nearness(value: float, now: float, costs: Mapping[float, float]) -> tuple[float, float]:
    """Return what orders values that cost the same: how far from the one that stands, then the cost."""
    return abs(value - now), costs[value]


def figures(sets: Mapping[str, list[Asked]], settings: Settings) -> list[str]:
    """Return the table of all sets, each share with its 95 % interval."""
    lines = [
        "| set | n | right | right or offered | confident wrong | held back | urgent first | asked if safe |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, asked in _groups(sets):
        judged = [one.judged(Thresholds(**settings)) for one in asked]
        found = [verdict for _, verdict in judged]
        shares = [
            [verdict.right for verdict in found],
            [verdict.offered for verdict in found],
            [verdict.confident_wrong for verdict in found],
            [verdict.held_back for verdict in found],
            [verdict.urgent for verdict in found],
            [line["danger"] == "possible" for line, _ in judged],
        ]
        cells = " | ".join(with_interval(sum(share), len(share)) for share in shares)
        lines.append(f"| {name} | {len(asked)} | {cells} |")
    return lines


def _groups(sets: Mapping[str, list[Asked]]) -> list[tuple[str, list[Asked]]]:
    """Return (name of the row, messages); near misses and what people tell have rows of their own."""
    rows = []
    for name, asked in sets.items():
        if name == "uncovered":
            rows.append(("signpost topics", [one for one in asked if one.line.get("answers")]))
            rows.append(("near misses", [one for one in asked if not one.line.get("answers")]))
        elif name == TOLD:
            for kind in dict.fromkeys(_told_as(one) for one in asked):
                rows.append((f"told: {kind}", [one for one in asked if _told_as(one) == kind]))
        else:
            rows.append((name, asked))
    return rows


def _told_as(one: Asked) -> str:
    """Return the row of a message of ``tests/questions/real``; what is urgent among stories is urgent."""
    return "urgent" if one.line["kind"] == "urgent" else str(one.line["set"])


def look_at_told(analyser: Analyser) -> tuple[list[Asked], list[Asked]]:
    """Return what is seen in the messages as people tell: the odd lines to choose by, and the even ones."""
    told = look_at_all(analyser, ROOT / "tests" / "questions" / "real")["stories"]
    return told[::2], told[1::2]


@dataclass
class Data:
    """The training examples, as the models see them."""

    examples: list[Example]
    vectors: FloatArray
    encoder: Encoder

    @property
    def texts(self) -> list[str]:
        """The messages."""
        return [example.text for example in self.examples]

    @property
    def labels(self) -> list[str]:
        """Their intents."""
        return [example.label for example in self.examples]

    def encode(self, texts: list[str]) -> FloatArray:
        """Return the encoder's vectors, those of the examples from memory."""
        known = dict(zip(self.texts, self.vectors, strict=True))
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known |= dict(zip(new, self.encoder.encode(new), strict=True))
        return np.array([known[text] for text in texts], dtype=np.float32)


def training_data(analyser: Analyser) -> Data:
    """Read the examples as training has them."""
    examples = examples_of(ROOT / "data")
    return Data(examples, analyser.encoder.encode([one.text for one in examples]), analyser.encoder)


@dataclass
class Crossed:
    """What cross-validation says of each example that is for the guide: its place, and how sure it was."""

    truth: list[str]
    first: list[str]
    within_three: list[bool]
    confidence: list[float]
    scope_right: float


def cross_validate(data: Data) -> Crossed:
    """Train on four fifths of the examples and read the rest, five times."""
    found = Crossed([], [], [], [], 0.0)
    labels, scope = np.array(data.labels), []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(data.texts, labels)
    for number, (seen, unseen) in enumerate(folds, start=1):
        say(f"cross-validation, part {number} of {FOLDS}")
        models = parts.fit([data.examples[at] for at in seen], data.encode)
        counts = models.letters.transform([data.texts[at] for at in unseen])
        kinds = models.scope.probabilities(data.vectors[unseen], counts)
        rows = models.answers.probabilities(data.vectors[unseen], counts)
        for at, kind, row in zip(unseen, kinds, rows, strict=True):
            truth = data.labels[at]
            if is_urgent(truth.removeprefix(ASK)):
                continue
            scope.append(models.scope.kinds[int(kind.argmax())] == kind_of_message(truth))
            if kind_of_message(truth) == INSIDE:
                best = [models.answers.labels[place] for place in np.argsort(-row)[:3]]
                found.truth.append(truth)
                found.first.append(best[0])
                found.within_three.append(truth in best)
                found.confidence.append(float(row.max()))
    found.scope_right = float(np.mean(scope))
    return found


def calibration(
    confidence: Sequence[float], right: Sequence[bool]
) -> tuple[list[tuple[float, float, int]], float]:
    """Return (mean confidence, share right, how many) of ten bins, and the expected calibration error."""
    bins, error = [], 0.0
    for low in np.arange(0, 1, 0.1):
        inside = [at for at, value in enumerate(confidence) if low <= value < low + 0.1 + (low >= 0.9)]
        if inside:
            mean, share = (float(np.mean([values[at] for at in inside])) for values in (confidence, right))
            bins.append((mean, share, len(inside)))
            error += len(inside) / len(confidence) * abs(mean - share)
    return bins, error


def calibration_table(bins: Mapping[str, list[tuple[float, float, int]]]) -> list[str]:
    """Return how often it is right beside how sure it is, a row a tenth of the examples."""
    return [
        "| | how sure | right | n |",
        "|---|---|---|---|",
        *(
            f"| {name} | {mean:.0%} | {share:.0%} | {n} |"
            for name, found in bins.items()
            for mean, share, n in found
        ),
    ]


def ablation(
    analyser: Analyser, data: Data, sets: Mapping[str, list[Asked]], settings: Settings
) -> list[str]:
    """Return the table of what each part is worth: it is off, thresholds are chosen anew, all is measured."""
    lines = [
        "| without | told: right | or offered | questions: right | or offered | wrong on near misses "
        "| urgent found | alarms on distress | ms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, change in (
        ("(nothing: all of it)", None),
        ("the encoder", _without_meaning),
        ("words and letters", _without_spelling),
        ("the kind of message", _without_scope),
        ("words of danger", _without_danger_words),
        ("parts of a message", _without_parts),
        ("splitting into questions", _without_splitting),
    ):
        say(f"without {name}")
        lines.append(f"| {name} | {' | '.join(_measured(analyser, data, change, settings))} |")
    return lines


Change = Callable[[Analyser, Data], Callable[[], None]]


def _measured(analyser: Analyser, data: Data, change: Change | None, settings: Settings) -> list[str]:
    put_back = change(analyser, data) if change else lambda: None
    try:
        tuning = look_at_all(analyser, ROOT / "tests" / "questions")
        tuning[TOLD], told = look_at_told(analyser)
        tuned = choose(tuning, settings)
        held_out = {TOLD: told} | look_at_all(analyser, ROOT / "tests" / "questions" / "held-out")
        texts = [one.line["q"] for one in held_out["covered"][:200]]
        start = time.perf_counter()
        for text in texts:
            analyser.analyse(text)
        milliseconds = (time.perf_counter() - start) / len(texts) * 1000
    finally:
        put_back()

    def share(name: str, of: Callable[[Verdict], bool], asked: list[Asked] | None = None) -> str:
        found = [of(one.judged(Thresholds(**tuned))[1]) for one in asked or held_out[name]]
        return with_interval(sum(found), len(found))

    near = [one for one in held_out["uncovered"] if not one.line.get("answers")]
    stories = [one for one in held_out[TOLD] if one.line["kind"] == "covered"]
    return [
        share(TOLD, lambda verdict: verdict.right, stories),
        share(TOLD, lambda verdict: verdict.offered, stories),
        share("covered", lambda verdict: verdict.right),
        share("covered", lambda verdict: verdict.offered),
        share("uncovered", lambda verdict: verdict.confident_wrong, near),
        share("urgent", lambda verdict: verdict.urgent),
        share("distress", lambda verdict: verdict.urgent),
        f"{milliseconds:.1f}",
    ]


class _NoLetters(NgramFeatures):
    """NgramFeatures that count nothing."""

    def fit(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return zeros."""
        return super().fit(texts) * 0

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return zeros."""
        return super().transform(texts) * 0


def _refit(analyser: Analyser, models: Models) -> Callable[[], None]:
    """Put other models in; return how to put the old ones back."""
    old = analyser.models
    analyser.models = models
    return lambda: setattr(analyser, "models", old)


def _without_meaning(analyser: Analyser, data: Data) -> Callable[[], None]:
    chance = np.random.default_rng(SEED)

    def nothing(texts: list[str]) -> FloatArray:
        return chance.normal(0, 1e-6, (len(texts), DIMENSIONS)).astype(np.float32)

    models = parts.fit(data.examples, nothing)
    models.answers.meaning[:] = 0
    return _refit(analyser, models)


def _without_spelling(analyser: Analyser, data: Data) -> Callable[[], None]:
    models = parts.fit(data.examples, data.encode, _NoLetters())
    models.answers.spelling[:] = 0
    return _refit(analyser, models)


def _without_scope(analyser: Analyser, data: Data) -> Callable[[], None]:
    scope = analyser.models.scope
    kinds, weights = scope.kinds, scope.weights
    scope.weights = np.zeros_like(weights)
    scope.weights[-1, kinds.index(INSIDE)] = 20.0

    def put_back() -> None:
        scope.weights = weights

    return put_back


def _without_danger_words(analyser: Analyser, data: Data) -> Callable[[], None]:
    return _swapped(safety, "by_words", lambda text: None)


def _without_parts(analyser: Analyser, data: Data) -> Callable[[], None]:
    return _swapped(danger, "parts", lambda text: [])


def _without_splitting(analyser: Analyser, data: Data) -> Callable[[], None]:
    return _swapped(parts, "asked", lambda text: [])


def _swapped(place: Any, name: str, value: object) -> Callable[[], None]:
    old = getattr(place, name)
    setattr(place, name, value)
    return lambda: setattr(place, name, old)


def write_settings(settings: Settings) -> None:
    """Put the thresholds into config.yml."""
    path = ROOT / "config.yml"
    text = path.read_text(encoding="utf-8")
    for name, value in settings.items():
        text = re.sub(rf"^(\s+{name}: ).*$", rf"\g<1>{value}", text, flags=re.M)
    path.write_text(text, encoding="utf-8")


def confusions(crossed: Crossed) -> list[str]:
    """Return the pairs of answers that are most often taken for one another."""
    wrong = Counter(
        (truth.removeprefix("ask/"), first.removeprefix("ask/"))
        for truth, first in zip(crossed.truth, crossed.first, strict=True)
        if truth != first
    )
    lines = ["| is | read as | times |", "|---|---|---|"]
    return lines + [f"| {truth} | {first} | {times} |" for (truth, first), times in wrong.most_common(25)]


def weakest(crossed: Crossed) -> list[str]:
    """Return the answers whose examples are read right least often."""
    right: dict[str, list[bool]] = {}
    for truth, first in zip(crossed.truth, crossed.first, strict=True):
        right.setdefault(truth.removeprefix("ask/"), []).append(truth == first)
    worst = sorted(right.items(), key=lambda item: np.mean(item[1]))[:15]
    lines = ["| answer | examples | read right |", "|---|---|---|"]
    return lines + [f"| {label} | {len(found)} | {np.mean(found):.0%} |" for label, found in worst]


CALM = (
    "scool wont asses my dauter",
    "can u asses my dauter",
    "I'm driving with Focus turned on. I'll see your message when I get where I'm going.",
    "they hit us with a fine",
    "a kid told him to cry to his dead dad. he hit him",
)
"""Messages that tell of no danger and were taken for it."""


def still_wrong(analyser: Analyser, thresholds: Thresholds) -> list[str]:
    """Return the calm messages that are taken for danger, a line of a list each."""
    tiers = [(text, decide(analyser.analyse(text), thresholds).danger_tier) for text in CALM]
    return [f"- {text!r}: {tier} danger" for text, tier in tiers if tier != "none"]


def main() -> None:
    """Measure, and write docs/evaluation.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "send-guide.tar.gz")
    parser.add_argument("--write", action="store_true", help="put the chosen thresholds into config.yml")
    parser.add_argument("--quick", action="store_true", help="only the sets, on the terminal")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "evaluation.md")
    arguments = parser.parse_args()
    analyser, thresholds = open_analyser(arguments.model)
    say("the questions of tests/questions")
    tuning = look_at_all(analyser, ROOT / "tests" / "questions")
    tuning[TOLD], told = look_at_told(analyser)
    settings = thresholds.model_dump()
    say("the questions that are only measured with")
    held_out = {TOLD: told, **look_at_all(analyser, ROOT / "tests" / "questions" / "held-out")}
    tables = [
        "## Messages that nothing was chosen by",
        "",
        "*Told*: the even lines of `tests/questions/real`, as people tell what happened. The others: tidy",
        "questions (`tests/questions/held-out`), by people who had seen neither the examples nor the rest.",
        "",
        *figures(held_out, settings),
        "",
        "## Questions that the thresholds were chosen by",
        "",
        "The odd lines of `tests/questions/real`, and `tests/questions`: apart from the examples, but looked",
        "at while this was built.",
        "",
        *figures(tuning, settings),
        "",
    ]
    print("\n".join(tables))
    if arguments.quick and not arguments.write:
        return
    chosen = choose(tuning, settings)
    print("chosen:", chosen, "in use:", settings)
    if arguments.write:
        write_settings(chosen)
    if arguments.quick:
        return
    data = training_data(analyser)
    crossed = cross_validate(data)
    right = [truth == first for truth, first in zip(crossed.truth, crossed.first, strict=True)]
    bins, error = calibration(crossed.confidence, right)
    asked = held_out["covered"]
    sure = [one.analysis.whole.confidence for one in asked]
    correct = [one.analysis.whole.best.removeprefix("ask/") in one.line["answers"] for one in asked]
    held_out_bins, held_out_error = calibration(sure, correct)
    named = {"cross-validation": bins, "held-out questions": held_out_bins}
    same = (
        "They stand in `config.yml`."
        if chosen == settings
        else "**`config.yml` has others: `make thresholds`.**"
    )
    lines = [
        "# How well people are understood",
        "",
        f"Written by `make evaluate` on {datetime.date.today():%d %B %Y}; {len(data.texts):,} examples,",
        f"{sum(map(len, tuning.values())):,} questions to choose by,",
        f"{sum(map(len, held_out.values())):,} held out. *Right*: an acceptable answer is said.",
        "*Confident wrong*: an answer is said, and none acceptable; for signposts, near misses, off topic,",
        "any answer but a signpost. In brackets: the 95 % interval of a share (Wilson).",
        "",
        *tables,
        "## Thresholds",
        "",
        "Chosen by the least mean cost of a message, each set weighing the same: "
        + ", ".join(f"{name} {value:g}" for name, value in COSTS.items())
        + f". One moves only where that gains more than {CHANCE:g}. {same}",
        "",
        "| " + " | ".join(chosen) + " |",
        "|" + "---|" * len(chosen),
        "| " + " | ".join(f"{value:g}" for value in chosen.values()) + " |",
        "",
        "## Cross-validation over the examples",
        "",
        f"In {FOLDS} parts, {len(right):,} examples: the right answer first",
        f"{with_interval(sum(right), len(right))}, among the first three",
        f"{with_interval(sum(crossed.within_three), len(right))}; the right kind of message",
        f"{crossed.scope_right:.1%}.",
        "",
        "## How sure, and how often right",
        "",
        *calibration_table(named),
        "",
        f"Expected calibration error: {error:.3f} in cross-validation,",
        f"{held_out_error:.3f} on held-out questions.",
        "",
        "## What is taken for what",
        "",
        *confusions(crossed),
        "",
        "Answers whose examples are read right least often:",
        "",
        *weakest(crossed),
        "",
        "## What it still gets wrong",
        "",
        "Calm messages that are known to be taken for danger, looked at anew each time:",
        "",
        *(still_wrong(analyser, Thresholds(**chosen)) or ["None of them is now."]),
        "",
        "## What each part is worth",
        "",
        "Each part off in turn, thresholds chosen anew, measured on the held-out questions. Milliseconds are",
        "those of looking at one message, one core.",
        "",
        *ablation(analyser, data, held_out, chosen),
        "",
    ]
    arguments.out.write_text("\n".join(lines), encoding="utf-8")
    say(f"written: {arguments.out}")


if __name__ == "__main__":
    main()
