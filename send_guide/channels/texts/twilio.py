"""SMS and WhatsApp by Twilio: answered in the response to the webhook, or by the API where that is late."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from urllib.parse import parse_qsl

import aiohttp
from multidict import MultiDict
from prometheus_client import Counter
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from send_guide.channels.texts.answering import LONGEST_ID, Answering, Incoming, Outgoing
from send_guide.channels.texts.sender import Sender, Sent
from send_guide.settings import Settings
from send_guide.storage import text_conversations

logger = logging.getLogger(__name__)

DELIVERIES = Counter(
    "send_guide_deliveries", "What providers report of texts sent", ["provider", "status", "error"]
)
FAILED = frozenset(("failed", "undelivered"))


class Twilio:
    """``POST /webhooks/twilio`` for messages and ``/webhooks/twilio/status`` for what became of replies."""

    def __init__(self, settings: Settings, answering: Answering) -> None:
        """Take the account.

        Args:
            settings: with the settings of Twilio set.
            answering: what answers a message.
        """
        if settings.twilio_auth_token is None or settings.twilio_account_sid is None:
            raise ValueError("Twilio needs an account and its token")
        self._settings, self._answering = settings, answering
        token = settings.twilio_auth_token.get_secret_value()
        self._url = (settings.twilio_url or f"{settings.public_url}/webhooks/twilio").rstrip("/")
        self._validator = RequestValidator(token)
        account = settings.twilio_account_sid
        self._messages = f"{settings.twilio_api}/2010-04-01/Accounts/{account}/Messages.json"
        self._login = aiohttp.BasicAuth(account, token)
        self._sender = Sender("twilio", settings.texts_send_seconds, settings.texts_retry_seconds)
        self._late: dict[str, asyncio.Task[None]] = {}

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("twilio", url_prefix="/webhooks/twilio")

        @routes.post("/")
        async def receive(request: Request) -> HTTPResponse:
            form = self._signed(request, self._url)
            if form is None:
                return response.json({"error": "the signature is not Twilio's"}, 403)
            return _twiml(*await self._answer(form))

        @routes.post("/status")
        async def status(request: Request) -> HTTPResponse:
            form = self._signed(request, f"{self._url}/status")
            if form is None:
                return response.json({"error": "the signature is not Twilio's"}, 403)
            _count(form, urgent=request.args.get("urgent") == "1")
            return response.empty()

        @routes.listener("before_server_stop")
        async def finish(*_: object) -> None:
            """Send what is late before the process ends."""
            await asyncio.gather(*self._late.values(), return_exceptions=True)
            await self._sender.close()

        return routes

    def _signed(self, request: Request, url: str) -> MultiDict[str] | None:
        """Return the form of a request that Twilio has signed, or None.

        What is signed is the address that Twilio was given - not the one that arrives behind a proxy -
        and every parameter, those that are empty or that we do not know included.
        """
        try:
            form = MultiDict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=False))
        except UnicodeDecodeError:
            return None
        url = f"{url}?{request.query_string}" if request.query_string else url
        signature = request.headers.get("x-twilio-signature", "")
        return form if self._validator.validate(url, form, signature) else None

    async def _answer(self, form: Mapping[str, str]) -> tuple[list[str], str]:
        """Return what is said in the response, and where Twilio reports what became of it."""
        message = _incoming(form)
        if not message.address:
            logger.info("text.no_sender", extra={"channel": message.channel})
            return [], ""
        if message.message_id in self._late:  # delivered again while the first is under way
            return [], ""
        turn = asyncio.create_task(self._answering.answer(message))
        done, _ = await asyncio.wait({turn}, timeout=self._settings.texts_late_seconds)
        if not done:
            self._late[message.message_id] = asyncio.create_task(self._send_late(turn, message, form))
            return [], ""
        outgoing = turn.result()
        if outgoing.sent:
            return [], ""
        return list(outgoing.texts.numbered()), self._callback(outgoing)

    def _callback(self, outgoing: Outgoing) -> str:
        return f"{self._url}/status" + ("?urgent=1" if outgoing.texts.urgent else "")

    async def _send_late(
        self, turn: asyncio.Task[Outgoing], message: Incoming, form: Mapping[str, str]
    ) -> None:
        """Send an answer by the API, once it is there."""
        try:
            outgoing = await turn
            store, named = self._answering.database, (message.channel, message.message_id)
            if outgoing.kept and not await text_conversations.claim(store, *named):
                return
            sent = Sent.TAKEN
            for body in outgoing.texts.numbered():
                data = {"To": form["From"], "From": form["To"], "Body": body}
                data["StatusCallback"] = self._callback(outgoing)
                sent = await self._sender.post(
                    self._messages, data=data, auth=self._login, urgent=outgoing.texts.urgent
                )
                if sent is not Sent.TAKEN:
                    break
            if outgoing.kept:
                await text_conversations.let_go(store, *named, sent=sent is not Sent.NOT)
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it
            logger.error(
                "text.late_failed", extra={"channel": message.channel, "error": type(error).__name__}
            )
        finally:
            self._late.pop(message.message_id, None)


def _incoming(form: Mapping[str, str]) -> Incoming:
    """Return the message of a form that Twilio has signed.

    One without a name cannot be told from another: it is answered each time.
    """
    address = form.get("From", "").strip()
    return Incoming(
        channel="whatsapp" if address.startswith("whatsapp:") else "sms",
        message_id=(form.get("MessageSid") or form.get("SmsSid") or uuid.uuid4().hex)[:LONGEST_ID],
        address=address.removeprefix("whatsapp:"),
        text=form.get("Body", ""),
        picked=form.get("ButtonPayload") or None,
        attachment=_attachment(form),
        provider_said=(form.get("OptOutType") or "").upper() or None,
    )


def _attachment(form: Mapping[str, str]) -> str | None:
    """Return what came along that cannot be read."""
    if form.get("Latitude"):
        return "location"
    if form.get("NumMedia", "0") in ("", "0"):
        return None
    kind = form.get("MediaContentType0", "")
    if kind in ("text/vcard", "text/x-vcard"):
        return "contact"
    if kind == "image/webp":
        return "sticker"
    return "voice" if kind.startswith("audio/") else "picture"


def _twiml(bodies: list[str], callback: str) -> HTTPResponse:
    answer = MessagingResponse()
    for body in bodies:
        answer.message(body, status_callback=callback)
    return response.raw(str(answer).encode(), content_type="text/xml; charset=utf-8")


def _count(form: Mapping[str, str], *, urgent: bool) -> None:
    """Count what became of a reply; one about danger that did not arrive is an error in the log."""
    status, error = form.get("MessageStatus", ""), form.get("ErrorCode", "")
    known = status if status.isalpha() and len(status) < 20 else "unknown"
    DELIVERIES.labels("twilio", known, error if error.isdigit() and len(error) < 6 else "").inc()
    if status in FAILED:
        log = logger.error if urgent else logger.warning
        log("text.undelivered", extra={"provider": "twilio", "status": known, "urgent": urgent})
