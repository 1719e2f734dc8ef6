"""WhatsApp by Meta's Cloud API: messages come by webhook; replies go by the API, with buttons and lists."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import math
import textwrap
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels.texts.answering import LONGEST_ID, Answering, Incoming
from send_guide.channels.texts.identity import is_user_id
from send_guide.channels.texts.rendering import Texts
from send_guide.channels.texts.sender import Sender, Sent
from send_guide.channels.texts.twilio import DELIVERIES
from send_guide.content import get_content
from send_guide.domain.reply import Choice
from send_guide.domain.text import printable
from send_guide.settings import Settings
from send_guide.storage import text_conversations

logger = logging.getLogger(__name__)

WINDOW = 24 * 3600
"""Seconds after a person's message for which the service may write to them in its own words."""
MOST_BUTTONS, BUTTON_TITLE = 3, 20
MOST_ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
INTERACTIVE_BODY, TEXT_BODY = 1024, 4096
"""What Meta's API takes: numbers, and letters."""
ATTACHMENTS = {
    "image": "picture",
    "document": "picture",
    "video": "picture",
    "audio": "voice",
    "voice": "voice",
    "location": "location",
    "sticker": "sticker",
    "contacts": "contact",
    "edit": "edit",
    "poll": "poll",
    "poll_creation": "poll",
    "poll_update": "poll",
}
"""What came along that cannot be read: names of ``data/texts.yml`` by the kind of a message."""
SILENT = frozenset(("reaction", "system", "revoke"))
"""Kinds of messages that ask for no answer: a thumb under a message, a changed number, a message taken back.

Who takes a message back may have somebody look over their shoulder: nothing may come up on the screen then.
"""
SAYS = {"text": "body", "button": "text"}
"""Where the words of a message stand, by its kind; those of others are a caption."""
WELCOME = "request_welcome"
"""Somebody has opened the chat for the first time and has written nothing yet."""


@dataclass(frozen=True)
class Delivered:
    """A message of a webhook and when it was written, seconds since 1970."""

    message: Incoming
    written: float


class Meta:
    """``GET`` and ``POST /webhooks/meta``: the subscription, and messages."""

    def __init__(self, settings: Settings, answering: Answering) -> None:
        """Take the app.

        Args:
            settings: with the settings of Meta set.
            answering: what answers a message.
        """
        secrets = (settings.meta_app_secret, settings.meta_token, settings.meta_verify_token)
        if not all(secrets):
            raise ValueError("Meta needs an app's secret, a token and a word of subscription")
        self._secret, self._token, self._word = (
            secret.get_secret_value() if secret else "" for secret in secrets
        )
        self._settings, self._answering = settings, answering
        self._number_id = settings.meta_phone_number_id
        self._messages = f"{settings.meta_api}/{self._number_id}/messages"
        self._sender = Sender("meta", settings.texts_send_seconds, settings.texts_retry_seconds)
        self._background: set[asyncio.Task[Any]] = set()

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("meta", url_prefix="/webhooks/meta")

        @routes.get("/")
        async def subscribe(request: Request) -> HTTPResponse:
            word = request.args.get("hub.verify_token", "")
            if request.args.get("hub.mode") != "subscribe" or not _same(word, self._word):
                return response.json({"error": "not the word of the subscription"}, 403)
            return response.text(request.args.get("hub.challenge", ""))

        @routes.post("/")
        async def receive(request: Request) -> HTTPResponse:
            if not self._signed(request):
                return response.json({"error": "the signature is not Meta's"}, 403)
            try:
                values = list(_values(json.loads(request.body), self._number_id))
            except (ValueError, RecursionError):
                return response.json({"error": "not a webhook of the Cloud API"}, 400)
            for value in values:
                _count(value)
            return await self._answer_all(_by_person(values))

        @routes.listener("before_server_stop")
        async def finish(*_: object) -> None:
            """Send what is under way before the process ends."""
            await asyncio.gather(*self._background, return_exceptions=True)
            await self._sender.close()

        return routes

    def _signed(self, request: Request) -> bool:
        made = hmac.new(self._secret.encode(), request.body, hashlib.sha256).hexdigest()
        return _same(request.headers.get("x-hub-signature-256", ""), f"sha256={made}")

    async def _answer_all(self, people: list[list[Delivered]]) -> HTTPResponse:
        """Answer the messages of each person in order, people side by side; say that Meta may try again
        where an answer could not be sent. What takes long goes on after the response.
        """
        tasks = [self._in_background(self._answer_in_order(messages)) for messages in people]
        if not tasks:
            return response.empty(200)
        done, _ = await asyncio.wait(tasks, timeout=self._settings.texts_late_seconds)
        return response.empty(200 if all(task.result() for task in done) else 503)

    async def _answer_in_order(self, messages: list[Delivered]) -> bool:
        """Answer the messages of one person; what goes wrong with one holds up none of the others."""
        done = True
        for delivered in messages:
            try:
                done = await self._answer(delivered) and done
            except Exception as error:  # noqa: BLE001 - whatever it is, Meta delivers the message again
                logger.error("text.failed", extra={"channel": "whatsapp", "error": type(error).__name__})
                done = False
        return done

    async def _answer(self, delivered: Delivered) -> bool:
        """Answer one message; return False where the answer could not be sent and may be later."""
        message, store = delivered.message, self._answering.database
        self._in_background(self._read(message.message_id))
        outgoing = await self._answering.answer(message)
        if outgoing.sent or not outgoing.texts.bodies:
            return True
        if time.time() - delivered.written > WINDOW:
            logger.warning("text.too_old", extra={"channel": message.channel})
            return True
        if not outgoing.kept:
            return await self._send(message.address, outgoing.texts) is not Sent.NOT
        named = (message.channel, message.message_id)
        # who sends it already is waited for; who was killed over it leaves a claim, and Meta delivers again
        async with self._answering.locks.lock(f"sends {named}"):
            if not await text_conversations.claim(store, *named):
                kept = await text_conversations.answered(store, *named)
                return kept is None or kept.sent
            done = await self._send(message.address, outgoing.texts) is not Sent.NOT
            await text_conversations.let_go(store, *named, sent=done)
        return done

    async def _send(self, address: str, texts: Texts) -> Sent:
        to = "recipient" if is_user_id(address) else "to"
        for body in bodies(texts):
            request = {"messaging_product": "whatsapp", "recipient_type": "individual", to: address, **body}
            if texts.urgent:
                request["biz_opaque_callback_data"] = "urgent"
            sent = await self._post(request, urgent=texts.urgent)
            if sent is not Sent.TAKEN:
                return sent
        return Sent.TAKEN

    async def _read(self, message_id: str) -> Sent:
        """Show the person that their message has been read."""
        return await self._post({"messaging_product": "whatsapp", "status": "read", "message_id": message_id})

    async def _post(self, request: dict[str, Any], *, urgent: bool = False) -> Sent:
        headers = {"Authorization": f"Bearer {self._token}"}
        return await self._sender.post(self._messages, json=request, headers=headers, urgent=urgent)

    def _in_background(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task


def bodies(texts: Texts) -> Iterator[dict[str, Any]]:
    """Yield a turn as messages of the API: text, and for the last one buttons or a list to pick from."""
    words = list(texts.bodies)
    choices = texts.listed
    if not choices or len(choices) > MOST_ROWS:
        for body in texts.numbered():
            yield {"type": "text", "text": {"preview_url": False, "body": body[:TEXT_BODY]}}
        return
    if len(words[-1]) > INTERACTIVE_BODY:
        words.append(get_content().texts["what-next"])
    for body in words[:-1]:
        yield {"type": "text", "text": {"preview_url": False, "body": body[:TEXT_BODY]}}
    yield {"type": "interactive", "interactive": _interactive(words[-1], choices, texts.in_text)}


def _interactive(body: str, choices: tuple[Choice, ...], before: int) -> dict[str, Any]:
    if len(choices) <= MOST_BUTTONS and all(len(choice.title) <= BUTTON_TITLE for choice in choices):
        buttons = [
            {"type": "reply", "reply": {"id": choice.payload, "title": choice.title}} for choice in choices
        ]
        return {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}
    rows = [_row(number, choice) for number, choice in enumerate(choices, before + 1)]
    action = {"button": get_content().texts["choose"], "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": body}, "action": action}


def _row(number: int, choice: Choice) -> dict[str, str]:
    """Return a row: its number and as many whole words as fit, and all of them below where some do not."""
    title = f"{number} {choice.title}"
    if len(title) <= ROW_TITLE:
        return {"id": choice.payload, "title": title}
    words = textwrap.shorten(title, ROW_TITLE, placeholder="…")
    return {"id": choice.payload, "title": words, "description": choice.title[:ROW_DESCRIPTION]}


def _values(body: Any, number_id: str | None) -> Iterator[dict[str, Any]]:
    """Yield what a webhook says about our number; a part of another shape is left out.

    Raises:
        ValueError: it is no webhook at all.
    """
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        raise ValueError("a webhook has entries")
    for entry in _dicts(body["entry"]):
        for change in _dicts(entry.get("changes")):
            value = _dict(change.get("value"))
            ours = _dict(value.get("metadata")).get("phone_number_id") == number_id
            if change.get("field") == "messages" and ours:
                yield value


def _by_person(values: list[dict[str, Any]]) -> list[list[Delivered]]:
    """Return the messages of a webhook by who wrote them, each person's in the order they were written.

    A message that says not who wrote it is left out: nobody could be answered. Whatever else it lacks, it is
    answered.
    """
    people: dict[str, list[Delivered]] = defaultdict(list)
    for value in values:
        messages = value.get("messages") or []
        known = _dicts(messages)
        if not isinstance(messages, list) or len(known) < len(messages):
            logger.warning("text.malformed", extra={"channel": "whatsapp"})
        for raw in known:
            address = _address(raw) or (_address_of_only(value) if len(known) == 1 else "")
            if not address:
                logger.warning("text.no_sender", extra={"channel": "whatsapp"})
            elif _kind(raw) not in SILENT:
                people[address].append(Delivered(_incoming(raw, address), _written(raw.get("timestamp"))))
    return [sorted(messages, key=lambda delivered: delivered.written) for messages in people.values()]


def _address(raw: dict[str, Any]) -> str:
    """Return whom to answer: the number, or the id of somebody who shows none."""
    return _text(raw.get("from")) or _text(raw.get("from_user_id"))


def _address_of_only(value: dict[str, Any]) -> str:
    """Return whom a webhook with one message is from by its one contact."""
    contacts = _dicts(value.get("contacts"))
    return _text(contacts[0].get("wa_id") or contacts[0].get("user_id")) if len(contacts) == 1 else ""


def _written(timestamp: Any) -> float:
    """Return when a message was written, seconds since 1970; now, where it does not say so."""
    try:
        written = float(timestamp)
    except (TypeError, ValueError, OverflowError):
        written = math.nan
    return written if math.isfinite(written) else time.time()


def _kind(raw: dict[str, Any]) -> str:
    """Return what kind of message it is; of one that Meta does not support, the kind it says it was."""
    kind = _text(raw.get("type")) or ("text" if "text" in raw else "")
    return _text(_dict(raw.get("unsupported")).get("type")) or kind if kind == "unsupported" else kind


def _incoming(raw: dict[str, Any], address: str) -> Incoming:
    kind, changed = _kind(raw), _dict(_dict(raw.get("edit")).get("message"))
    if kind == "edit" and changed:  # what was written anew is what is asked now
        return _incoming({**changed, "type": _kind(changed), "id": raw.get("id")}, address)
    content = _dict(raw.get(kind))
    picked, text = None, _text(content.get(SAYS.get(kind, "caption")))
    if kind == "interactive":
        reply = _dict(content.get("button_reply")) or _dict(content.get("list_reply"))
        picked, text = _text(reply.get("id")) or None, _text(reply.get("title"))
    known = kind in ("text", "interactive", "button", WELCOME)
    return Incoming(
        channel="whatsapp",
        message_id=printable(_text(raw.get("id")))[:LONGEST_ID] or uuid.uuid4().hex,
        address=address,
        text="menu" if kind == WELCOME else text,
        picked=picked,
        attachment=None if known else ATTACHMENTS.get(kind, "other"),
    )


def _count(value: dict[str, Any]) -> None:
    """Count what became of replies; one about danger that did not arrive is an error in the log."""
    for report in _dicts(value.get("statuses")):
        status = _text(report.get("status"))
        known = status if status.isalpha() and len(status) < 20 else "unknown"
        errors = _dicts(report.get("errors")) or [{}]
        code = _text(errors[0].get("code"))
        DELIVERIES.labels("meta", known, code if code.isdigit() and len(code) < 8 else "").inc()
        if status == "failed":
            urgent = report.get("biz_opaque_callback_data") == "urgent"
            log = logger.error if urgent else logger.warning
            log("text.undelivered", extra={"provider": "meta", "status": known, "urgent": urgent})


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return a word or a number of a webhook as text that can be stored: half a letter (a lone surrogate,
    which JSON can hold) is a question mark.
    """
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return str(value).encode("utf-8", "replace").decode()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())
