"""Only Meta's webhook may be long, however the length of a body is said."""

import contextlib
import json
import socket

import pytest

from tests.channels.providers import MetaPhone
from tests.servers import Service


def sends_in_chunks(service: Service, path: str, size: int) -> bytes:
    """Send a body that does not say how long it is; return what comes back."""
    head = f"POST {path} HTTP/1.1\r\nHost: guide\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        with contextlib.suppress(ConnectionError):  # it hangs up before the end
            connection.sendall(head + size // 0x4000 * chunk + b"0\r\n\r\n")
        return connection.recv(65_536)


@pytest.mark.parametrize("path", ["/chat/messages", "/guide", "/webhooks/rest/webhook", "/webhooks/twilio"])
def test_no_other_body_is_read_to_its_end(service: Service, path: str) -> None:
    assert sends_in_chunks(service, path, 2_700_000).startswith(b"HTTP/1.1 413 ")


def test_what_meta_could_not_deliver_before_is_taken_at_once(meta: MetaPhone, service: Service) -> None:
    late = meta.webhook(meta.text("how do i contact bromley parent voice"))
    status, _ = meta.delivers({**late, "padding": "x" * 2_700_000})
    assert status == 200
    assert "Bromley Parent Voice" in json.dumps(meta.sent())
    assert sends_in_chunks(service, "/webhooks/meta", 2_700_000).startswith(b"HTTP/1.1 403 ")  # not signed
    assert sends_in_chunks(service, "/webhooks/meta", 3_300_000).startswith(b"HTTP/1.1 413 ")
