"""Told to stop, the service finishes what is in hand and ends, whoever keeps it busy or waiting."""

import http.client
import itertools
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.servers import Service

HALF = [
    b"GET /healthz HTTP/1.1\r\nHost: g",
    b"POST /chat/messages HTTP/1.1\r\nHost: guide\r\nContent-Length: 50\r\n\r\n{",
    b"POST /chat/messages HTTP/1.1\r\nHost: guide\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    b"POST /chat/messages HTTP/1.1\r\nHost: guide\r\nContent-Length: -1\r\n\r\n",
]
MOST_SECONDS = 20
"""After which systemd kills it (``deploy/send-guide@.service``)."""


def asks_until_it_ends(port: int, number: int) -> int:
    """Ask on one connection for as long as it is kept; return how often there was an answer.

    A connection that is closed between two answers is no loss: what came too late was not begun.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for answered in itertools.count():
        body = json.dumps({"sender": f"mum {number} {answered}", "message": "hello"})
        try:
            connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
        except ConnectionError:
            return answered
        assert answer.status == 200
        assert answer.read()
        if answer.getheader("connection") == "close":
            connection.close()
            return answered + 1
    raise AssertionError("unreachable")


def test_eight_who_never_pause_and_some_who_never_finish_do_not_keep_it(tmp_path: Path) -> None:
    service = Service(tmp_path, PER_ADDRESS="1000000/minute").wait()
    half_sent = [socket.create_connection(("127.0.0.1", service.port)) for _ in HALF]
    for connection, begun in zip(half_sent, HALF, strict=True):
        connection.sendall(begun)
    try:
        with ThreadPoolExecutor(8) as people:
            busy = [people.submit(asks_until_it_ends, service.port, number) for number in range(8)]
            for number in range(3):
                service.asks(f"somebody else {number}", "hello")  # behind those of the eight
            service.process.terminate()
            assert service.process.wait(timeout=MOST_SECONDS) == 0
            assert all(one.result() > 0 for one in busy)
    finally:
        service.process.kill()
        for connection in half_sent:
            connection.close()
