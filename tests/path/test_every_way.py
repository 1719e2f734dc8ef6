"""The whole path as a graph: every state that buttons lead to, and any input from it.

In every state: free help and the next step are said, there is a way on, any question is answered with a
way back, and whoever goes on comes to the end.
"""

import itertools
import json
from collections import deque
from datetime import date
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from send_guide.content import get_content
from send_guide.domain.guided_path import next_move, possible_routes
from send_guide.domain.reply import from_json, to_json
from send_guide.service import without_slash
from tests.path.walker import Walker

TODAY = date(2026, 11, 25)
IASS = "bromleyiass.org.uk"
ASKED = "schools.appoint-senco"
MOST_TURNS = 25


@pytest.fixture(autouse=True, scope="module")
def today() -> object:
    with mock.patch("send_guide.domain.deadlines.today", return_value=TODAY):
        yield


def check(walker: Walker) -> None:
    """A state of the path as a person finds it."""
    assert walker.replies, "silence"
    if walker.on_path and "escalation" in walker.kinds:
        assert IASS in walker.hears, walker.hears
    if walker.on_path and set(walker.kinds) - {"answer", "urgent"}:
        assert walker.buttons, f"no way on from {walker.hears!r}"
    for payload in walker.buttons.values():
        assert payload.startswith("/")
    for reply in walker.replies:
        assert from_json(json.loads(json.dumps(to_json(reply))), reply.text, reply.choices) == reply


def every_state(topic: str) -> dict[str, Walker]:
    """Return every state that buttons lead to within one topic; changing the topic is tried elsewhere."""
    start = Walker().tap(f'/path{{"topic": "{topic}"}}')
    known, waiting = {start.state: start}, deque([start])
    while waiting:
        here = waiting.popleft()
        for payload in list(here.buttons.values()):
            if '"topic"' in payload or payload == "/start_again" or '"change": "topic"' in payload:
                continue
            there = here.copy().tap(payload)
            check(there)
            if there.state not in known and there.on_path:
                known[there.state] = there
                waiting.append(there)
    return known


@pytest.fixture(scope="module")
def states() -> dict[str, dict[str, Walker]]:
    return {topic: every_state(topic) for topic in get_content().questions["topic"].options}


def everyone(states: dict[str, dict[str, Walker]]) -> list[Walker]:
    return [walker for found in states.values() for walker in found.values()]


def test_buttons_lead_to_every_step(states: dict[str, dict[str, Walker]]) -> None:
    seen = {walker.progress.at for walker in everyone(states)}
    assert seen - {""} == set(get_content().steps)


def test_every_question_is_asked_somewhere(states: dict[str, dict[str, Walker]]) -> None:
    asked = {walker.progress.asked for walker in everyone(states)}
    assert set(get_content().questions) - asked <= {"topic", "resume", "finished"}


def test_whoever_goes_on_comes_to_an_end(states: dict[str, dict[str, Walker]]) -> None:
    for walker in everyone(states):
        here = walker.copy().turn("where_were_we")
        for _ in range(MOST_TURNS):
            move = next_move(get_content(), here.progress)
            if getattr(move, "end", False):
                break
            asked = here.progress.asked
            if asked:
                here.tap(next(payload for payload in here.buttons.values() if payload.startswith("/path")))
            else:
                here.turn("step_done")
        else:
            pytest.fail(f"no end from {walker.state}")


def test_any_question_is_answered_in_one_turn_and_the_way_back_leads_back(
    states: dict[str, dict[str, Walker]],
) -> None:
    for walker in everyone(states):
        there = walker.copy().turn("ask", "who must appoint a senco", answer=ASKED)
        assert ASKED in there.replies[0].answer_ids
        assert "Back to my steps" in there.buttons
        back = there.tap(there.buttons["Back to my steps"])
        assert next_move(get_content(), back.progress) == next_move(get_content(), walker.progress)
        check(back)


def test_danger_comes_first_in_every_state_and_the_path_goes_on(states: dict[str, dict[str, Walker]]) -> None:
    for walker in everyone(states):
        there = walker.copy().turn("ask", "his dad hits him", answer="urgent.child-at-risk")
        assert there.kinds[0] == "urgent"
        assert there.on_path
        assert there.progress == walker.progress


def test_everybody_can_start_again_in_one_turn(states: dict[str, dict[str, Walker]]) -> None:
    for walker in everyone(states):
        assert not walker.copy().turn("start_again").on_path


def test_going_back_undoes_what_was_said_last(states: dict[str, dict[str, Walker]]) -> None:
    for walker in everyone(states):
        here = walker.copy()
        for _ in range(MOST_TURNS):
            before = len(here.progress.trail)
            here.turn("step_back")
            check(here)
            if not before:
                break
            assert len(here.progress.trail) == before - 1
        assert not here.progress.facts
        assert not here.progress.done


def test_my_steps_say_now_next_and_where_help_is(states: dict[str, dict[str, Walker]]) -> None:
    for walker in everyone(states):
        there = walker.copy().turn("my_steps")
        for words in ("My steps, 25 November 2026", "Now: ", "Next: ", IASS):
            assert words in there.hears


def test_every_situation_has_exactly_one_route() -> None:
    content = get_content()
    keys = ("topic", "plan", "setting", "decision")
    for values in itertools.product(*(content.questions[key].options for key in keys)):
        told = dict(zip(keys, values, strict=True))
        assert len(possible_routes(content, told)) == 1, told


TEXTS = st.one_of(
    st.sampled_from(["3 march", "12/03", "1 january 2030", "yes", "no", "not yet", "an academy", "actually its a college", "1", "7", "99", "", "\x00", "i dont know", "he is six"]),
    st.text(max_size=30).map(without_slash),  # as the service takes what is typed
)  # fmt: skip
VALUES = {
    key: sorted(question.options)
    for key, question in get_content().questions.items()
    if not question.date and key not in ("resume", "finished")
}
FACTS = st.lists(st.sampled_from([(key, value) for key in VALUES for value in VALUES[key]]), max_size=3).map(
    dict
)


class AnyInput(RuleBasedStateMachine):
    """Whatever is tapped, typed or told, in any order."""

    @initialize(facts=FACTS)
    def begins(self, facts: dict[str, str]) -> None:
        self.walker = Walker().turn("school_not_helping", "school wont help", facts)

    @rule(number=st.integers(0, 12))
    def taps(self, number: int) -> None:
        payloads = list(self.walker.buttons.values())
        if payloads:
            self.walker.tap(payloads[number % len(payloads)])

    @rule(
        intent=st.sampled_from(["telling", "nlu_fallback", "off_topic", "not_covered", "upset", "none_of_these", "what_else", "step_done", "not_yet", "step_back", "skip_step", "my_steps", "write_letter", "where_were_we", "school_not_helping"]),
        text=TEXTS,
        facts=FACTS,
    )  # fmt: skip
    def types(self, intent: str, text: str, facts: dict[str, str]) -> None:
        self.walker.turn(intent, text, facts)

    @rule(text=TEXTS, answer=st.sampled_from([ASKED, "urgent.child-at-risk", "escalation.talk-to-staff"]))
    def asks(self, text: str, answer: str) -> None:
        self.walker.turn("ask", text, answer=answer)

    @rule()
    def comes_back_days_later(self) -> None:
        self.walker = Walker(self.walker.situation.next_session()).turn("where_were_we")

    @invariant()
    def is_never_stuck(self) -> None:
        if not hasattr(self, "walker"):
            return
        check(self.walker)
        here = self.walker.copy()
        if not here.on_path:
            return
        answered = here.turn("ask", "who must appoint a senco", answer=ASKED)
        assert ASKED in answered.answers or "escalation" in answered.kinds
        moved = self.walker.copy().turn("where_were_we")
        check(moved)
        assert IASS in moved.hears
        assert not self.walker.copy().turn("start_again").on_path


TestAnyInput = AnyInput.TestCase
TestAnyInput.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
