"""HTTP/1.1 as RFC 9112 has it, where Sanic 21.12 takes less: what is not well framed is refused, and closed.

Sanic reads a length of -1 for ever and drops a connection whose address holds a raw byte. A middleware is too
late: by then Sanic has read the head, and it reads the rest of the body whatever a middleware answers.
"""

from __future__ import annotations

import re

from httptools import HttpParserInvalidURLError, parse_url
from sanic.exceptions import InvalidUsage
from sanic.helpers import STATUS_CODES
from sanic.http import HTTP_CONTINUE, Http, Stage
from sanic.server import HttpProtocol

END = b"\r\n\r\n"
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE = re.compile(_TOKEN + rb" ([\x21-\x7e]+) HTTP/1\.[01]")
"""RFC 9112, 3, with the two versions that are spoken here; an address holds no raw byte (RFC 3986, 2)."""
_FIELD = re.compile(rb"(" + _TOKEN + rb"):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
"""RFC 9112, 5: no blank before the colon, no folded line, no control character."""
_HOST = re.compile(rb"[\x21-\x7e]*")
_LENGTH = re.compile(rb"[0-9]{1,18}")
"""RFC 9110, 8.6: digits of ASCII alone, and no more than fit in 64 bits."""
_CHUNK = re.compile(rb"\r\n([0-9A-Fa-f]{1,15})[ \t]*(;[\t\x20-\x7e]*)?\r\n")
"""RFC 9112, 7.1: the end of the head or of the chunk before, then a size and what may stand behind it."""
_LAST_CHUNK = re.compile(rb"\r\n0+[ \t]*(;[\t\x20-\x7e]*)?\r\n\r\n")
"""The end of a body. Trailers, which nobody here would read, are refused: Sanic takes them for a request."""
_MOST_BEFORE_A_CHUNK = 64
"""Bytes of the line before a chunk."""
_SECONDS_TO_COME_WHOLE = 2.0
"""For what is on its way when the server is told to stop."""


def check_head(head: bytes) -> None:
    """Refuse the head of a request that does not say clearly where its body ends, or that cannot be read.

    Args:
        head: request line and fields, without the empty line behind them.

    Raises:
        InvalidUsage: it is not well formed (RFC 9112, 2.2, 3.2, 5.1, 6.1, 6.3).
    """
    line, *fields = head.split(b"\r\n")
    _check_request_line(line)
    hosts, lengths, codings = [], [], []
    for field in fields:
        found = _FIELD.fullmatch(field)
        if not found:
            raise InvalidUsage("a header field is malformed")
        name, value = found[1].lower(), found[2].rstrip(b" \t")
        if name == b"host":
            hosts.append(value)
        elif name == b"content-length":
            lengths.append(value)
        elif name == b"transfer-encoding":
            codings.append(found[2])  # neither stripped nor made small: Sanic knows no other "chunked"
    old = line.endswith(b"1.0")
    if len(hosts) > 1 or not (hosts or old) or not all(map(_HOST.fullmatch, hosts)):
        raise InvalidUsage("give one host")
    if len(lengths) + len(codings) > 1 or (codings and old):
        raise InvalidUsage("say once how long the body is")
    if not all(map(_LENGTH.fullmatch, lengths)) or not all(coding == b"chunked" for coding in codings):
        raise InvalidUsage("the length of the body cannot be read")


def _check_request_line(line: bytes) -> None:
    found = _REQUEST_LINE.fullmatch(line)
    if not found:
        raise InvalidUsage("the request line is malformed")
    try:
        path = parse_url(found[1]).path
    except HttpParserInvalidURLError:
        path = None
    if not path:
        raise InvalidUsage("the address is malformed")


class StrictHttp(Http):
    """Requests of one connection, one after the other."""

    async def http1_request_header(self) -> None:
        """Read the head of a request, and check it before Sanic makes a request of it."""
        buffer = self.recv_buffer
        while (end := buffer.find(END)) < 0 and len(buffer) < self.HEADER_MAX_SIZE:
            await self._receive_more()
        if end >= 0:
            check_head(bytes(buffer[:end]))
        await super().http1_request_header()  # type: ignore[no-untyped-call] # of Sanic

    async def http1_response_header(self, data: bytes, end_stream: bool) -> None:
        """Send the head of an answer; while the server stops, the connection ends with it."""
        if self.protocol.signal.stopped:
            self.keep_alive = False
        await super().http1_response_header(data, end_stream)

    async def read(self) -> bytes | None:
        """Return the next piece of the body, None at its end.

        Raises:
            InvalidUsage: it is not what chunks look like (RFC 9112, 7.1).
            PayloadTooLarge: the body, with what is around its chunks, is longer than allowed.
        """
        if self.request_body == "chunked" and self.request_bytes_left == 0:
            await self._check_chunk()
        piece: bytes | None = await super().read()
        return piece

    async def _check_chunk(self) -> None:
        """Wait for the line before a chunk, and check it before Sanic reads it."""
        if self.expecting_continue:  # else both sides would wait for each other
            self.expecting_continue = False
            await self._send(HTTP_CONTINUE)
        buffer = self.recv_buffer
        while (end := buffer.find(b"\r\n", 2)) < 0 and len(buffer) < _MOST_BEFORE_A_CHUNK:
            await self._receive_more()
        line = bytes(buffer[: end + 2])
        found = _CHUNK.fullmatch(line) if 0 < end <= _MOST_BEFORE_A_CHUNK else None
        if found and int(found[1], 16) == 0:
            while len(buffer) < len(line) + 2:
                await self._receive_more()
            found = _LAST_CHUNK.match(bytes(buffer[: len(line) + 2]))
        if not found:
            self.keep_alive, self.request_body = False, None
            raise InvalidUsage("bad chunked encoding")
        # what stands around the chunks counts too: a body of single letters is work like a long one
        self.request_bytes = (self.request_bytes or 0) + len(line)

    async def error_response(self, exception: Exception) -> None:
        """Answer what went wrong; what came before there was a request is no matter of the application's."""
        if self.stage is not Stage.REQUEST:
            await super().error_response(exception)
            return
        self.keep_alive = False
        status = getattr(exception, "status_code", InvalidUsage.status_code)
        line = b"HTTP/1.1 %d %b" % (status, STATUS_CODES[status])
        await self._send(line + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")


class StrictHttpProtocol(HttpProtocol):
    """A connection whose requests are read by :class:`StrictHttp`. For ``Sanic.run(protocol=...)``."""

    def _setup_connection(self) -> None:
        super()._setup_connection()  # type: ignore[no-untyped-call] # of Sanic
        self._http = StrictHttp(self)  # type: ignore[no-untyped-call] # of Sanic

    def close_if_idle(self) -> bool:
        """Close the connection where nobody is being answered on it; Sanic asks when it stops.

        A request that has not come whole has a moment left to do so: nobody knows how long it would take.
        """
        closed: bool = super().close_if_idle()
        if not closed:
            self.loop.call_later(_SECONDS_TO_COME_WHOLE, self._close_if_unfinished)
        return closed

    def _close_if_unfinished(self) -> None:
        http = self._http  # which is false while no handler is at work
        if http is not None and (http.stage is Stage.REQUEST or http.request_body):
            self.close()
