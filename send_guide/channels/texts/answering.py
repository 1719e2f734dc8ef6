"""What is answered to a text message: one readable list of steps, the same for every provider."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from limits import parse, parse_many
from prometheus_client import Counter

from send_guide.channels.texts.choices import chosen
from send_guide.channels.texts.commands import command, machine
from send_guide.channels.texts.identity import conversation_of
from send_guide.channels.texts.links import Links
from send_guide.channels.texts.rendering import (
    NEXT_DUTIES,
    SMS,
    STEP,
    WHATSAPP,
    Medium,
    Texts,
    packed,
    render,
)
from send_guide.content import get_content
from send_guide.content.text_words import Command
from send_guide.domain import safety
from send_guide.domain.picks import number_in
from send_guide.domain.reply import Choice
from send_guide.errors import DuplicateMessageError
from send_guide.rate_limits import RateLimits
from send_guide.service import NOT_KEPT, Message, without_slash
from send_guide.services import Services
from send_guide.settings import Settings
from send_guide.storage import conversations, text_conversations
from send_guide.storage.base import DAY
from send_guide.storage.text_conversations import TextState, TextTurn

logger = logging.getLogger(__name__)

MESSAGES = Counter("send_guide_texts", "Text messages, by channel and what they were", ["channel", "kind"])
LINK_DAYS = 7
"""How long a link in a text message works."""
MACHINE = "machine"
"""The kind of what no person has written."""
LONGEST_ID = 250
"""Characters of a message's name that are kept."""
REPEATED = frozenset(("asked", "unreadable", "opted out", "wrong number"))
"""Kinds of messages that a machine may send again and again; MORE and a pick go on to something else."""
MEDIA: dict[str, Medium] = {"sms": SMS, "whatsapp": WHATSAPP}


@dataclass(frozen=True)
class Incoming:
    """A text message that a provider has delivered.

    Attributes:
        channel: ``sms`` or ``whatsapp``.
        message_id: its name; a repeated delivery has the same.
        address: who wrote, as the provider writes it: a number, or the id of who shows none; in memory only.
        text: the words.
        picked: payload of the button or row that was tapped.
        attachment: what came along that cannot be read: a name of ``data/texts.yml``.
        provider_said: what the provider itself has answered: ``STOP``, ``START`` or ``HELP``.
    """

    channel: str
    message_id: str
    address: str = field(repr=False)
    text: str = field(repr=False, default="")
    picked: str | None = None
    attachment: str | None = None
    provider_said: str | None = None


@dataclass(frozen=True)
class Outgoing:
    """What is said to it.

    Attributes:
        texts: the messages and what can be picked.
        sent: whether that was sent by the provider's API already.
        kept: whether it is kept, so that only one process sends it.
    """

    texts: Texts
    sent: bool = False
    kept: bool = True


class Answering:
    """Answers text messages, each once, in order."""

    def __init__(self, services: Services) -> None:
        """Take what every message needs.

        Args:
            services: with ``public_url`` and ``identity_key`` set.

        Raises:
            ValueError: one of the two is not set.
        """
        settings = services.settings
        if settings.identity_key is None or settings.public_url is None:
            raise ValueError("text messages need identity_key and public_url")
        self.services, self.settings = services, settings
        self.database, self.locks = services.database, services.locks
        self._key, self._url = settings.identity_key.get_secret_value(), settings.public_url
        self.limits = Limits(settings, services.limits)

    async def answer(self, message: Incoming) -> Outgoing:
        """Return what is said to ``message``; a repeated delivery is told the same and starts nothing.

        Args:
            message: what was delivered.
        """
        sender = conversation_of(self._key, message.channel, message.address)
        links = Links(self._url, self._key, f"{message.channel}/{message.message_id}")
        named = (message.channel, message.message_id)
        try:
            async with self.locks.lock(f"texts {sender}"):
                before = await text_conversations.answered(self.database, *named)
                if before is None:
                    return Outgoing(await self._turn(message, sender, links))
        except DuplicateMessageError:
            before = await text_conversations.answered(self.database, *named)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            logger.error("text.failed", extra={"channel": message.channel, "error": type(error).__name__})
            sorry = Texts((f"{NOT_KEPT} {get_content().council.turn_to}",))
            said = message.picked or _emergency(command(message.text)) or message.text
            return Outgoing(_with_danger_first(said, message.channel, sorry), kept=False)
        MESSAGES.labels(message.channel, "repeated").inc()
        return Outgoing(_read(before.said, links), before.sent) if before else Outgoing(Texts())

    async def _turn(self, message: Incoming, sender: str, links: Links) -> Texts:
        """Return what is said, after it is kept."""
        standing = await text_conversations.standing(self.database, sender)
        if message.picked and not await self._was_offered(message.picked, sender, standing):
            message = replace(message, picked=None)  # its title is read as words
        done = await MessagePipeline(self, message, sender, standing, links).run()
        MESSAGES.labels(message.channel, done.kind).inc()
        if done.kind == MACHINE and not done.texts.bodies:  # nobody has written anything
            return done.texts
        kept = TextTurn(
            *(message.channel, message.message_id, sender),
            standing=replace(done.standing, known=True),
            said=_written(done.texts, links),
            links=links.made,
            link_seconds=LINK_DAYS * DAY,
        )
        await text_conversations.keep(self.database, kept)
        return done.texts

    async def _was_offered(self, payload: str, sender: str, standing: TextState) -> bool:
        if safety.by_tap(payload):  # what to do in danger can be tapped however old the list is
            return True
        menu = {item.says for item in get_content().menu}
        now = menu.union(payload for _, payload in standing.offered)
        return payload in now or await conversations.offered(self.database, sender, payload)


@dataclass(frozen=True)
class Done:
    """What a step has made of a message: what kind it was, what is said, where the conversation stands."""

    kind: str
    texts: Texts
    standing: TextState


class MessagePipeline:
    """The way of one message: the first step that knows what to do with it answers it."""

    def __init__(
        self, answering: Answering, message: Incoming, sender: str, standing: TextState, links: Links
    ) -> None:
        """Take the message and where its conversation stands."""
        self._answering, self._message, self._sender = answering, message, sender
        self._standing, self._links = standing, links
        self._medium, self._content = MEDIA[message.channel], get_content()
        self._text = without_slash(message.text)  # only what was offered may begin with a slash
        self._command = command(message.picked or self._text)

    async def run(self) -> Done:
        """Return what is made of the message; what to do in danger comes first, whatever it was."""
        kind, meant = self._meant()
        for step in (
            self._machine,
            self._opt_out,
            self._opt_in,
            self._said_by_provider,
            self._too_many,
            self._still_opted_out,
            self._unreadable,
            self._help_and_menu,
            self._more,
            self._wrong_number,
        ):
            if done := await step():
                break
        else:
            done = await self._ask(kind, meant)
        done = await self._unless_repeated(done)
        said = next(filter(safety.in_danger, meant), self._text)
        texts = _with_danger_first(said, self._message.channel, done.texts)
        if not self._standing.known and done.kind not in ("stop", "start", "provider", "opted out"):
            texts = self._with_notice(texts)
        return replace(done, texts=texts)

    async def _machine(self) -> Done | None:
        """Say nothing to what no person has written: two machines would never stop."""
        read = not self._message.picked and machine(self._text)
        return Done(MACHINE, Texts(), self._standing) if read else None

    async def _opt_out(self) -> Done | None:
        """STOP: nothing more is sent until START. Where the provider has answered, we need not."""
        provider = self._message.provider_said
        if provider != "STOP" and not (provider is None and self._command is Command.STOP):
            return None
        words = Texts() if provider else self._fixed("stopped")
        return Done("stop", words, replace(self._standing, opted_out=True))

    async def _opt_in(self) -> Done | None:
        """START takes an opt-out back. Twilio takes "yes" for one too: it is that only after an opt-out."""
        asked = self._command is Command.START
        if not asked and not (self._standing.opted_out and self._message.provider_said == "START"):
            return None
        standing = replace(self._standing, opted_out=False)
        if self._message.provider_said:
            return Done("start", Texts(), standing)
        return Done("start", self._menu("started"), replace(standing, offered=self._menu_choices()))

    async def _said_by_provider(self) -> Done | None:
        """HELP that the provider has answered itself."""
        return Done("provider", Texts(), self._standing) if self._message.provider_said == "HELP" else None

    async def _still_opted_out(self) -> Done | None:
        if not self._standing.opted_out:
            return None
        return Done("opted out", self._fixed("still-stopped"), self._standing)

    async def _too_many(self) -> Done | None:
        """Tell a number that sends very much so, once an hour, and one that has opted out nothing more."""
        limits = self._answering.limits
        if await limits.within(self._sender):
            return None
        told = not self._standing.opted_out and await limits.tell(self._sender)
        return Done("too many", self._fixed("too-many") if told else Texts(), self._standing)

    async def _unreadable(self) -> Done | None:
        """Say what cannot be read: a picture, a voice message and the like, or nothing at all."""
        if self._text.strip() or self._message.picked:
            return None
        return Done("unreadable", self._fixed(self._message.attachment or "nothing"), self._standing)

    async def _help_and_menu(self) -> Done | None:
        if self._command is Command.HELP:
            return Done("help", self._fixed("help"), self._standing)
        if self._command is Command.MENU:
            return Done("menu", self._menu("menu"), replace(self._standing, offered=self._menu_choices()))
        return None

    async def _more(self) -> Done | None:
        """Say the next part of the full answer."""
        if self._command is not Command.MORE or not self._standing.more:
            return None
        first, *rest = self._standing.more
        standing = replace(self._standing, more=tuple(rest))
        if first == NEXT_DUTIES:
            return await self._ask("more", (first,))
        if first.startswith(STEP):
            where = self._links({"step": first.removeprefix(STEP)})
            first = self._content.texts["step"].replace("{link}", where)
        return Done("more", Texts((first,)), standing)

    async def _wrong_number(self) -> Done | None:
        """Say which numbers there are, where one is not in the list."""
        number, most = number_in(self._text), len(self._standing.offered)
        if number is None or self._message.picked or self._command or not most or 1 <= number <= most:
            return None
        words = self._content.texts["number" if most > 1 else "only-number"].replace("{most}", str(most))
        return Done("wrong number", Texts((words,)), self._standing)

    def _meant(self) -> tuple[str, tuple[str, ...]]:
        """Return how the message was put, and what goes to the conversation."""
        if self._message.picked:
            return "picked", (self._message.picked,)
        if self._command is Command.START_AGAIN:
            return "start again", ("start again",)
        if urgent := _emergency(self._command):
            return "emergency", (urgent,)
        # of several that are picked, what to do in danger comes first
        found = sorted(
            chosen(self._text, self._offered()), key=lambda one: safety.by_tap(one.payload) is None
        )
        return ("picked", tuple(one.payload for one in found)) if found else ("asked", (self._text,))

    async def _ask(self, kind: str, says: Sequence[str]) -> Done:
        """Ask the conversation: one thing, or one after the other all that was picked, until it asks back."""
        texts, standing = await self._asked(says[0])
        for number, text in enumerate(says[1:], 1):
            if texts.asks:
                texts = self._with_note(texts, self._content.texts["one-at-a-time"])
                break
            more, standing = await self._asked(text, f"/{number}")
            bodies, urgent = packed((*texts.bodies, *more.bodies), self._medium), texts.urgent or more.urgent
            left = (part for part in texts.more if part != NEXT_DUTIES)  # it would go on with the last list
            texts = replace(more, bodies=bodies, more=(*left, *more.more), urgent=urgent)
        return Done(kind, texts, replace(standing, more=texts.more))

    async def _asked(self, text: str, suffix: str = "") -> tuple[Texts, TextState]:
        """Return what the conversation says, and where it stands then.

        Args:
            text: words or a payload.
            suffix: what the message's name is told by where it asks several things.
        """
        message, most = self._message, self._answering.settings.text_characters
        turn = await self._answering.services.guide.handle(
            Message(text[:most], self._sender, message.channel, f"{message.message_id}{suffix}")
        )
        texts = render(turn.replies, self._content, self._medium, self._links)
        if len(text) > most:
            texts = self._with_note(texts, self._content.texts["too-long"])
        if message.attachment:  # a picture with words below it: the words are answered
            texts = self._with_note(texts, self._content.texts[message.attachment])
        offered = tuple((choice.title, choice.payload) for choice in texts.choices)
        if not offered and not texts.asks:
            offered = self._standing.offered
        return texts, replace(self._standing, offered=offered, more=texts.more)

    async def _unless_repeated(self, done: Done) -> Done:
        """Return what is made of a message. Where the same words have had the same answer three times, say so
        once, and then nothing; danger is always answered.
        """
        if done.kind not in REPEATED or done.texts.urgent:
            return done
        limits = self._answering.limits
        same = "\n".join((self._sender, self._text, *map(self._links.hidden, done.texts.bodies)))
        if await limits.new_enough(same):
            return done
        told = done.kind != "opted out" and await limits.tell(same)
        return replace(done, kind="same again", texts=self._fixed("repeated") if told else Texts())

    def _offered(self) -> list[Choice]:
        return [Choice(title, payload) for title, payload in self._standing.offered]

    def _menu_choices(self) -> tuple[tuple[str, str], ...]:
        return tuple((item.title, item.says) for item in self._content.menu)

    def _menu(self, words: str) -> Texts:
        return replace(self._fixed(words), choices=tuple(Choice(*choice) for choice in self._menu_choices()))

    def _fixed(self, name: str) -> Texts:
        return Texts((self._content.texts[name],))

    def _with_notice(self, texts: Texts) -> Texts:
        """Return ``texts`` with what everybody is told once; what to do in danger goes before it."""
        if not texts.bodies:
            return texts
        notice = self._content.texts["notice"].replace("{days}", str(self._answering.settings.keep_days))
        noted = self._with_note(texts, notice)
        return replace(noted, bodies=packed(noted.bodies, self._medium))

    def _with_note(self, texts: Texts, note: str) -> Texts:
        """Return ``texts`` with a note before them; nothing goes before what to do in danger."""
        return replace(texts, bodies=(*texts.bodies, note) if texts.urgent else (note, *texts.bodies))


class Limits:
    """How many texts a number has answered; each is paid for."""

    def __init__(self, settings: Settings, limits: RateLimits) -> None:
        """Take the rates of the settings, and what counts."""
        self._rates = (*parse_many(settings.per_conversation), *parse_many(settings.texts_per_number))
        self._telling, self._same = parse("1/hour"), parse("3/hour")
        self._limits = limits

    async def within(self, sender: str) -> bool:
        """Count a message; return whether it is within the limits."""
        return await self._limits.hit_all(self._rates, "texts", sender)

    async def new_enough(self, said: str) -> bool:
        """Return whether words of somebody have not had the same answer three times within an hour.

        Args:
            said: who, what and the answer; only a hash of it is counted.
        """
        return await self._limits.hit(self._same, "same", said)

    async def tell(self, what: str) -> bool:
        """Return whether it is time to say that it was too much."""
        return await self._limits.hit(self._telling, "told", what)


def _emergency(asked: Command | None) -> str:
    """Return the payload of what to do in danger where the guide is taken for the emergency services."""
    return next(iter(safety.taps().values()), "") if asked is Command.EMERGENCY else ""


def _with_danger_first(said: str, channel: str, texts: Texts) -> Texts:
    """Return ``texts`` with what to do in danger before all else, where the message tells of danger.

    Args:
        said: the words, or the payload of what was picked, by a tap or by its number.
        channel: ``sms`` or ``whatsapp``.
        texts: what is said to it.
    """
    urgent = [] if texts.urgent else safety.danger_first(said, [])
    if not urgent:
        return texts
    medium = MEDIA[channel]
    first = render(urgent, get_content(), medium, lambda _: "")
    return replace(texts, bodies=packed((*first.bodies, *texts.bodies), medium), urgent=True)


def _written(texts: Texts, links: Links) -> dict[str, Any]:
    """Return what is said as it is kept for a repeated delivery, without the codes of links."""
    bodies = [links.hidden(body) for body in texts.bodies]
    choices = [[one.title, one.payload] for one in texts.choices]
    return {"bodies": bodies, "choices": choices, "in_text": texts.in_text, "urgent": texts.urgent}


def _read(said: dict[str, Any], links: Links) -> Texts:
    choices = tuple(Choice(title, payload) for title, payload in said["choices"])
    bodies = tuple(links.shown(body) for body in said["bodies"])
    return Texts(bodies, choices, said["in_text"], urgent=said["urgent"])
