"""The chat for programs in web pages: JSON over HTTP, described in ``docs/openapi.yaml``."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels import address_limit
from send_guide.channels.web.chat import NAME, READING, Chat, EndedError, NotOfferedError, RateLimitedError
from send_guide.channels.web.downloads import DateWanted, LetterWanted, date_file, letter_file
from send_guide.channels.web.identity import Identity, InvalidTokenError
from send_guide.channels.web.replies import Shown, shown
from send_guide.channels.web.return_codes import NothingToTakeAlongError, ReturnCodes, WrongCodeError
from send_guide.content import get_content
from send_guide.content.schema import is_urgent
from send_guide.domain.dates import spoken
from send_guide.domain.safety import danger_first, urgent_reply
from send_guide.services import Services
from send_guide.storage import feedback
from send_guide.storage.database import DatabaseUnavailableError

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
ChoiceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
MOST_OF_A_CODE = 200
"""Characters of a return code, however it is typed."""
Understand = Callable[[str], Awaitable[dict[str, Any]]]
Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
Body = TypeVar("Body", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Said(_Strict):
    """A message: what was typed, or the choice that was tapped, under a name of the page's own."""

    id: MessageId
    text: str | None = Field(default=None, min_length=1)
    choice: ChoiceId | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Said:
        if (self.text is None) == (self.choice is None):
            raise ValueError("give exactly one of text and choice")
        return self


class CameBack(_Strict):
    """A return code, under a name of the page's own."""

    id: MessageId
    code: str = Field(min_length=1, max_length=MOST_OF_A_CODE)


class Opinion(_Strict):
    """What a person thinks of an answer."""

    kind: Literal["useful", "not-useful"]
    answer_ids: list[str] = Field(max_length=10)
    question: str | None = Field(default=None, max_length=2_000)
    reason: str | None = Field(default=None, max_length=feedback.MOST_CHARACTERS)

    @model_validator(mode="after")
    def _known(self) -> Opinion:
        if not set(self.answer_ids) <= get_content().answers.keys():
            raise ValueError("answer_ids: there is no such answer")
        return self


def add_api(routes: Blueprint, chat: Chat, identity: Identity, services: Services) -> None:
    """Add the routes under ``/chat`` to ``routes``."""

    @routes.post("/chat/conversations")
    @_says_what_is_wrong
    async def start(request: Request) -> HTTPResponse:
        _read(request, _Strict)
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        ends = now + datetime.timedelta(seconds=identity.seconds)
        begun = {"token": identity.new_token(), "ends": ends.isoformat(), "characters": chat.characters}
        return response.json(begun, 201)

    @routes.get("/chat/messages")
    @_says_what_is_wrong
    async def messages(request: Request) -> HTTPResponse:
        sender = _sender(request, identity)
        await chat.allow(sender, kind=READING)
        return response.json({"messages": await chat.read(sender)})

    @routes.post("/chat/messages")
    @_says_what_is_wrong
    async def message(request: Request) -> HTTPResponse:
        sender = _sender(request, identity)
        said = _read(request, Said)
        over = address_limit.is_over(request)
        if said.choice:
            replies = await chat.choose(sender, said.id, said.choice, over_limit=over)
        else:
            replies = await chat.say(sender, said.id, said.text or "", over_limit=over)
        return response.json({"replies": replies})

    @routes.delete("/chat/conversation")
    @_says_what_is_wrong
    async def end(request: Request) -> HTTPResponse:
        await chat.end(identity.sender_to_delete(_token(request)))
        return response.empty()

    @routes.post("/chat/letter")
    @_says_what_is_wrong
    async def letter(request: Request) -> HTTPResponse:
        await chat.allow(_sender(request, identity))
        return await letter_file(_read(request, LetterWanted))

    @routes.post("/chat/calendar")
    @_says_what_is_wrong
    async def calendar(request: Request) -> HTTPResponse:
        await chat.allow(_sender(request, identity))
        return date_file(_read(request, DateWanted))

    @routes.post("/chat/feedback")
    @_says_what_is_wrong
    async def opinion(request: Request) -> HTTPResponse:
        sender, given = _sender(request, identity), _read(request, Opinion)
        over = address_limit.is_over(request)
        in_danger = await keep_opinion(chat, services, sender, given, over_limit=over)
        return response.json({"replies": in_danger}) if in_danger else response.empty()


def add_return_codes(routes: Blueprint, codes: ReturnCodes, identity: Identity) -> None:
    """Add the routes by which people come back on another device."""

    @routes.post("/chat/return-code")
    @_says_what_is_wrong
    async def return_code(request: Request) -> HTTPResponse:
        sender = _sender(request, identity)
        _read(request, _Strict)
        code, until = await codes.make(sender)
        return response.json({"code": code, "until": until.isoformat(), "spoken": spoken(until)}, 201)

    @routes.post("/chat/return")
    @_says_what_is_wrong
    async def come_back(request: Request) -> HTTPResponse:
        sender, came = _sender(request, identity), _read(request, CameBack)
        address, over = address_limit.address_of(request), address_limit.is_over(request)
        replies = await codes.come_back(sender, came.id, came.code, address, over_limit=over)
        return response.json({"replies": replies})


async def keep_opinion(
    chat: Chat, services: Services, sender: str, given: Opinion, *, over_limit: bool
) -> list[Shown]:
    """Keep what a person thinks of an answer; no word of it where they, or the conversation, tell of danger.

    Return what to do in danger, where they tell of it in their reason; else nothing. That is said even where
    nothing else is: in a conversation that has ended or that sends too much.

    Args:
        chat: has the conversation.
        services: with the guide that reads a message, and the database.
        sender: the conversation.
        given: what they think.
        over_limit: whether the address that it comes from has sent too much.

    Raises:
        EndedError: the conversation has been ended.
        RateLimitedError: it, or its address, sends too much.
        DatabaseUnavailableError: the database does not answer.
    """
    try:
        await chat.allow(sender, over_limit=over_limit)
    except (EndedError, RateLimitedError):
        if in_danger := danger_first(given.reason or "", []):
            return [shown(reply) for reply in in_danger]
        raise
    read = services.guide.understand
    told, asked = [await _urgent(words, read) for words in (given.reason, given.question)]
    try:
        before = any(message.get("kind") == "urgent" for message in await chat.read_all(sender))
        question, reason = (None, None) if told or asked or before else (given.question, given.reason)
        kept = feedback.Feedback(NAME, given.kind, tuple(given.answer_ids), question=question, reason=reason)
        await feedback.keep(services.database, kept)
    except (EndedError, DatabaseUnavailableError):
        if not told:
            raise
    return [shown(urgent_reply(told))] if told else []


async def _urgent(words: str | None, read: Understand) -> str | None:
    """Return the id of the urgent answer that words call for, or None."""
    understood = await read(words) if words else {}
    found = (understood.get("understanding") or {}).get("answers") or []
    return next((answer["id"] for answer in found if is_urgent(answer["id"])), None)


def problem(status: int, words: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    """Return an error as JSON: ``{"error": words}``."""
    return response.json({"error": words}, status, headers)


def _sender(request: Request, identity: Identity) -> str:
    return identity.sender_of(_token(request))


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme == "Bearer" else None


def _read(request: Request, shape: type[Body]) -> Body:
    """Return the body.

    Raises:
        NotJSONError: it does not say that it is JSON.
        pydantic.ValidationError: it is not, or has another shape.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotJSONError
    return shape.model_validate_json(request.body)


class NotJSONError(Exception):
    """The body does not say that it is JSON."""


WAIT, SOON = {"Retry-After": "60"}, {"Retry-After": "5"}
_SAID: dict[type[Exception], Callable[[Any], HTTPResponse]] = {
    InvalidTokenError: lambda error: problem(401, str(error), {"WWW-Authenticate": "Bearer"}),
    NotOfferedError: lambda _: problem(404, "choice: that is not offered any more, please ask in words"),
    WrongCodeError: lambda _: problem(404, WrongCodeError.words),
    NothingToTakeAlongError: lambda _: problem(409, NothingToTakeAlongError.words),
    EndedError: lambda _: problem(410, "This conversation was ended and deleted. Please start a new one."),
    NotJSONError: lambda _: problem(415, "content-type: send application/json"),
    RateLimitedError: lambda _: problem(429, "That was a lot at once. Please wait a minute.", WAIT),
    DatabaseUnavailableError: lambda _: problem(503, "Something is not working. Please try again.", SOON),
    ValidationError: lambda error: problem(400, _first(error)),
}


def _first(error: ValidationError) -> str:
    """Return what is wrong first, without what was sent."""
    wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, wrong['loc'])) or 'body'}: {wrong['msg']}"


def _says_what_is_wrong(handler: Handler) -> Handler:
    """Answer what a handler raises with a status and words."""

    @functools.wraps(handler)
    async def answer(request: Request) -> HTTPResponse:
        try:
            return await handler(request)
        except tuple(_SAID) as error:
            return _SAID[type(error)](error)

    return answer
