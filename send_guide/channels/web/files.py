"""The files of the web channel: these and no others are served, compressed once, with an ETag."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.templating import STATIC

FILES = {
    "send-guide.js": "text/javascript; charset=utf-8",
    "demonstration.js": "text/javascript; charset=utf-8",
    "pages.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True)
class _File:
    content: bytes
    compressed: bytes
    headers: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> _File:
        content = path.read_bytes()
        headers = {
            "ETag": f'"{hashlib.sha256(content).hexdigest()[:16]}"',
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            # pages of the council's other sites load the script, with or without `crossorigin`
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }
        return cls(content, gzip.compress(content, mtime=0), headers)

    def answer(self, request: Request, content_type: str) -> HTTPResponse:
        if request.headers.get("if-none-match") == self.headers["ETag"]:
            return response.empty(304, self.headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = self.headers | {"Content-Encoding": "gzip"}
            return response.raw(self.compressed, headers=headers, content_type=content_type)
        return response.raw(self.content, headers=self.headers, content_type=content_type)


def add_files(routes: Blueprint) -> None:
    """Add a route for each of :data:`FILES`, read now."""
    for name, content_type in FILES.items():
        file = _File.read(STATIC / name)

        async def serve(
            request: Request, file: _File = file, content_type: str = content_type
        ) -> HTTPResponse:
            return file.answer(request, content_type)

        routes.add_route(serve, f"/{name}", name=name.replace(".", "_").replace("-", "_"))
