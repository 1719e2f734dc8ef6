"""Codes of four words that bring steps and situation back on another device, and never the words."""

from __future__ import annotations

import datetime
import functools
import hmac
import re
import secrets
from importlib import resources
from zoneinfo import ZoneInfo

from limits import parse_many

from send_guide.channels.web.chat import NAME, Chat, EndedError, RateLimitedError
from send_guide.channels.web.replies import Shown, shown
from send_guide.domain.message import Message
from send_guide.domain.safety import danger_first
from send_guide.domain.situation import Situation
from send_guide.services import Services
from send_guide.storage import conversations, return_codes
from send_guide.storage.base import DAY
from send_guide.storage.database import DatabaseUnavailableError

WORDS = 4
"""Of a code: four of 2,048 or more are 44 bits or more."""
TRIES, ALL_TRIES = "return-code", "return-codes"
"""What is counted of an address, and of all together."""


class WrongCodeError(Exception):
    """There is no such code: mistyped, used, replaced, deleted or too old. Nobody is told which."""

    words = "That code does not work. It may be mistyped, used before, replaced by a newer one or too old."


class NothingToTakeAlongError(Exception):
    """Nothing is known in the conversation that a code could bring back."""

    words = "There is nothing to bring back yet. A code keeps your steps and what I have understood so far."


@functools.cache
def word_list() -> tuple[str, ...]:
    """Return the words that codes are made of."""
    text = resources.files(__package__).joinpath("return-words.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))


def plain_code(typed: str) -> str:
    """Return a code as it was made: small letters, a blank between words, whatever else stands there."""
    return " ".join(re.findall(r"[a-z]+", typed.lower()))


class ReturnCodes:
    """Makes codes, and lets people come back with them."""

    def __init__(self, services: Services, chat: Chat, secret: bytes) -> None:
        """Set what stands behind it.

        Args:
            services: with the guide, the database and the limits.
            chat: has the conversations.
            secret: of the service; who reads the database alone can look for no code.
        """
        self._services = services
        self._chat = chat
        self._secret = secret
        self._tries = parse_many(services.settings.per_return)
        self._all_tries = parse_many(services.settings.all_returns)

    async def make(self, sender: str) -> tuple[str, datetime.date]:
        """Return a new code of a conversation, in place of the one before, and its last day.

        It is kept as long as the conversation is: so many days after the last message.

        Raises:
            NothingToTakeAlongError: nothing is known yet.
            EndedError: the conversation has been ended.
            RateLimitedError: the conversation sends too much.
            DatabaseUnavailableError: the database does not answer.
        """
        await self._chat.allow(sender)
        situation = (await self._services.guide.engine.known(sender)).to_take_along()
        newest = await conversations.newest_event(self._services.database, sender)
        if newest is None or situation == Situation():
            raise NothingToTakeAlongError
        code = " ".join(secrets.choice(word_list()) for _ in range(WORDS))
        expires = newest + self._services.settings.keep_days * DAY
        await return_codes.keep(
            self._services.database, self._hash(code), sender, situation.to_json(), expires
        )
        return code, datetime.datetime.fromtimestamp(expires, ZoneInfo("Europe/London")).date()

    async def come_back(
        self, sender: str, message_id: str, typed: str, address: str, *, over_limit: bool = False
    ) -> list[Shown]:
        """Put what a code brings back into a conversation; return what is said to it. A code works once.

        Who types of danger instead is told what to do, whatever else is.

        Args:
            sender: the conversation.
            message_id: a name: delivered again under the same one, it has the same replies.
            typed: the code.
            address: where it comes from.
            over_limit: whether that address has sent too much.

        Raises:
            WrongCodeError: there is no such code.
            EndedError: the conversation has been ended.
            RateLimitedError: the conversation, the address, or all together have tried too much.
            DatabaseUnavailableError: the database does not answer.
        """
        try:
            await self._chat.allow(sender, over_limit=over_limit)
            return await self._used(Message("", sender, NAME, f"{sender}/{message_id}"), typed, address)
        except (WrongCodeError, EndedError, RateLimitedError, DatabaseUnavailableError):
            if in_danger := danger_first(typed, []):
                return [shown(reply) for reply in in_danger]
            raise

    async def _used(self, message: Message, typed: str, address: str) -> list[Shown]:
        guide, database = self._services.guide, self._services.database
        replies = await guide.engine.answered(message)
        if replies is None:
            code_hash = self._hash(plain_code(typed))
            kept = await self._found(code_hash, address)
            replies = await guide.come_back(message, Situation.of_json(kept))
            # after that, and not before: a code whose answer was not kept can be tried again
            await return_codes.delete(database, code_hash)
        return [shown(reply) for reply in replies]

    async def _found(self, code_hash: str, address: str) -> dict[str, object]:
        """Return what a code brings back; every try counts, right or wrong."""
        limits = self._services.limits
        if not (
            await limits.hit_all(self._tries, TRIES, address)
            and await limits.hit_all(self._all_tries, ALL_TRIES, "")
        ):
            raise RateLimitedError
        kept = await return_codes.find(self._services.database, code_hash)
        if kept is None:
            raise WrongCodeError
        return kept

    def _hash(self, code: str) -> str:
        return hmac.digest(self._secret, b"send-guide.web.return-code " + code.encode(), "sha256").hex()
