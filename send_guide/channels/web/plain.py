"""The same conversation as plain pages with forms, for who has no JavaScript or does not want it.

The token travels in a hidden field of forms that are posted: never in an address, which browsers keep and
pass on, and never in a cookie, which a shared computer would keep.
"""

from __future__ import annotations

import contextlib
import functools
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sanic import Blueprint
from sanic.request import Request, RequestParameters
from sanic.response import HTTPResponse

from send_guide.channels import address_limit
from send_guide.channels.web.api import CameBack, ChoiceId, MessageId, Opinion, keep_opinion
from send_guide.channels.web.chat import READING, Chat, EndedError, NotOfferedError, RateLimitedError
from send_guide.channels.web.downloads import (
    LONGEST_LETTER,
    MOST_PARTS,
    DateWanted,
    LetterWanted,
    attachment,
    can_be_made,
    date_file,
    letter_file,
)
from send_guide.channels.web.identity import Identity, InvalidTokenError
from send_guide.channels.web.letter_form import LetterForm, letter_form
from send_guide.channels.web.replies import Shown, answer_shown, said_by_person
from send_guide.channels.web.return_codes import NothingToTakeAlongError, ReturnCodes, WrongCodeError
from send_guide.channels.web.transcript import as_text
from send_guide.content import get_content
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import today
from send_guide.domain.letters import Letter, has_blanks
from send_guide.services import Services
from send_guide.storage import feedback
from send_guide.storage.database import DatabaseUnavailableError
from send_guide.templating import page

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
MESSAGE_ID, CHOICE = TypeAdapter(MessageId), TypeAdapter(ChoiceId)
READ = ["GET", "HEAD"]
"""Every page that can be got can be asked for its head alone (RFC 9110, section 9.1)."""
LOST = "That was not understood. Please try again."
LONG_QUESTION = 200
"""Characters: more than a third of a phone's screen."""
LETTER_TOO_LONG = (
    f"The letter is too long: at most {LONGEST_LETTER:,} characters, {MOST_PARTS:,} lines and blanks. "
    "Please make it shorter."
)


class PlainPages:
    """The pages under ``/guide``. Each is the whole conversation, with a form for the next message."""

    def __init__(self, chat: Chat, codes: ReturnCodes, identity: Identity, services: Services) -> None:
        """Set what stands behind them."""
        self._chat = chat
        self._codes = codes
        self._identity = identity
        self._services = services
        self._leave = services.settings.web_exit

    def add_to(self, routes: Blueprint) -> None:
        """Add the pages to ``routes``."""
        first = self._in_words(self._first)
        routes.add_route(first, "/guide", methods=READ, name="guide")
        for name, handler in (
            ("", self._say),
            ("/read", self._read),
            ("/copy", self._copy),
            ("/letter", self._letter),
            ("/calendar", self._calendar),
            ("/feedback", self._feedback),
            ("/return-code", self._return_code),
            ("/return", self._return),
            ("/end", self._end),
            ("/leave", self._leave_quickly),
        ):
            routes.add_route(
                self._in_words(handler), f"/guide{name}", methods=["POST"], name=handler.__name__
            )
            if name:  # an address that somebody kept, or the page reloaded: begin anew
                routes.add_route(first, f"/guide{name}", methods=READ, name=f"get{handler.__name__}")

    async def _first(self, _: Request) -> HTTPResponse:
        return self._page([], "")

    async def _say(self, request: Request) -> HTTPResponse:
        """Answer a message; one that was written on a page of yesterday begins another conversation."""
        token, sender = self._own_or_new(request)
        message_id = MESSAGE_ID.validate_python(_field(request, "id"))
        text, choice = _field(request, "text"), _field(request, "choice")
        error, kept, replies = "", "", []
        over = address_limit.is_over(request)
        try:
            if choice:
                choice = CHOICE.validate_python(choice)
                replies = await self._chat.choose(sender, message_id, choice, over_limit=over)
            elif text.strip():
                replies = await self._chat.say(sender, message_id, text, over_limit=over)
            else:
                error = "Write your question first."
        except NotOfferedError:
            error = "That is not offered any more. Please ask in words."
        except RateLimitedError:
            if over:
                raise
            error, kept = "That was a lot at once. Please wait a minute, then send it again.", text
        # over the limit nothing is read from the database either
        messages = replies if over else await self._with_turn(sender, text, replies)
        return self._page(messages, token, request=request, error=error, text=kept)

    def _own_or_new(self, request: Request) -> tuple[str, str]:
        """Return the token of a page and its conversation; those of a new one where it opens none."""
        token = _field(request, "token")
        try:
            return token, self._identity.sender_of(token)
        except InvalidTokenError:
            token = self._identity.new_token()
            return token, self._identity.sender_of(token)

    async def _return_code(self, request: Request) -> HTTPResponse:
        token = _field(request, "token")
        try:
            code, until = await self._codes.make(self._identity.sender_of(token))
        except NothingToTakeAlongError as error:
            return page("ended.html", status=409, words=error.words, token=token)
        return page("return-code.html", code=code, until=spoken(until), token=token, easy=_easy(request))

    async def _return(self, request: Request) -> HTTPResponse:
        """Go on where somebody was who has a code; a wrong one is told at its box."""
        token, sender = self._own_or_new(request)
        came = CameBack(id=_field(request, "id"), code=_field(request, "code").strip() or "-")
        address, over = address_limit.address_of(request), address_limit.is_over(request)
        try:
            replies = await self._codes.come_back(sender, came.id, came.code, address, over_limit=over)
        except WrongCodeError as error:
            return self._page([], token, request=request, code_error=error.words)
        messages = replies if over else await self._with_turn(sender, "", replies)
        return self._page(messages, token, request=request)

    async def _with_turn(self, sender: str, text: str, replies: list[Shown]) -> list[Shown]:
        """Return the conversation as it is kept, and what of this turn is not: it is shown all the same."""
        try:
            messages = await self._chat.read(sender)
        except (DatabaseUnavailableError, EndedError):
            if not replies:
                raise
            messages = []
        lost = [reply for reply in replies if reply not in messages[-len(replies) :]]
        if text and replies and lost == replies:
            lost = [said_by_person(text), *lost]
        return [*messages, *lost]

    async def _read(self, request: Request) -> HTTPResponse:
        token = _field(request, "token")
        sender = self._identity.sender_of(token)
        await self._chat.allow(sender, kind=READING)
        return self._page(await self._chat.read(sender), token, request=request)

    async def _copy(self, request: Request) -> HTTPResponse:
        sender = self._identity.sender_of(_field(request, "token"))
        await self._chat.allow(sender, kind=READING)
        messages = await self._chat.read_all(sender)
        return attachment(as_text(messages).encode("utf-8-sig"), "send-guide-conversation.txt")

    async def _letter(self, request: Request) -> HTTPResponse:
        """Give a letter as a file or as a page: to fill in, to change by hand, to print.

        One that cannot be made stays on the screen, with all that was filled in.
        """
        token, title, text, wanted = (_field(request, name) for name in ("token", "title", "text", "format"))
        try:
            await self._chat.allow(self._identity.sender_of(token))
        except (InvalidTokenError, EndedError):
            token = ""  # a letter by itself, or one that was begun yesterday: nothing of it is kept anyway
        letter = Letter("", title or "Letter", text.replace("\r\n", "\n"))
        form = letter_form(letter.text) if can_be_made(letter.text) else LetterForm((letter.text,), ())
        by_form = wanted == "form" or any(name.startswith("blank-") for name in request.form or ())
        values = _values(request, form)
        written = replace(letter, text=form.filled(values))
        if wanted == "form":
            return _letter_page(letter, token, form, values)
        if wanted == "edit":
            return _letter_page(written, token)
        fields = {
            "title": letter.title,
            "text": written.text,
            "format": "txt" if wanted == "print" else wanted,
        }
        try:
            checked = LetterWanted.model_validate(fields)
        except ValidationError as error:
            if {part["loc"][:1] for part in error.errors()} != {("text",)}:
                raise
            words = LETTER_TOO_LONG if written.text.strip() else "Write the letter first."
            return _letter_page(letter, token, form if by_form else None, values, words)
        if wanted != "print":
            return await letter_file(checked)
        content = get_content()
        who_advises = content.answers[content.council.speak_to[0]]
        return page(
            "letter-to-print.html",
            letter=checked,
            text=letter.text,
            values=values,
            by_form=by_form,
            blanks=has_blanks(checked.text),
            token=token,
            today=spoken(today()),
            council=content.council,
            contacts=answer_shown(who_advises)["contacts"],
        )

    async def _calendar(self, request: Request) -> HTTPResponse:
        await self._chat.allow(self._identity.sender_of(_field(request, "token")))
        fields = {"title": _field(request, "title"), "last_day": _field(request, "last_day")}
        return date_file(
            DateWanted.model_validate(fields | {"working": _all(request, "working")}, strict=False)
        )

    async def _feedback(self, request: Request) -> HTTPResponse:
        token = _field(request, "token")
        sender, over = self._identity.sender_of(token), address_limit.is_over(request)
        given = Opinion.model_validate(
            {
                "kind": _field(request, "kind"),
                "answer_ids": _field(request, "answers").split(),
                "reason": _field(request, "reason")[: feedback.MOST_CHARACTERS] or None,
            }
        )
        in_danger = await keep_opinion(self._chat, self._services, sender, given, over_limit=over)
        if over:
            return self._page(in_danger, token, request=request)
        messages = await self._with_turn(sender, "", in_danger)
        done = "" if in_danger else "Thank you. Your view has been kept."
        return self._page(messages, token, request=request, done=done)

    async def _end(self, request: Request) -> HTTPResponse:
        token = _field(request, "token")
        sender = self._identity.sender_to_delete(token)
        if _field(request, "sure") != "yes":
            return page("end.html", token=token, easy=_easy(request))
        await self._chat.end(sender)
        return page("ended.html", words="Your conversation has been deleted.", token="")

    async def _leave_quickly(self, request: Request) -> HTTPResponse:
        """Go elsewhere at once; the conversation is deleted on the way, where it can be."""
        headers = {"Refresh": f"0; url={self._leave}"}  # not a redirect: the policy keeps forms on this site
        with contextlib.suppress(InvalidTokenError, DatabaseUnavailableError):  # whatever happens, they leave
            await self._chat.end(self._identity.sender_to_delete(_field(request, "token")))
        return page("leave.html", headers=headers, exit=self._leave)

    def _page(
        self,
        messages: list[dict[str, Any]],
        token: str,
        *,
        request: Request | None = None,
        error: str = "",
        text: str = "",
        done: str = "",
        code_error: str = "",
    ) -> HTTPResponse:
        newest = max((at for at, each in enumerate(messages) if each["from"] == "person"), default=0)
        return page(
            "guide.html",
            status=400 if error or code_error else 200,
            messages=messages,
            newest=newest,
            opens_at=-1 if error else _opens_at(messages, newest),
            token=token,
            id=secrets.token_urlsafe(16),
            easy=_easy(request) if request else False,
            error=error,
            text=text,
            done=done,
            code_error=code_error,
            keep_days=self._services.settings.keep_days,
        )

    def _in_words(self, handler: Handler) -> Handler:
        """Answer what a handler raises with a page that says how to go on."""

        @functools.wraps(handler)
        async def answer(request: Request) -> HTTPResponse:
            try:
                return await handler(request)
            except (InvalidTokenError, EndedError) as error:
                words = str(error) or "This conversation was ended and deleted."
                return page("ended.html", status=410, words=words, token="")
            except RateLimitedError:
                words, status = "That was a lot at once. Please wait a minute, then try again.", 429
            except ValidationError:
                words, status = LOST, 400
            except DatabaseUnavailableError:
                words = f"Something is not working just now. {get_content().council.turn_to}"
                status = 503
            return page("ended.html", status=status, words=words, token=_field(request, "token"))

        return answer


def _field(request: Request, name: str) -> str:
    return str((request.form or {}).get(name) or "")


def _all(request: Request, name: str) -> list[str]:
    form = request.form or RequestParameters()
    return [str(value) for value in form.getlist(name, []) or []]


def _opens_at(messages: list[Shown], newest: int) -> int:
    """Return what a page opens at: the newest question, or its answer where that would be out of sight."""
    is_long = len(messages) > newest + 1 and len(messages[newest].get("text", "")) > LONG_QUESTION
    return newest + int(is_long)


def _letter_page(
    letter: Letter,
    token: str,
    form: LetterForm | None = None,
    values: Mapping[int, str] | None = None,
    error: str = "",
) -> HTTPResponse:
    """Return the page with a letter's form; without one, with all of it in one box."""
    status = 400 if error else 200
    return page(
        "letter.html",
        status=status,
        letter=letter,
        form=form,
        values=values or {},
        token=token,
        error=error,
    )


def _values(request: Request, form: LetterForm) -> dict[int, str]:
    """Return what is filled in, by the number of the blank; a note that is ticked is left out."""
    given = {at: _field(request, f"blank-{at}").strip() for at in range(len(form.blanks))}
    return {at: "" if form.blanks[at].kind == "note" else value for at, value in given.items() if value}


def _easy(request: Request) -> bool:
    return _field(request, "easy") == "yes"
