"""Stand-ins for Twilio and Meta: they deliver signed webhooks and take what is sent, as their documents say."""

import base64
import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from twilio.request_validator import RequestValidator

from tests.servers import free_port

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "the token of the account"
SECRET = "the secret of the app"
WORD = "the word of the subscription"
ACCESS = "the access token of the number"
NUMBER_ID = "106540352242922"
PUBLIC = "https://guide.example"
KEY = "a key that turns numbers into names, for tests only"


class Api:
    """The provider's API: takes requests, refuses those it is told to, and answers late where it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.tried = 0
        self.refusals: list[int] = []
        self.blocked = threading.Event()
        self.blocked.set()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                api.tried += 1
                api.blocked.wait(20)
                status = api.refusals.pop(0) if api.refusals else 201
                if status < 300:
                    kind = self.headers["Content-Type"]
                    read = json.loads(body) if "json" in kind else dict(urllib.parse.parse_qsl(body))
                    api.taken.append((self.headers["Authorization"], read))
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        self.port = free_port()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.blocked.set()
        self._server.shutdown()
        self._server.server_close()


def posted(port: int, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@dataclass
class TwilioPhone:
    """Somebody's phone, whose messages come through Twilio."""

    port: int
    number: str
    url: str = f"{PUBLIC}/webhooks/twilio"
    to: str = "+442012345678"
    counter: Any = field(default_factory=itertools.count)

    def form(self, text: str, **more: str) -> dict[str, str]:
        sid = "SM" + hashlib.md5(f"{self.number}/{next(self.counter)}".encode()).hexdigest()
        base = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": self.number, "To": self.to}
        return {**base, "Body": text, "NumMedia": "0", "NumSegments": "1", "FromCity": "", **more}

    def delivers(
        self,
        form: dict[str, str],
        *,
        path: str = "/webhooks/twilio",
        signature: str | None = None,
        **headers: str,
    ) -> tuple[int, str]:
        signed = self.url + path.removeprefix("/webhooks/twilio")
        made = RequestValidator(TOKEN).compute_signature(signed, form)
        head = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        head["X-Twilio-Signature"] = made if signature is None else signature
        return posted(self.port, path, urllib.parse.urlencode(form).encode(), head)

    def says(self, text: str, **more: str) -> list[str]:
        """Send a text; return the texts that come back in the response."""
        status, xml = self.delivers(self.form(text, **more))
        assert status == 200, xml
        return [message.text or "" for message in ET.fromstring(xml)]

    def hears(self, text: str, **more: str) -> str:
        return "\n---\n".join(self.says(text, **more))


@dataclass
class MetaPhone:
    """Somebody's phone, whose WhatsApp messages come through Meta's Cloud API.

    ``number`` is an id such as ``GB.1349...`` where they show no number.
    """

    port: int
    number: str
    api: Api
    counter: Any = field(default_factory=itertools.count)

    @property
    def shows_no_number(self) -> bool:
        return not self.number.isdigit()

    def message(self, kind: str = "text", content: Any = None, **more: Any) -> dict[str, Any]:
        name = hashlib.md5(f"{self.number}/{next(self.counter)}".encode()).hexdigest()
        who = "from_user_id" if self.shows_no_number else "from"
        base = {who: self.number, "id": f"wamid.{name}", "timestamp": str(int(time.time())), "type": kind}
        return {**base, kind: content, **more}

    def text(self, words: str, **more: Any) -> dict[str, Any]:
        return self.message("text", {"body": words}, **more)

    def webhook(self, *messages: dict[str, Any], **value: Any) -> dict[str, Any]:
        inside = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "442012345678", "phone_number_id": NUMBER_ID},
            **({"messages": list(messages)} if messages else {}),
            **value,
        }
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": "messages", "value": inside}]}],
        }

    def delivers(self, webhook: Any, *, secret: str = SECRET) -> tuple[int, str]:
        body = json.dumps(webhook).encode()
        made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        head = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={made}"}
        return posted(self.port, "/webhooks/meta", body, head)

    def sent(self) -> list[dict[str, Any]]:
        """Return what was sent to this phone, without read receipts."""
        to = "recipient" if self.shows_no_number else "to"
        return [body for _, body in self.api.taken if body.get(to) == self.number]

    def says(self, words: str) -> list[dict[str, Any]]:
        before = len(self.sent())
        status, answer = self.delivers(self.webhook(self.text(words)))
        assert status == 200, answer
        return self.sent()[before:]

    def hears(self, words: str) -> str:
        """Write, and return what is shown then: words, and below them what can be tapped, each with its number."""
        return "\n---\n".join(shown(message) for message in self.says(words))

    def taps(self, title: str) -> list[dict[str, Any]]:
        """Tap a button or a row of the last message that has one of that title."""
        for body in reversed(self.sent()):
            if body["type"] != "interactive":
                continue
            action = body["interactive"]["action"]
            if body["interactive"]["type"] == "button":
                found = [button["reply"] for button in action["buttons"]]
                kind = "button_reply"
            else:
                found = [row for section in action["sections"] for row in section["rows"]]
                kind = "list_reply"
            for one in found:
                # a row has its number before its title, and below it the whole title where that is longer
                if title in (one["title"], one["title"].partition(" ")[2], one.get("description")):
                    reply = {"type": kind, kind: {"id": one["id"], "title": one["title"]}}
                    before = len(self.sent())
                    status, answer = self.delivers(self.webhook(self.message("interactive", reply)))
                    assert status == 200, answer
                    return self.sent()[before:]
        raise AssertionError(f"nothing to tap called {title!r}")


def shown(message: dict[str, Any]) -> str:
    """Return a message of Meta's API as somebody sees it."""
    if message["type"] == "text":
        return str(message["text"]["body"])
    inside = message["interactive"]
    if inside["type"] == "button":
        titles = [f"{at} {one['reply']['title']}" for at, one in enumerate(inside["action"]["buttons"], 1)]
    else:
        rows = [row for section in inside["action"]["sections"] for row in section["rows"]]
        titles = [
            f"{row['title'].split()[0]} {row.get('description') or row['title'].partition(' ')[2]}"
            for row in rows
        ]
    return "\n".join([inside["body"]["text"], *titles])


def settings(api: Api, **more: str) -> dict[str, str]:
    """Return the settings of a service with both providers, their APIs played by ``api``."""
    return {
        "PUBLIC_URL": PUBLIC,
        "IDENTITY_KEY": KEY,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API": api.url,
        "META_APP_SECRET": SECRET,
        "META_TOKEN": ACCESS,
        "META_VERIFY_TOKEN": WORD,
        "META_PHONE_NUMBER_ID": NUMBER_ID,
        "META_API": api.url,
        "TEXTS_RETRY_SECONDS": "0.01",
        **more,
    }


def login(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
