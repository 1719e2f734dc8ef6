"""The one way of a message, with an engine that does as it is told: what is said, whatever goes wrong."""

import asyncio
from collections.abc import Callable

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain

from send_guide.domain.reply import Reply, WordsReply
from send_guide.domain.safety import by_words, in_danger, taps, urgent_reply
from send_guide.domain.situation import Situation
from send_guide.errors import DuplicateMessageError, StaleWriteError
from send_guide.rasa_adapter.engine import MemoryEngine
from send_guide.service import NOT_KEPT, NOTHING_SAID, TIMES, Guide, Message, Turn

HELLO = WordsReply(words="Hello.", says="smalltalk")
DANGER = "my son says he wants to die"
AT_RISK, SELF_HARM = "urgent.child-at-risk", "urgent.self-harm-or-suicide"


class Told(MemoryEngine):
    """An engine of which ``turns`` are what comes of one attempt after another, the last of them again and again."""

    def __init__(self, *turns: list[Reply] | Exception, before: list[Reply] | None = None) -> None:
        super().__init__(Agent(domain=Domain.empty()))
        self._turns, self._before = list(turns), before
        self.asked: list[str] = []
        self.offers = False

    async def answered(self, message: Message) -> list[Reply] | None:
        return self._before

    async def offered(self, sender: str, payload: str) -> bool:
        return self.offers

    async def turn(self, message: Message, text: str) -> list[Reply]:
        self.asked.append(text)
        found = self._turns.pop(0) if len(self._turns) > 1 else self._turns[0]
        if isinstance(found, DuplicateMessageError):
            self._before = [HELLO]
        if isinstance(found, Exception):
            raise found
        return found

    async def come_back(self, message: Message, situation: Situation) -> list[Reply]:
        return await self.turn(message, "")


def handled(engine: Told, text: str = "hello") -> Turn:
    return asyncio.run(Guide(engine).handle(Message(text, "mum", "test", "m1")))


def test_a_message_is_answered() -> None:
    assert handled(Told([HELLO])) == Turn((HELLO,), "answered")


def test_a_repeated_message_is_told_the_same_and_starts_nothing() -> None:
    engine = Told([], before=[HELLO])
    assert handled(engine) == Turn((HELLO,), "repeated")
    assert engine.asked == []


def test_a_message_that_was_answered_meanwhile_is_told_the_same() -> None:
    assert handled(Told(DuplicateMessageError("meanwhile"))) == Turn((HELLO,), "repeated")


def test_a_turn_that_came_too_late_is_done_again() -> None:
    engine = Told(StaleWriteError("late"), StaleWriteError("late"), [HELLO])
    assert handled(engine) == Turn((HELLO,), "answered")
    assert engine.asked == ["hello"] * 3


def test_one_that_always_comes_too_late_is_given_up_in_words() -> None:
    engine = Told(StaleWriteError("late"))
    assert handled(engine).outcome == "failed"
    assert len(engine.asked) == TIMES


@pytest.mark.parametrize("wrong", [ConnectionError("away"), KeyError("x"), ValueError("x"), TimeoutError()])
def test_whatever_goes_wrong_is_said_and_danger_before_it(wrong: Exception) -> None:
    turn = handled(Told(wrong))
    (sorry,) = turn.replies
    assert (turn.outcome, sorry.kind) == ("failed", "fallback")
    assert sorry.text.startswith(NOT_KEPT)
    first, then = handled(Told(wrong), DANGER).replies
    assert (first, then) == (urgent_reply(SELF_HARM), sorry)


def test_silence_is_never_an_answer() -> None:
    turn = handled(Told([]))
    assert (turn.outcome, turn.replies[0].text) == ("silent", NOTHING_SAID)


def test_words_of_danger_come_first_whatever_was_understood_and_only_once() -> None:
    assert handled(Told([HELLO]), DANGER).replies == (urgent_reply(SELF_HARM), HELLO)
    assert handled(Told([urgent_reply(AT_RISK), HELLO]), DANGER).replies == (urgent_reply(AT_RISK), HELLO)


@pytest.mark.parametrize("answer_id", [AT_RISK, SELF_HARM])
def test_a_tap_on_what_to_do_in_danger_is_one_whoever_was_offered_it(answer_id: str) -> None:
    engine = Told([HELLO])
    payload = taps()[answer_id]
    assert handled(engine, payload).replies == (urgent_reply(answer_id), HELLO)
    assert engine.asked == [payload]  # and it goes on as the tap it is


def test_a_slash_that_was_not_offered_is_text() -> None:
    engine = Told([HELLO])
    handled(engine, " / /restart")
    engine.offers = True
    handled(engine, "/simpler")
    assert engine.asked == ["restart", "/simpler"]


@pytest.mark.parametrize("find", [by_words, in_danger])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "{",
        "\x00",
        "\ud800",
        "a" * 100_000,
        "(" * 5_000,
        "\u202e",
        "'" * 5_000,
        "/choose{}",
        "🆘",
    ],
    ids=lambda text: repr(text[:8]),
)
def test_looking_for_danger_cannot_fail(find: Callable[[str], str | None], text: str) -> None:
    assert find(text) is None


def test_words_and_taps_are_found_by_the_one_function() -> None:
    assert in_danger("My dad hits me!") == AT_RISK
    assert {in_danger(payload) for payload in taps().values()} == set(taps())
    assert in_danger('/choose{"answer": "schools.meet-needs"}') is None
