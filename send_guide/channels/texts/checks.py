"""The rules of ``docs/content.md`` for text messages that show only when all that can be said is rendered.

Part of ``send-guide check``: what is too long with its hint or its choices, what a text message cannot hold,
what would stop messages, and what gives a number that nobody has confirmed as if somebody had.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial

from send_guide.channels.texts.commands import command
from send_guide.channels.texts.rendering import NEXT_DUTIES, PATH, SMS, STEP, WHATSAPP, Medium, Texts, render
from send_guide.channels.texts.segments import segments
from send_guide.content.files import Problem
from send_guide.content.gsm7 import not_gsm_7
from send_guide.content.loader import Content, take_in_hand
from send_guide.content.schema import Answer
from send_guide.content.text_words import OPT_OUT, Command
from send_guide.dialogue import answers, contacts, sessions
from send_guide.dialogue.duties import PORTION, say_portion
from send_guide.dialogue.escalation import not_yet
from send_guide.dialogue.letters import say_letter
from send_guide.dialogue.path_replies import ask, my_steps, say_step, say_where
from send_guide.dialogue.turn import Turn, Understanding
from send_guide.domain.guided_path import LEFT_OUT, Progress
from send_guide.domain.reply import Choice, Reply, WordsReply
from send_guide.domain.situation import Situation

LONGEST = 1600
"""Letters of a message that Twilio takes."""
MOST, MOST_IN_ANOTHER_LANGUAGE = 2, 8
"""Segments of a reply, one more where its choices lead along the path; and in another language."""
_LINK = "https://guide.example/t/aaaabbbbccccdddd"
"""As long as the address of a page that is shown once."""
EMERGENCY = "999"
SOURCE = "source"
"""The field whose addresses say where something was read, and not whom to ring."""
BEGUN = [["topic"]]
"""The trail of somebody who has told something already: "go back" is offered."""
_WORDS = "|".join(OPT_OUT)
_STOPS = re.compile(rf"\b(?:{_WORDS.upper()})\b|(?i:\b(?:you can|reply|write|type|say) \W?(?:{_WORDS})\b)")
_TAPS = re.compile(r"\b(?:tap|click|button)s?\b", re.I)

Handler = Callable[[Turn], object]


@dataclass(frozen=True)
class _Saying:
    """Something that can be said, and where its words stand.

    Attributes:
        key: what it belongs to, as :meth:`Content.place` knows it.
        say: what says it.
        shown, rest: the fields whose words come at once, and on MORE.
        situation: what is known when it is said.
    """

    key: str
    say: Handler
    shown: str = ""
    rest: str = ""
    situation: Situation = field(default_factory=Situation)

    def replies(self) -> list[Reply]:
        """Return what is said."""
        turn = Turn(Understanding(), self.situation)
        self.say(turn)
        return turn.replies


def check_texts(content: Content, answer_id: str | None = None) -> list[Problem]:
    """Return what cannot be said by text message as it is, with file and line.

    Args:
        content: one that could be read whole: it is said as people would hear it.
        answer_id: look at this answer alone.
    """

    def check() -> list[Problem]:
        take_in_hand(content)
        if answer_id is not None:
            sayings: Iterable[_Saying] = _of_an_answer(content.answers[answer_id])
            return [problem for saying in sayings for problem in _problems(saying, content)]
        found = [problem for saying in _sayings(content) for problem in _problems(saying, content)]
        return [*found, *_own_words(content), *_languages(content)]

    return list(dict.fromkeys(copy_context().run(check)))


def _sayings(content: Content) -> Iterator[_Saying]:
    """Yield everything that the guide says in its own words or the council's."""
    for answer in content.answers.values():
        yield from _of_an_answer(answer)
    for role in content.roles:
        for start in range(0, len(content.duties_of(role)), PORTION):
            yield _Saying(f"roles/{role}", partial(say_portion, role_key=role, start=start))
    yield from _of_the_path(content)
    for name, words in content.words.items():
        one = WordsReply(words=words.text, brief=words.short, says="smalltalk")
        yield _Saying(f"words/{name}", partial(Turn.say, reply=one), "short" if words.short else "text")
    menu = WordsReply(
        words=content.texts["menu"],
        says="choices",
        choices=tuple(Choice(item.title, item.says) for item in content.menu),
    )
    yield _Saying("texts/menu", partial(Turn.say, reply=menu))


def _of_an_answer(answer: Answer) -> Iterator[_Saying]:
    for said in (answer, *map(answer.as_in, answer.variants)):
        yield _Saying(answer.id, partial(answers.say_answer, said=said), "short", "text")
    for follow_up, name in (
        (answers.simpler, "easy_read"),
        (answers.source, SOURCE),
        (answers.strength, "strength"),
        (contacts.contact_them, "contacts"),
        (sessions.about_what, "title"),
    ):
        yield _Saying(answer.id, follow_up, name, name, Situation(said=[answer.id]))


def _of_the_path(content: Content) -> Iterator[_Saying]:
    questions = content.questions.items()
    facts = {key: next(iter(question.options)) for key, question in questions if question.options}
    for key, question in questions:
        say = partial(ask, progress=Progress(trail=BEGUN), question=question, intro="So that I know.")
        yield _Saying(f"questions/{key}", say, "options", "options")
    for key, step in content.steps.items():
        place = f"steps/{key}"
        yield _Saying(place, partial(say_step, progress=Progress(trail=BEGUN), step=step), "short", "do")
        done = dict.fromkeys(content.steps, LEFT_OUT)
        others: tuple[Handler, ...] = (
            partial(not_yet, progress=Progress(facts, done, BEGUN, at=key)),
            partial(say_where, progress=Progress(facts, done, BEGUN, at=key)),
            my_steps,
        )
        for other in others:
            known = Situation(progress=Progress(facts, done, BEGUN, at=key))
            yield _Saying(place, other, "title", "do", known)
    for key in content.letters:
        yield _Saying(f"letters/{key}", partial(say_letter, progress=Progress(facts), template=key), "title")


def _problems(saying: _Saying, content: Content) -> Iterator[Problem]:
    replies = saying.replies()
    for medium in (SMS, WHATSAPP):
        texts = render(replies, content, medium, lambda _: _LINK)
        for name, message in _faults(replies, texts, medium, saying, content):
            path, line = content.place(saying.key, name)
            by = "WhatsApp" if medium.bold else "text message"
            yield Problem(path, line, f"{saying.key}: {name + ': ' if name else ''}by {by}, {message}")


def _faults(
    replies: Sequence[Reply], texts: Texts, medium: Medium, saying: _Saying, content: Content
) -> Iterator[tuple[str, str]]:
    """Yield the field and what is wrong with its words."""
    parts = [page for page in texts.more if page != NEXT_DUTIES and not page.startswith(STEP)]
    at_once = not texts.more and not texts.urgent  # a short answer is said in full
    shown = saying.rest if at_once and saying.rest else saying.shown
    if not medium.bold:
        yield from _too_dear(texts, parts, (shown, saying.rest), MOST * len(replies))
    for name, messages in ((shown, texts.numbered()), (saying.rest, parts)):
        for message in messages:
            for fault in _in_a_message(message):
                yield name, fault
            if name != SOURCE:
                for number in _said_as_if_confirmed(message, content):
                    yield name, f"gives {number!r}, which is not confirmed, and does not say so"
    titles = [choice.title for choice in texts.choices]
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        yield "", f"two choices read the same: {title!r}"
    for title in titles:
        if command(title) is Command.STOP:
            yield "", f"who picks {title!r} by its words stops all messages"


def _too_dear(
    texts: Texts, parts: Sequence[str], names: tuple[str, str], most: int
) -> Iterator[tuple[str, str]]:
    """Yield what takes more segments than it may, by its length or its letters: each one is paid."""
    shown, rest = names
    bodies = [(shown, body, most, "hint") for body in texts.bodies]
    on_more = [(rest, part, MOST, "hint") for part in parts]
    more = any(choice.payload.startswith(PATH) for choice in texts.listed)
    picks = [(shown, body, most + more, "choices") for body in texts.numbered()[-1:]]
    for name, message, allowed, what in (*bodies, *on_more, *picks):
        if (found := segments(message)) > allowed:
            yield name, f"{found} texts long with its {what}, at most {allowed} ({len(message)} letters)"
        if strange := not_gsm_7(message):
            yield name, f"letters that text messages cannot hold: {strange!r}"


def _in_a_message(message: str) -> Iterator[str]:
    """Yield what is wrong with one message in any medium."""
    if len(message) > LONGEST:
        yield f"{len(message)} letters, at most {LONGEST}"
    if stops := _STOPS.search(message):
        yield f"says {stops.group()!r}: that word stops all messages and is never offered"


def _said_as_if_confirmed(message: str, content: Content) -> Iterator[str]:
    """Yield what is not confirmed and stands in a message that does not say so."""
    if "confirm" in message:
        return
    details = [detail for contact in content.contacts.values() for detail in contact.details.values()]
    confirmed = {detail.shown for detail in details if detail.confirmed}
    for shown in {detail.shown for detail in details} - confirmed:
        known = any(shown in other for other in confirmed)  # a part of an address that is
        if (
            shown in message
            and not known
            and re.search(rf"(?<![\w./@-]){re.escape(shown)}(?![\w/@-])", message)
        ):
            yield shown


def _own_words(content: Content) -> Iterator[Problem]:
    """Yield the guide's own words that are more than one SMS, or speak of what can be tapped."""
    for name, words in content.words.items():
        reply = WordsReply(words=words.text, brief=words.short, says="smalltalk")
        texts = render([reply], content, SMS, lambda _: _LINK)
        place = content.place(f"words/{name}", "short" if words.short else "text")
        if texts.more:
            message = f"{segments(words.text)} texts long: give it a `short` of at most {SMS.answer} letters"
            yield Problem(*place, f"words/{name}: by text message, {message}")
        if taps := _TAPS.search(texts.bodies[0]):
            yield Problem(
                *place, f"words/{name}: by text message, says {taps.group()!r}, but there is nothing to tap"
            )


def _languages(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the words for who writes in another language: they are not cut."""
    for code, words in content.languages.items():
        (body,) = render([WordsReply(words=words, says="fallback")], content, SMS, lambda _: _LINK).bodies
        if (found := segments(body)) > MOST_IN_ANOTHER_LANGUAGE:
            message = f"{found} texts long, at most {MOST_IN_ANOTHER_LANGUAGE}"
            yield Problem(
                *content.place(f"languages/{code}"), f"languages/{code}: by text message, {message}"
            )
        if EMERGENCY not in body:
            message = f"does not say {EMERGENCY}"
            yield Problem(*content.place(f"languages/{code}"), f"languages/{code}: {message}")
