"""The REST channel for development: Rasa's address and replies, with what comes in checked first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.storage.conversations import MAX_SENDER_CHARACTERS, check_sender


class Incoming(BaseModel):
    """One message. Other keys, such as ``metadata``, are ignored: a client proves nothing with them."""

    model_config = ConfigDict(extra="ignore", strict=True)

    sender: str = Field(min_length=1, max_length=MAX_SENDER_CHARACTERS)
    message: str
    message_id: str | None = Field(default=None, min_length=1, max_length=255)

    @field_validator("sender", "message_id")
    @classmethod
    def _can_be_kept(cls, value: str) -> str:
        check_sender(value)
        return value


class Rest(InputChannel):  # type: ignore[misc]
    """``POST /webhooks/rest/webhook`` with ``sender`` and ``message``; the replies come back as a list."""

    def __init__(self, text_characters: int, per_conversation: RateLimitItem) -> None:
        """Set the limits.

        Args:
            text_characters: longest message.
            per_conversation: messages a conversation may send.
        """
        self._characters = text_characters
        self._rate = per_conversation
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    @classmethod
    def name(cls) -> str:
        """Return the name in the address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("rest")

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if "origin" in request.headers:  # a web page: this channel is for programs on this machine
                return response.json({"error": "this channel is not for web pages"}, status=403)
            if not request.headers.get("content-type", "").startswith("application/json"):
                return response.json({"error": "content-type: send application/json"}, status=415)
            try:
                incoming = Incoming.model_validate_json(request.body)
            except ValidationError as error:
                wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
                where = ".".join(map(str, wrong["loc"])) or "body"
                return response.json({"error": f"{where}: {wrong['msg']}"}, status=400)
            if not await self._limiter.hit(self._rate, incoming.sender):
                return response.json(
                    {"error": "too many messages: please wait a minute"}, 429, {"Retry-After": "60"}
                )
            collector = CollectingOutputChannel()
            text = incoming.message[: self._characters]
            # without a name of its own the message gets a new one: nothing can be told apart by its text
            name = f"{incoming.sender}/{incoming.message_id}"[:255] if incoming.message_id else None
            await on_new_message(
                UserMessage(text, collector, incoming.sender, input_channel=self.name(), message_id=name)
            )
            if len(incoming.message) > self._characters:
                note = f"That was long: I read the first {self._characters:,} characters."
                collector.messages.append({"recipient_id": incoming.sender, "text": note})
            return response.json(collector.messages)

        return routes
