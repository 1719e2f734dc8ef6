"""The REST channel for development: Rasa's address and replies, with what comes in checked first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from limits import RateLimitItem
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide import services
from send_guide.channels import address_limit
from send_guide.domain.letters import with_text
from send_guide.domain.reply import Reply, WordsReply, to_json
from send_guide.domain.safety import danger_first
from send_guide.service import Message
from send_guide.storage.conversations import MAX_SENDER_CHARACTERS, check_sender

NAME = "rest"


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


def as_rest(reply: Reply, sender: str) -> list[dict[str, Any]]:
    """Return a reply as Rasa's REST channel writes it: words and buttons, then what it is, as ``custom``."""
    words: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
    if reply.choices:
        words["buttons"] = [{"title": choice.title, "payload": choice.payload} for choice in reply.choices]
    return [words, {"recipient_id": sender, "custom": with_text(to_json(reply))}]


def _name(sender: str, message_id: str) -> str:
    """Return the name of a message; two never share one, whatever stands in either part."""
    return hashlib.sha256(json.dumps([sender, message_id]).encode()).hexdigest()


def rest(text_characters: int, per_conversation: Sequence[RateLimitItem]) -> Blueprint:
    """Return ``POST /webhooks/rest/webhook``: ``sender`` and ``message`` in, a list of replies out.

    Args:
        text_characters: longest message.
        per_conversation: messages a conversation may send.
    """
    routes = Blueprint(NAME, url_prefix="/webhooks/rest")

    @routes.get("/")
    async def alive(_: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

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
        limits = services.of(request).limits
        if address_limit.is_over(request) or not await limits.hit_all(
            per_conversation, NAME, incoming.sender
        ):
            if urgent := danger_first(incoming.message, []):
                return response.json([part for reply in urgent for part in as_rest(reply, incoming.sender)])
            return response.json(
                {"error": "too many messages: please wait a minute"}, 429, {"Retry-After": "60"}
            )
        text = incoming.message[:text_characters]
        # without a name of its own the message gets a new one: nothing can be told apart by its text
        name = _name(incoming.sender, incoming.message_id) if incoming.message_id else None
        turn = await services.of(request).guide.handle(Message(text, incoming.sender, NAME, name))
        replies = list(turn.replies)
        if len(incoming.message) > text_characters:
            replies = danger_first(incoming.message, replies)  # also in what was not read
            note = f"That was long: I read the first {text_characters:,} characters."
            replies.append(WordsReply(words=note, says="smalltalk"))
        return response.json([part for reply in replies for part in as_rest(reply, incoming.sender)])

    return routes
