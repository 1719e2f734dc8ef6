"""What comes over the wire is framed as RFC 9112 says, or refused; the server goes on, and ends when told to."""

import contextlib
import socket
from collections.abc import Iterator

import pytest

from tests.servers import Service

HEAD = b"POST /chat/conversations HTTP/1.1\r\nHost: guide\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

LENGTHS = [
    b"-1",
    b"+2",
    "٢".encode(),
    "²".encode(),
    b"abc",
    b"",
    b"2, 2",
    b"0x2",
    b"2_0",
    b"2 0",
    b"9" * 5_000,
]
CODINGS = [b"xchunked", b"gzip, chunked", b"chunked, gzip", b"chunked, chunked", b"identity", b""]
CHUNKS = [b"0x2", b"+2", b"-1", b"zz", b"", b" 2", b"2_", "٢".encode(), b"f" * 16, b"2;" + b"x" * 100]
TARGETS = [
    b"/\xff",
    "/gü".encode(),
    "/guide?q=ü".encode(),
    b"guide",
    b"/a b",
    b"/\x00",
    b"/\x7f",
    b"http://guide",
]

REFUSED = {
    **{f"length {one[:9]!r}": HEAD + b"Content-Length: " + one + b"\r\n\r\n{}" for one in LENGTHS},
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    "the same length twice": HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "length and coding": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two codings": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    **{f"coding {one!r}": HEAD + b"Transfer-Encoding: " + one + b"\r\n\r\n0\r\n\r\n" for one in CODINGS},
    "coding of HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"0\r\n\r\n",
    **{f"chunk {one[:9]!r}": CHUNKED + one + b"\r\n{}\r\n0\r\n\r\n" for one in CHUNKS},
    "chunk longer than it says": CHUNKED + b"2\r\n{}GET / HTTP/1.1\r\n0\r\n\r\n",
    "trailer": CHUNKED + b"2\r\n{}\r\n0\r\nGET / HTTP/1.1: x\r\n\r\n",
    **{f"target {one!r}": b"GET " + one + b" HTTP/1.1\r\nHost: guide\r\n\r\n" for one in TARGETS},
    "method": b"G\xffT / HTTP/1.1\r\nHost: guide\r\n\r\n",
    "version": b"GET / HTTP/2.0\r\nHost: guide\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "no request": b"\xff\x00\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: guide\r\nHost: other\r\n\r\n",
    "host": b"GET /healthz HTTP/1.1\r\nHost: g\xfcide\r\n\r\n",
    "blank before the colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "folded line": HEAD + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
    "line feed alone": HEAD + b"X-A: b\nContent-Length: 2\r\n\r\n{}",
    "carriage return alone": HEAD + b"X-A: b\rContent-Length: 2\r\n\r\n{}",
    "NUL": HEAD + b"X-A: \x00\r\nContent-Length: 2\r\n\r\n{}",
    "no colon": HEAD + b"Content-Length\r\n\r\n{}",
}
TAKEN = {
    "length": HEAD + b"Content-Length: 2\r\n\r\n{}",
    "length between blanks": HEAD + b"Content-Length: \t 2 \t\r\n\r\n{}",
    "a long way of writing a length": HEAD + b"Content-Length: 0002\r\n\r\n{}",
    "chunks": CHUNKED + b"1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n",
    "a long way of writing a chunk": CHUNKED + b"0000002 ;a\r\n{}\r\n000;b\r\n\r\n",
    "letters of other languages in a field": HEAD + "X-A: ü\xff\r\nContent-Length: 2\r\n\r\n{}".encode(),
    "no host in HTTP/1.0": b"POST /chat/conversations HTTP/1.0\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\n\r\n{}",
    "the whole address": HEAD.replace(b"/chat", b"http://guide/chat") + b"Content-Length: 2\r\n\r\n{}",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("framing"), PER_ADDRESS="100000/minute").wait()
    yield found
    found.stop()


def connected(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=30)


def sends(service: Service, request: bytes) -> bytes:
    """Send a request that is the last one; return all that comes back until the server hangs up."""
    answer = bytearray()
    with connected(service) as connection:
        with contextlib.suppress(ConnectionError):  # hung up on before its end
            connection.sendall(request)
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65_536):
                answer += piece
    return bytes(answer)


@pytest.mark.parametrize("request_", REFUSED.values(), ids=REFUSED)
def test_what_is_not_well_framed_is_refused_once_and_closed(service: Service, request_: bytes) -> None:
    answer = sends(service, request_)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answer
    assert answer.count(b"HTTP/1.1") == 1
    assert service.get("/healthz") == (200, {"alive": True})


@pytest.mark.parametrize("request_", TAKEN.values(), ids=TAKEN)
def test_what_is_well_framed_is_taken(service: Service, request_: bytes) -> None:
    assert sends(service, request_.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)).startswith(
        b"HTTP/1.1 201 "
    )


def test_a_request_may_come_letter_by_letter_and_another_behind_it(service: Service) -> None:
    first = CHUNKED + b"2\r\n{}\r\n0\r\n\r\n"
    last = HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"
    with connected(service) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(first)):
            connection.sendall(first[at : at + 1])
        connection.sendall(first + last)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.count(b"HTTP/1.1 201 ") == 3


@pytest.mark.parametrize("framing", [b"Content-Length: 2\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"])
def test_who_waits_to_be_told_to_go_on_is_told(service: Service, framing: bytes) -> None:
    body = b"{}" if b"Length" in framing else b"2\r\n{}\r\n0\r\n\r\n"
    with connected(service) as connection:
        connection.sendall(HEAD + b"Connection: close\r\nExpect: 100-continue\r\n" + framing)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 201 ")


def test_a_body_of_unknown_length_is_as_long_as_any_other_at_most(service: Service) -> None:
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    assert sends(service, CHUNKED + 17 * chunk).startswith(b"HTTP/1.1 413 ")


def test_what_stands_around_the_chunks_counts_too(service: Service) -> None:
    assert sends(service, CHUNKED + 15_000 * b"1\r\nx\r\n").startswith(b"HTTP/1.1 413 ")
