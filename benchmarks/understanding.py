"""Measures understanding beside the default pipeline of ``rasa init`` (DIET), on the same data, in one run.

With ``--banking77 train.csv test.csv`` and ``--clinc150 data_full.json`` (the files as they are published)
both are measured on those public sets as well. Writes docs/understanding.md. Takes an hour and a half: the
starter's network takes that long to train on as many examples.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow

ROOT = Path(__file__).parents[1]
OUT_OF_SCOPE = "oos"
"""The label that CLINC150 gives to what no intent fits."""
NOTHING = "nothing"
"""What is understood where a message is held back."""
STARTER = """\
recipe: default.v1
language: en
assistant_id: starter
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
  constrain_similarities: true
- name: EntitySynonymMapper
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
"""
"""The pipeline that Rasa 3.6 chooses where `rasa init` leaves it open, without the response selector:
the answers are intents here, so that one classifier chooses, as ours does."""
STARTER_WORDS = 24
"""Words of an example that the starter learns from: its network pads all to the longest of a batch, and the
few that are longer would double its training of more than an hour. The questions are asked whole."""


@dataclass
class Task:
    """Labelled texts to learn from and to be asked.

    Attributes:
        name: of the set.
        train, test: (text, label); the label :data:`OUT_OF_SCOPE` has no examples to learn from.
    """

    name: str
    train: list[tuple[str, str]]
    test: list[tuple[str, str]]


@dataclass
class Result:
    """What one pipeline makes of one task.

    Attributes:
        training: seconds.
        memory: MB, the most that the process had.
        milliseconds: median to understand one message.
        said: for each question what was understood, and how sure, 0 to 1.
    """

    training: float
    memory: float
    milliseconds: float
    said: list[tuple[str, float]]


def say(text: str) -> None:
    """Show progress."""
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", flush=True)


def guide() -> Task:
    """Return the project's own examples, and the questions that the catalogue answers."""
    from send_guide.measuring.evaluation_sets import SETS, files
    from send_guide.measuring.questions import read_questions

    train = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in str(block.get("examples", "")).splitlines():
                if line.startswith("- ") and "intent" in block:
                    train.append((line[2:], block["intent"]))
    test = []
    for folder in (ROOT / "tests" / "questions", ROOT / "tests" / "questions" / "held-out"):
        for name in SETS[:4]:
            for asked in read_questions(files(folder)[name]):
                test.append((asked["q"], json.dumps({"set": name, "answers": asked.get("answers") or []})))
    return Task("SEND Guide", train, test)


def banking77(train: Path, test: Path) -> Task:
    """Read BANKING77 as published: CSV with the columns text and category."""

    def rows(path: Path) -> list[tuple[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return [(row["text"], row["category"]) for row in csv.DictReader(file)]

    return Task("BANKING77", rows(train), rows(test))


def clinc150(path: Path) -> Task:
    """Read CLINC150 as published: JSON with train, test and oos_test, each a list of [text, label]."""
    sets = json.loads(path.read_text(encoding="utf-8"))

    def rows(*names: str) -> list[tuple[str, str]]:
        return [(str(text), str(label)) for name in names for text, label in sets.get(name, [])]

    return Task("CLINC150", rows("train"), rows("test", "oos_test"))


def with_starter(task: Task) -> Result:
    """Train the starter's pipeline on a task and ask it."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    folder = Path(tempfile.mkdtemp())
    labels = sorted({label for _, label in task.train})
    named = {label: f"intent_{at}" for at, label in enumerate(labels)}  # a name may hold no "/" and no "+"
    blocks = [
        {
            "intent": named[label],
            "examples": "".join(f"- {_cut(text)}\n" for text, own in task.train if own == label),
        }
        for label in labels
    ]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}), encoding="utf-8")
    (folder / "config.yml").write_text(STARTER, encoding="utf-8")
    start = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    training = time.perf_counter() - start
    agent = Agent.load(str(model))
    back = {name: label for label, name in named.items()}
    said, times = [], []
    loop = asyncio.new_event_loop()
    for text, _ in task.test:
        start = time.perf_counter()
        found: dict[str, Any] = loop.run_until_complete(agent.parse_message(text))
        times.append(time.perf_counter() - start)
        intent = found["intent"]
        said.append((back.get(intent["name"], NOTHING), float(intent["confidence"])))
    shutil.rmtree(folder)
    return Result(training, _memory(), statistics.median(times) * 1000, said)


def _cut(text: str) -> str:
    """Return a text that Rasa takes for words only, and no more of them than the starter reads."""
    plain = text.replace("[", "(").replace("]", ")").replace("{", "(").replace("}", ")")
    return " ".join(plain.split()[:STARTER_WORDS])


def _one_in(task: Task) -> int:
    """Return of how many examples one has more words than the starter reads, rounded."""
    return round(len(task.train) / sum(len(text.split()) > STARTER_WORDS for text, _ in task.train))


def with_ours(task: Task) -> Result:
    """Train the guide's encoder and statistics on a task and ask them."""
    from send_guide.domain.text import normalise
    from send_guide.nlu import sentence_encoder
    from send_guide.nlu.classifiers import LabelModel, NgramFeatures

    folder = Path(tempfile.mkdtemp())
    start = time.perf_counter()
    sentence_encoder.build(folder)
    encoder = sentence_encoder.Encoder(folder)
    texts, labels = [normalise(text) for text, _ in task.train], [label for _, label in task.train]
    letters = NgramFeatures()
    counts = letters.fit(texts)
    model = LabelModel.train(encoder.encode(texts), counts, [{label: 1.0} for label in labels])
    training = time.perf_counter() - start
    said, times = [], []
    for text, _ in task.test:
        start = time.perf_counter()
        plain = normalise(text)
        row = model.probabilities(encoder.encode([plain]), letters.transform([plain]))[0]
        times.append(time.perf_counter() - start)
        said.append((model.labels[int(row.argmax())], float(row.max())))
    shutil.rmtree(folder)
    return Result(training, _memory(), statistics.median(times) * 1000, said)


def with_the_guide(task: Task) -> Result:
    """Ask the whole of understanding, as `make train` trained it, decisions included."""
    from send_guide.nlu.archive import open_analyser
    from send_guide.nlu.decide import decide

    model = ROOT / "models" / "send-guide.tar.gz"
    start = time.perf_counter()
    subprocess.run(
        [str(Path(sys.executable).with_name("rasa")), "train", "nlu", "--out", tempfile.mkdtemp()],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    training = time.perf_counter() - start
    analyser, thresholds = open_analyser(model)
    said, times = [], []
    for text, _ in task.test:
        start = time.perf_counter()
        understood = decide(analyser.analyse(text), thresholds)
        times.append(time.perf_counter() - start)
        first = f"ask/{understood.answers[0][0]}" if understood.answers else NOTHING
        said.append((first, understood.confidence))
    return Result(training, _memory(), statistics.median(times) * 1000, said)


def _memory() -> float:
    """Return the MB that this process has had at most; what started it is not counted."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def figures(task: Task, result: Result) -> dict[str, float]:
    """Return shares by name: right, and by the kind of question what went wrong."""
    if task.name == "SEND Guide":
        return _of_the_guide(task, result)
    known = [(label, said) for (_, label), (said, _) in zip(task.test, result.said, strict=True)]
    inside = [said == label for label, said in known if label != OUT_OF_SCOPE]
    shares = {"top-1": float(np.mean(inside))}
    if outside := [
        confidence
        for (_, label), (_, confidence) in zip(task.test, result.said, strict=True)
        if label == OUT_OF_SCOPE
    ]:
        sure = [
            confidence
            for (_, label), (_, confidence) in zip(task.test, result.said, strict=True)
            if label != OUT_OF_SCOPE
        ]
        shares["out-of-scope AUROC"] = _auroc(sure, outside)
    return shares


def _of_the_guide(task: Task, result: Result) -> dict[str, float]:
    found: dict[str, list[bool]] = {}
    for (_, truth), (said, _) in zip(task.test, result.said, strict=True):
        line = json.loads(truth)
        answer = said.removeprefix("ask/") if said.startswith("ask/") else None
        acceptable = answer in line["answers"]
        if line["set"] == "covered":
            found.setdefault("top-1", []).append(acceptable)
        elif line["set"] == "urgent":
            found.setdefault("urgent recall", []).append(str(answer).startswith("urgent."))
        elif line["answers"]:
            found.setdefault("signposts right", []).append(acceptable)
        else:
            name = "wrong on near misses" if line["set"] == "uncovered" else "wrong off topic"
            found.setdefault(name, []).append(answer is not None and not answer.startswith("signpost."))
    return {name: float(np.mean(values)) for name, values in found.items()}


def _auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return how often one of ``higher`` is above one of ``lower``, both drawn by chance."""
    from sklearn.metrics import roc_auc_score

    truth = [1] * len(higher) + [0] * len(lower)
    return float(roc_auc_score(truth, [*higher, *lower]))


def in_a_process_of_its_own(name: str, task: Task) -> Result:
    """Measure in a process of its own, so that memory is told apart."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "task.json", Path(folder) / "result.json"
        given.write_text(json.dumps(asdict(task)), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.understanding", "--measure", name]
        quiet = os.environ | {
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "LOG_LEVEL": "WARNING",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }
        subprocess.run(
            [*command, "--given", str(given), "--found", str(found)],
            cwd=ROOT,
            check=True,
            env=quiet,
        )
        return Result(**json.loads(found.read_text(encoding="utf-8")))


MEASURES = {"starter": with_starter, "ours": with_ours, "guide": with_the_guide}


def table(task: Task, ours: str) -> list[str]:
    """Measure both on a task; return the table."""
    results = {}
    for name in ("starter", ours):
        say(f"{task.name}: {name}")
        results[name] = in_a_process_of_its_own(name, task)
    shares = {name: figures(task, result) for name, result in results.items()}
    lines = ["| | starter (DIET) | SEND Guide |", "|---|---|---|"]
    for row in shares[ours]:
        lines.append(f"| {row} | {shares['starter'][row]:.1%} | {shares[ours][row]:.1%} |")
    for row, values in (
        ("training, s", [results[name].training for name in results]),
        ("one message understood, ms (median)", [results[name].milliseconds for name in results]),
        ("memory at most, MB", [results[name].memory for name in results]),
    ):
        lines.append(f"| {row} | {values[0]:.1f} | {values[1]:.1f} |")
    return lines


def main() -> None:
    """Measure, and write docs/understanding.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--banking77", nargs=2, type=Path, metavar=("TRAIN", "TEST"), help="the CSV files")
    parser.add_argument("--clinc150", type=Path, metavar="FILE", help="data_full.json")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "understanding.md")
    for hidden in ("--measure", "--given", "--found"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        if arguments.measure != "starter":
            leave_out_tensorflow()  # as in service
        given = json.loads(Path(arguments.given).read_text(encoding="utf-8"))
        result = MEASURES[arguments.measure](Task(**given))
        Path(arguments.found).write_text(json.dumps(asdict(result)), encoding="utf-8")
        return
    own = guide()
    lines = [
        "# Understanding beside the starter bot",
        "",
        f"Written by `python -m benchmarks.understanding` on {datetime.date.today():%d %B %Y}: the same",
        "examples, the same questions, one run. The starter is the pipeline that `rasa init` ends up with;",
        f"it learns from the first {STARTER_WORDS} words of an example, which cuts one in {_one_in(own)}.",
        "",
        "## The guide's own questions",
        "",
        f"{len(own.train):,} examples, {len(own.test):,} questions (`tests/questions`, held-out ones too).",
        "",
        *table(own, "guide"),
        "",
    ]
    public = [banking77(*arguments.banking77)] if arguments.banking77 else []
    public += [clinc150(arguments.clinc150)] if arguments.clinc150 else []
    for task in public:
        lines += [f"## {task.name}", "", *table(task, "ours"), ""]
    arguments.out.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
