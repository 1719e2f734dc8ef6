"""What people can do with their conversation on the web, whatever the page is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from limits import RateLimitItem

from send_guide.channels.web.replies import Shown, choice_id, said_by_person, shown
from send_guide.domain.reply import WordsReply
from send_guide.domain.safety import danger_first, taps, urgent_reply
from send_guide.rasa_adapter.history import turns_of
from send_guide.service import Message, without_slash
from send_guide.services import Services
from send_guide.storage import conversations
from send_guide.storage.database import DatabaseUnavailableError
from send_guide.storage.tombstones import end, has_ended

NAME = "web"
READING = "web-read"
"""What is counted where a conversation is read."""
MOST_SHOWN = 200
"""Messages of people and of the guide that a page shows. A reply takes about 0.15 ms to show."""
EARLIER = WordsReply(words="Only the newest messages are shown here.", says="smalltalk")


class EndedError(Exception):
    """The conversation has been ended and deleted."""


class RateLimitedError(Exception):
    """The conversation sends too much."""


class NotOfferedError(Exception):
    """The choice was not offered in this conversation, or too long ago."""


class Chat:
    """Says, reads and ends conversations."""

    def __init__(self, services: Services, rates: Sequence[RateLimitItem], characters: int) -> None:
        """Set what stands behind it.

        Args:
            services: with the guide that answers, and the store that keeps.
            rates: messages a conversation may send.
            characters: longest message.
        """
        self._services = services
        self._database = services.database
        self._rates = rates
        self.characters = characters
        self._turns: set[asyncio.Task[list[Shown]]] = set()

    async def say(self, sender: str, message_id: str, text: str, *, over_limit: bool = False) -> list[Shown]:
        """Return the replies to what a person typed; one that is delivered again has the same.

        What to do in danger is said even where nothing else is: in a conversation that has ended, that
        sends too much, or beyond the longest message.

        Args:
            sender: the conversation.
            message_id: the message's name.
            text: what was typed.
            over_limit: whether the address that it comes from has sent too much.

        Raises:
            EndedError: the conversation has been ended.
            RateLimitedError: the conversation sends too much.
        """
        try:
            await self.allow(sender, over_limit=over_limit)
        except (EndedError, RateLimitedError):
            if in_danger := _in_danger(text):
                return in_danger
            raise
        replies = await self._turn(sender, message_id, without_slash(text[: self.characters]))
        if len(text) > self.characters:
            if all(reply["kind"] != "urgent" for reply in replies):
                replies = [*_in_danger(text), *replies]
            note = f"That was long: I read the first {self.characters:,} characters."
            replies.append(shown(WordsReply(words=note, says="smalltalk")))
        return replies

    async def choose(
        self, sender: str, message_id: str, choice: str, *, over_limit: bool = False
    ) -> list[Shown]:
        """Return the replies to a tap on a choice that was offered.

        A tap on what to do in danger is answered whatever else is: it needs neither limit nor store.

        Args:
            sender: the conversation.
            message_id: the message's name.
            choice: the id of what was tapped.
            over_limit: whether the address that it comes from has sent too much.

        Raises:
            NotOfferedError: it was not.
            EndedError: the conversation has been ended.
            RateLimitedError: the conversation sends too much.
        """
        urgent = _urgent_tap(choice)
        try:
            await self.allow(sender, over_limit=over_limit)
            payloads = await conversations.offers(self._database, sender)
        except (EndedError, RateLimitedError, DatabaseUnavailableError):
            if urgent:
                return urgent
            raise
        for payload in payloads:
            if choice_id(payload) == choice:
                return await self._turn(sender, message_id, payload)
        if urgent:
            return urgent
        raise NotOfferedError

    async def read(self, sender: str) -> list[Shown]:
        """Return the newest messages of a conversation, as they are kept: people's words are redacted.

        Where there were more, the first thing that is shown says so.

        Raises:
            EndedError: it has been ended.
            DatabaseUnavailableError: the database does not answer.
        """
        kept = await self._kept(sender, MOST_SHOWN + 1)
        if len(kept) <= MOST_SHOWN:
            return await asyncio.to_thread(_as_shown, kept)
        begins = next((at for at, one in enumerate(kept) if at and one["event"] == "user"), 1)
        return [shown(EARLIER), *await asyncio.to_thread(_as_shown, kept[begins:], kept)]

    async def read_all(self, sender: str) -> list[Shown]:
        """Return a conversation from its beginning, as :meth:`read` does its end.

        Raises:
            EndedError: it has been ended.
            DatabaseUnavailableError: the database does not answer.
        """
        return await asyncio.to_thread(_as_shown, await self._kept(sender))

    async def _kept(self, sender: str, newest: int | None = None) -> list[dict[str, Any]]:
        if await has_ended(self._database, sender):
            raise EndedError
        return await conversations.messages(self._database, sender, newest)

    async def end(self, sender: str) -> None:
        """Delete the conversation, for good; once more makes no difference."""
        await end(self._database, sender)

    async def allow(self, sender: str, *, kind: str = NAME, over_limit: bool = False) -> None:
        """Count one request of a conversation that costs something.

        Args:
            sender: the conversation.
            kind: what is counted: reading has a count of its own, beside that of messages.
            over_limit: whether the address that it comes from has sent too much.

        Raises:
            EndedError: the conversation has been ended.
            RateLimitedError: it, or its address, sends too much.
        """
        if over_limit:
            raise RateLimitedError
        if await self._has_ended(sender):
            raise EndedError
        if not await self._services.limits.hit_all(self._rates, kind, sender):
            raise RateLimitedError

    async def _turn(self, sender: str, message_id: str, text: str) -> list[Shown]:
        """Return the replies of a turn. Who goes away meanwhile ends the request and not the turn."""
        turn = asyncio.create_task(self._whole_turn(sender, message_id, text))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        # where nobody is there any more to see what it raises, asyncio would log it
        turn.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(turn)

    async def _whole_turn(self, sender: str, message_id: str, text: str) -> list[Shown]:
        message = Message(text, sender, NAME, f"{sender}/{message_id}")
        turn = await self._services.guide.handle(message)
        if await self._has_ended(sender):
            # it was ended while the answer was being made: what the turn has written goes too
            await conversations.delete(self._database, sender)
            raise EndedError
        return [shown(reply) for reply in turn.replies]

    async def _has_ended(self, sender: str) -> bool:
        """Return whether the conversation has ended, as far as is known: where the database is away a message
        goes on to the guide, which says so, and says what to do in danger before that.
        """
        try:
            return await has_ended(self._database, sender)
        except DatabaseUnavailableError:
            return False


def _as_shown(messages: list[dict[str, Any]], said_before: list[dict[str, Any]] | None = None) -> list[Shown]:
    """Return messages as pages show them; a tap has the title of its button, here or in ``said_before``."""
    turns = turns_of(messages)
    titles = {
        choice.payload: choice.title
        for _, said in (turns_of(said_before) if said_before else turns)
        for reply in said
        for choice in reply.choices
    }
    found = []
    for text, replies in turns:
        if text is not None:
            found.append(said_by_person(titles.get(text, "(a button)" if text.startswith("/") else text)))
        found += [shown(reply) for reply in danger_first(text or "", replies)]
    return found


def _in_danger(text: str) -> list[Shown]:
    """Return what to do in danger, where the words of a message say that somebody is."""
    return [shown(reply) for reply in danger_first(text, [])]


def _urgent_tap(choice: str) -> list[Shown]:
    """Return what to do in danger, where that is what was tapped."""
    urgent = (answer_id for answer_id, payload in taps().items() if choice_id(payload) == choice)
    return [shown(urgent_reply(answer_id)) for answer_id in urgent]
