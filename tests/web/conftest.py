"""The guide as web pages and programs call it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers import Service

ORIGIN = "https://www.council.example"


class Caller:
    """Somebody who calls the chat's API with a conversation of their own."""

    def __init__(self, service: Service) -> None:
        self.service = service
        status, begun = self.call("POST", "/chat/conversations", {}, token=None)
        assert status == 201
        self.token: str = begun["token"]
        self._said = 0

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = "own", **headers: str
    ) -> tuple[int, Any]:
        sent = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if token:
            sent["Authorization"] = f"Bearer {self.token if token == 'own' else token}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        return self.service.get(path, data, sent, method)

    def asks(self, text: str, name: str | None = None, **headers: str) -> tuple[int, Any]:
        self._said += 1
        return self.call(
            "POST", "/chat/messages", {"id": name or f"message-{self._said}", "text": text}, **headers
        )

    def taps(self, choice: str) -> tuple[int, Any]:
        self._said += 1
        return self.call("POST", "/chat/messages", {"id": f"message-{self._said}", "choice": choice})

    def reads(self) -> tuple[int, Any]:
        return self.call("GET", "/chat/messages")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    limits = {"PER_ADDRESS": "600000/minute", "PER_CONVERSATION": "30/minute"}
    found = Service(
        tmp_path_factory.mktemp("web-api"), WEB_ORIGINS=f"{ORIGIN} https://other.example", **limits
    )
    yield found.wait()
    if found.process.poll() is None:
        found.stop()


@pytest.fixture
def parent(service: Service) -> Caller:
    return Caller(service)


@pytest.fixture
def stranger(service: Service) -> Caller:
    return Caller(service)
