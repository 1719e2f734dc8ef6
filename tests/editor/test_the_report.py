"""What people asked, counted on SQLite and PostgreSQL: outcomes, groups, the path; never who, never danger."""

import asyncio
import datetime
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from send_guide.content import Content
from send_guide.editing.plots import DARK, LIGHT, PLOTS
from send_guide.editing.report import Report, monday, report
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.storage import asked_needs
from send_guide.storage.database import Database
from send_guide.storage.feedback import Feedback, keep
from tests.servers import PostgreSQL, database

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
DAY = 86_400.0


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        found = database(f"sqlite:///{tmp_path}/guide.db")
    else:
        server: PostgreSQL = request.getfixturevalue("postgres")
        found = database(server.new())
    yield found
    found.close()


def says(text: str, intent: str, channel: str, days: float) -> UserUttered:
    at = NOW.timestamp() - days * DAY
    return UserUttered(text, {"name": intent}, timestamp=at, input_channel=channel)


def hears(kind: str, days: float, *answers: str, **more: object) -> BotUttered:
    metadata = {"kind": kind, "answer_ids": list(answers), **more}
    return BotUttered("...", metadata=metadata, timestamp=NOW.timestamp() - days * DAY + 1)


def conversation(store: Database, name: str, *events: Event) -> None:
    tracker = DialogueStateTracker.from_events(name, list(events))
    asyncio.run(WindowedTrackerStore(None, store).save(tracker))


def encode(texts: list[str]) -> np.ndarray:
    """Vectors by the first word: texts that begin alike are alike."""
    vectors = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row, zlib.crc32(text.split()[0].encode()) % 64] = 1
    return vectors


def filled(store: Database, content: Content, **wishes: Any) -> Report:
    answer = "schools.appoint-senco"
    conversation(
        store, "one", says("transport to college", "not_covered", "web", 1), hears("fallback", 1),
        says("who picks the senco", "ask", "web", 1), hears("answer", 1, answer),
        says("/simpler", "simpler", "web", 1), hears("answer", 1, answer),
    )  # fmt: skip
    conversation(
        store, "two", says("transport for my lad", "nlu_fallback", "sms", 9),
        hears("choices", 9, offered=["help.ipsea", answer]),
        says(f'/choose{{"answer": "{answer}"}}', "choose", "sms", 9), hears("answer", 9, answer),
    )  # fmt: skip
    conversation(
        store, "three", says("swimming lessons", "ask", "web", 2), hears("answer", 2, "help.ipsea"),
        says("/none_of_these", "none_of_these", "web", 2), hears("fallback", 2),
    )  # fmt: skip
    conversation(
        store, "danger", says("something about home", "ask", "web", 1),
        hears("urgent", 1, "urgent.child-at-risk"),
        says("secret words", "nlu_fallback", "web", 1), hears("fallback", 1),
    )  # fmt: skip
    for number, steps in enumerate((["talk", "head"], ["talk"], ["talk", "end"])):
        events: list[Event] = []
        for step in steps:
            events += [says("yes", "affirm", "web", 3), hears("escalation", 3, step=step)]
        conversation(store, f"path-{number}", *events)
    conversation(store, "going-on", says("yes", "affirm", "web", 0.1), hears("escalation", 0.1, step="talk"))
    conversation(store, "old", says("older than that", "not_covered", "web", 40), hears("fallback", 40))
    asyncio.run(keep(store, Feedback("web", "not-useful", (answer,), "transport by taxi", "was no help")))
    asyncio.run(keep(store, Feedback("helpline", "wrong", (answer,), "he wants to kill himself", "so sad")))
    return asyncio.run(report(store, content, encode, NOW, **wishes))


def test_outcomes_by_week_and_channel(store: Database, content: Content) -> None:
    found = filled(store, content)
    assert found.channels == ("sms", "web")
    this_week = monday(NOW.date())
    assert found.count("no answer", week=this_week, channel="web") == 2
    assert found.count("choices", channel="sms") == 1
    assert found.count("danger") == 1
    assert found.count("choices", week=this_week) == 0
    only = asyncio.run(report(store, content, encode, NOW, channel="sms"))
    assert only.count("no answer", "answered", "danger") == 0 + 1  # the tap on a choice was answered
    assert only.channels == ("sms", "web")


def test_alike_questions_stand_together_without_danger(store: Database, content: Content) -> None:
    found = filled(store, content)
    first = found.groups[0]
    assert {text for text, _ in first.questions} == {
        "transport to college",
        "transport for my lad",
        "transport by taxi",
    }
    assert first.count == 3
    assert first.outcomes == {"no answer": 1, "a choice was picked": 1, "thumbs down": 1}
    assert first.likely == ("schools.appoint-senco",)
    assert [group.outcomes for group in found.groups[1:]] == [{"none of these": 1}]
    assert found.left_out == 2  # the one after danger, and what the helpline reported
    for hidden in ("secret", "home", "kill", "so sad", "danger", "older"):
        assert hidden not in str(found.groups) + str(found.remarks)
    assert sum(found.urgent.values()) == 1


def test_the_words_of_a_button_and_its_number_are_nobodys_question(store: Database, content: Content) -> None:
    title, payload = "What is a SENCO?", '/choose{"answer": "schools.appoint-senco"}'
    none = {"title": "None of these", "payload": "/none_of_these"}
    offer = BotUttered(
        "Did you mean?",
        {"buttons": [{"title": title, "payload": payload}, none]},
        metadata={"kind": "choices", "answer_ids": [], "offered": ["schools.appoint-senco"]},
        timestamp=NOW.timestamp() - DAY + 1,
    )
    for number, tapped in enumerate((title.lower(), "1", "None of these")):
        conversation(
            store, f"tapped-{number}", says("who does the thing", "nlu_fallback", "sms", 1), offer,
            says(tapped, "nlu_fallback", "sms", 1), hears("fallback", 1),
        )  # fmt: skip
    [group] = asyncio.run(report(store, content, encode, NOW)).groups
    assert group.questions == (("who does the thing", 3),)
    assert group.outcomes == {"a choice was picked": 2, "none of these": 1}


def test_a_rejected_answer_stands_with_what_was_asked(store: Database, content: Content) -> None:
    for number, no in enumerate(("none_of_these", "wrong_answer")):
        conversation(
            store, f"no-{number}", says("bus pass for college", "ask", "web", 1),
            hears("answer", 1, "help.ipsea"),
            says("no thats not it", no, "web", 1), hears("choices", 1),
        )  # fmt: skip
    [group] = asyncio.run(report(store, content, encode, NOW)).groups
    assert group.rejected == (("help.ipsea", 2),)
    assert group.likely == ()
    assert group.holds("BUS coll")
    assert not group.holds("train")


def test_questions_are_handled_put_aside_and_opened_again(store: Database) -> None:
    texts = ["bus pass for college", "swimming lessons"]

    async def marked() -> dict[str, tuple[str, str]]:
        marks = await asked_needs.marks(store, texts)
        return {text: (one.state, one.who) for text, one in marks.items()}

    asyncio.run(asked_needs.mark(store, "ed", texts, "aside"))
    asyncio.run(asked_needs.mark(store, "eve", texts[:1], "handled"))
    assert asyncio.run(marked()) == {texts[0]: ("handled", "eve"), texts[1]: ("aside", "ed")}
    asyncio.run(asked_needs.mark(store, "ed", texts[1:], None))
    assert asyncio.run(marked()) == {texts[0]: ("handled", "eve")}


def test_danger_of_an_earlier_week_silences_the_whole_conversation(store: Database, content: Content) -> None:
    conversation(
        store, "danger", says("something about home", "ask", "web", 9), hears("urgent", 9, "urgent.child-at-risk"),
        says("secret words", "nlu_fallback", "web", 1), hears("fallback", 1),
    )  # fmt: skip
    found = asyncio.run(report(store, content, encode, NOW, weeks=1))
    assert (found.count("no answer"), found.left_out, found.groups) == (1, 1, ())
    assert found.count("danger") == 0  # it was the week before


def test_what_was_said_and_thought(store: Database, content: Content) -> None:
    said = filled(store, content).said[0]
    assert (said.title, said.times) == (content.answers["schools.appoint-senco"].title, 3)
    assert said.opinions == {"thumbs down": 1, "reported: wrong": 1}


def test_where_people_left_the_path(store: Database, content: Content) -> None:
    steps = {one.step: (one.reached, one.ended) for one in filled(store, content).steps}
    assert steps == {"talk": (4, 1), "head": (1, 1), "end": (1, 0)}


def test_long_questions_are_cut(store: Database, content: Content) -> None:
    conversation(store, "long", says("my story " * 100, "not_covered", "web", 1), hears("fallback", 1))
    found = asyncio.run(report(store, content, encode, NOW))
    [(text, _)] = found.groups[0].questions
    assert len(text) == 160
    assert text.endswith("…")


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_pictures_of_much_and_of_nothing(tmp_path: Path, content: Content, colours: object) -> None:
    store = database(f"sqlite:///{tmp_path}/guide.db")
    empty = asyncio.run(report(store, content, encode, NOW))
    full = filled(store, content)
    for draw in PLOTS.values():
        for found in (empty, full):
            assert draw(found, colours).startswith(b"<?xml")  # type: ignore[arg-type]
