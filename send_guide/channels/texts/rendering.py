"""A turn's replies as text messages: short wording, numbered choices, the full answer in parts.

Pure functions: typed replies in, texts out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from send_guide.content import Content
from send_guide.content.gsm7 import is_gsm_7, to_gsm_7
from send_guide.content.wording import source_line
from send_guide.domain.reply import AnswerReply, Choice, DutiesReply, LetterReply, Reply
from send_guide.domain.safety import by_tap

Link = Callable[[dict[str, Any]], str]
"""Returns the address at which something is shown once."""

LISTED = ("choices", "escalation", "letter", "deadline")
"""Kinds of replies whose choices are part of what is said: all of them are listed."""
PATH = "/path"
"""What the payloads of the guided path begin with: the way into it is always offered."""
STEP = "step:"
"""What MORE sends of a step first: the address of its page, made when it is asked for."""
NEXT_DUTIES = "/what_else"
"""Payload of the button that shows the next duties of a list: MORE does the same."""


@dataclass(frozen=True)
class Medium:
    """What a medium can hold.

    Attributes:
        answer: letters of an answer, the hint of MORE included.
        whole: letters up to which the full answer is sent rather than its short wording.
        body: letters of one message.
        bold: whether ``*bold*`` and links with ``https://`` are written.
    """

    answer: int
    whole: int
    body: int
    bold: bool


SMS = Medium(answer=306, whole=306, body=1530, bold=False)
"""Two segments an answer; ten segments a message, below Twilio's 1,600 letters."""
WHATSAPP = Medium(answer=1000, whole=400, body=1000, bold=True)
"""WhatsApp is not paid by length. 1,000 letters fit Twilio's messages and Meta's interactive ones (1,024)."""


@dataclass(frozen=True)
class Texts:
    """A turn as text messages.

    Attributes:
        bodies: the messages, in order, without the list of choices.
        choices: what can be picked, in order, by number from 1.
        in_text: how many of them, the first, have their numbers in the words already.
        more: what is sent on MORE, in order: parts, :data:`STEP` and an id, or :data:`NEXT_DUTIES`.
        urgent: whether somebody may be in danger.
        asks: whether it asks something: numbers of an older list have no meaning any more.
    """

    bodies: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    in_text: int = 0
    more: tuple[str, ...] = ()
    urgent: bool = False
    asks: bool = False

    @property
    def listed(self) -> tuple[Choice, ...]:
        """The choices that the words do not show yet."""
        return self.choices[self.in_text :]

    def numbered(self) -> tuple[str, ...]:
        """Return the messages with the choices as a numbered list below the last."""
        if not self.listed or not self.bodies:
            return self.bodies
        return (*self.bodies[:-1], f"{self.bodies[-1]}\n{numbered(self.listed, self.in_text + 1)}")


@dataclass(frozen=True)
class _Part:
    """One reply: what is shown at once, what follows on MORE, what can be picked."""

    words: str
    choices: tuple[Choice, ...]
    listed: bool
    rest: tuple[str, ...] = ()
    hint: str = ""


def render(replies: Sequence[Reply], content: Content, medium: Medium, link: Link) -> Texts:
    """Return a turn's replies as text messages.

    Args:
        replies: what is said.
        content: where answers and fixed words stand.
        medium: :data:`SMS` or :data:`WHATSAPP`.
        link: makes the address of what is too long for a text message.
    """
    urgent = [reply for reply in replies if reply.kind == "urgent"]
    others = [reply for reply in replies if reply.kind != "urgent"]
    in_text = len(replies[0].duties) if len(replies) == 1 and isinstance(replies[0], DutiesReply) else 0
    parts = [_part(reply, content, medium, link) for reply in (*urgent, *others)]
    words = [part.words for part in parts]
    hint = next((part.hint for part in reversed(parts) if part.hint), "")
    if hint:
        words[-1] = _with_hint(words[-1], hint, medium, content)
    more = tuple(page for part in parts for page in part.rest)
    asks = any(part.listed for part in parts)
    choices = _choices(parts, in_text, medium)
    return Texts(packed(words, medium), choices, in_text, more, bool(urgent), asks)


def numbered(choices: Iterable[Choice], first: int = 1) -> str:
    """Return choices as lines, each with its number."""
    return "\n".join(f"{number} {choice.title}" for number, choice in enumerate(choices, first))


def pages(text: str, most: int, rest: str) -> tuple[str, ...]:
    """Return ``text`` in parts of at most ``most`` letters, cut between sentences.

    Args:
        text: what is said.
        most: letters of a part.
        rest: the hint below each part but the last.
    """
    if len(text) <= most:
        return (text,)
    room = most - len("(10/10) ") - len(rest) - 1
    found = list(_cut(text, room))
    numbers = [f"({at}/{len(found)}) {page}" for at, page in enumerate(found, 1)]
    return (*(f"{page}\n{rest}" for page in numbers[:-1]), numbers[-1])


def _cut(text: str, room: int) -> Iterable[str]:
    """Yield pieces of ``text`` that are at most ``room`` letters: whole lines, else sentences, else words."""
    piece = ""
    for part in _breakable(text, room):
        if piece and len(piece) + len(part.rstrip()) > room:
            yield piece.strip()
            piece = ""
        piece += part
    if piece.strip():
        yield piece.strip()


def _breakable(text: str, room: int) -> Iterable[str]:
    for sentence in re.findall(r".+?(?:[.!?](?=\s)\s+|\n+|$)", text, re.DOTALL):
        if len(sentence.rstrip()) <= room:
            yield sentence
        else:
            yield from re.findall(r"\S+\s*", sentence)


def _part(reply: Reply, content: Content, medium: Medium, link: Link) -> _Part:
    choices = tuple(choice for choice in reply.choices if choice.payload != NEXT_DUTIES)
    goes_on = len(choices) < len(reply.choices)
    full, short = _full(reply, content, medium), _short(reply, content, medium)
    part = _Part(short or full, choices, reply.kind in LISTED)
    if reply.text in content.languages.values():  # MORE is English: all of it is said at once
        return part
    if isinstance(reply, LetterReply):
        return replace(part, words=_letter(reply, content, link))
    listed = sum(len(choice.title) + len("\n1 ") for choice in choices) if part.listed else 0
    if short is None or len(full) + listed <= medium.whole:
        return _in_parts(part, full, content, medium, goes_on=goes_on)
    if reply.kind in ("urgent", "smalltalk"):  # the short wording says all there is to say
        return part
    rest = pages(full, medium.answer, content.texts["rest"])
    if reply.step_id:  # the page is better to read; the parts come after it
        rest = (f"{STEP}{reply.step_id}", *rest)
    hint = "" if part.listed and not reply.step_id else content.texts["more"]
    return replace(part, rest=rest, hint=hint)


def _letter(letter: LetterReply, content: Content, link: Link) -> str:
    """Return where a draft can be read; its words are never sent nor stored."""
    shows = {"template": letter.template, "title": letter.title, "facts": dict(letter.facts)}
    where = link({"letter": shows})
    return content.texts["letter"].replace("{title}", letter.title).replace("{link}", where)


def _in_parts(part: _Part, full: str, content: Content, medium: Medium, *, goes_on: bool) -> _Part:
    """Return a reply that has no short wording: its first part, the others on MORE."""
    rest = content.texts["rest"]
    first, *others = pages(full, medium.answer - (len(rest) + 1 if goes_on else 0), rest)
    if not goes_on:
        return replace(part, words=first, rest=tuple(others))
    if others:
        others[-1] = f"{others[-1]}\n{rest}"
    return replace(part, words=first, rest=(*others, NEXT_DUTIES), hint="" if others else rest)


def _full(reply: Reply, content: Content, medium: Medium) -> str:
    text = reply.text
    if isinstance(reply, DutiesReply):  # its lines can be picked by their numbers
        numbers = [f"{number} {line}" for number, line in enumerate(reply.lines, 1)]
        text = "\n".join([reply.heading, *numbers, reply.source])
    if isinstance(reply, AnswerReply) and reply.form == "full" and medium.bold and reply.kind != "urgent":
        text = f"*{reply.answer.title}*\n{text}"
    return _styled(text, content, medium)


def _short(reply: Reply, content: Content, medium: Medium) -> str | None:
    """Return the wording for text messages; that of an answer only where the reply says the answer."""
    if not isinstance(reply, AnswerReply):
        if not reply.short:
            return None
        return _styled(_led(reply.intro, reply.short, content, medium), content, medium)
    # WhatsApp has room for all that is to be done in danger
    if reply.form != "full" or (medium.bold and reply.kind == "urgent"):
        return None
    answer, short = reply.answer, reply.answer.short
    if medium.bold:
        short = f"*{answer.title}*\n{short}\n_{source_line(answer, content.roles)}_"
    return _styled(_led(reply.intro, short, content, medium), content, medium)


def _led(lead: str, short: str, content: Content, medium: Medium) -> str:
    """Return ``short`` after the sentence that leads to it, where there is room for both."""
    room = medium.answer - len(short) - len(content.texts["more"]) - 2
    return f"{lead}\n{short}" if lead and len(lead) <= room else short


def _choices(parts: Sequence[_Part], in_text: int, medium: Medium) -> tuple[Choice, ...]:
    """Return what can be picked: all that belongs to what is said, and of the rest what fits."""
    found: dict[str, Choice] = {}
    room = sum(medium.answer - len(part.words) - len(part.hint) - 2 for part in parts)
    for part in parts:
        for at, choice in enumerate(
            part.choices if in_text or part.listed else sorted(part.choices, key=_rank)
        ):
            title = choice.title if medium.bold else to_gsm_7(choice.title)
            line = 0 if at < in_text else len(title) + len("\n1 ")
            always = part.listed or choice.payload.startswith(PATH)
            if choice.payload not in found and (always or line <= room):
                found[choice.payload] = Choice(title, choice.payload)
                room -= line
    return tuple(found.values())


def _rank(choice: Choice) -> int:
    """Return where a choice stands in a list: danger, the way through it all, other answers, the rest."""
    if by_tap(choice.payload):
        return -1
    first = (PATH, "/choose", "/where_were_we")
    return next((at for at, start in enumerate(first) if choice.payload.startswith(start)), len(first))


def _with_hint(words: str, hint: str, medium: Medium, content: Content) -> str:
    """Return ``words`` with the hint of MORE, the shorter one where there is no room for more."""
    if len(words) + 1 + len(hint) > medium.answer:
        hint = content.texts["more-in-brief"]
    return f"{words}\n{hint}"


def packed(words: Sequence[str], medium: Medium) -> tuple[str, ...]:
    """Return messages that hold ``words`` in order, as few as fit: one message cannot arrive out of order.

    What needs the dearer alphabet goes alone, or all would be paid as such.
    """
    bodies: list[str] = []
    for part in words:
        last = bodies[-1] if bodies else None
        together = last is not None and len(last) + 2 + len(part) <= medium.body
        if last is not None and together and (medium.bold or is_gsm_7(part) == is_gsm_7(last)):
            bodies[-1] = f"{last}\n\n{part}"
        else:
            bodies.append(part)
    return tuple(bodies)


def _styled(text: str, content: Content, medium: Medium) -> str:
    if not medium.bold:
        return to_gsm_7(text)
    for address in _webs(content):
        text = re.sub(rf"(?<![\w/@.-]){re.escape(address)}(?![\w/-]|\.\w)", f"https://{address}", text)
    return text


def _webs(content: Content) -> list[str]:
    """Return every web address that may be shown, longest first."""
    details = (detail for contact in content.contacts.values() for detail in contact.details.items())
    return sorted({shown.shown for kind, shown in details if kind.startswith("web")}, key=len, reverse=True)
