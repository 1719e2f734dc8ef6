"""The pages of one-time links: a letter or a step that is too long for a text message.

The address alone shows nothing: programs that look at links before people do would use it up. The page
asks to tap a button; that uses the code, and the letter can be fetched as a file for half an hour.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, Literal, cast

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.channels.texts.links import PLACE, code_hash
from send_guide.content import get_content
from send_guide.domain import letters
from send_guide.storage import one_time_links
from send_guide.storage.database import Database, DatabaseUnavailableError
from send_guide.templating import HEADERS, page

FILES_SECONDS = 1800
"""How long a letter can be fetched as a file after it was shown."""
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}
CODE = "<code:[a-z2-7]{16}>"


@dataclass(frozen=True)
class Shown:
    """What a link shows: a title, paragraphs of lines, and the letter where it is one."""

    title: str
    paragraphs: list[list[str]]
    letter: letters.Letter | None = None


def link_pages(database: Database) -> Blueprint:
    """Return the routes below ``/t/``."""
    routes = Blueprint("links", url_prefix=PLACE.rstrip("/"))

    @routes.get(f"/{CODE}")
    async def ask(_: Request, code: str) -> HTTPResponse:
        if not await one_time_links.waits(database, code_hash(code)):
            return _gone()
        return page("link.html", code=code)

    @routes.post(f"/{CODE}")
    async def show(_: Request, code: str) -> HTTPResponse:
        shows = await one_time_links.use(database, code_hash(code))
        if shows is None:
            return _gone()
        found = shown(shows)
        return page("link-shown.html", code=code, shown=found)

    @routes.post(f"/{CODE}/<kind:(docx|txt)>")
    async def file(_: Request, code: str, kind: Literal["docx", "txt"]) -> HTTPResponse:
        shows = await one_time_links.used(database, code_hash(code), time.time() - FILES_SECONDS)
        letter = shown(shows).letter if shows else None
        if letter is None:
            return _gone()
        content = letters.as_docx(letter) if kind == "docx" else letters.as_text(letter)
        name = letters.file_name(letter.title, kind)
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
        return response.raw(content, headers=headers, content_type=TYPES[kind])

    @routes.exception(DatabaseUnavailableError)
    async def away(_: Request, __: Exception) -> HTTPResponse:
        return page("link-gone.html", status=503, away=True)

    return routes


def shown(shows: dict[str, Any]) -> Shown:
    """Return what a stored link shows, made anew: its words are stored nowhere."""
    if "letter" in shows:
        letter = letters.render(shows["letter"]["template"], shows["letter"]["facts"])
        return Shown(letter.title, _paragraphs(letter.text), letter)
    step = get_content().steps[cast(str, shows["step"])]
    says = f"{step.says.text}\nSource: {step.says.source}"
    return Shown(step.title, [*_paragraphs(step.text), *_paragraphs(says), [step.next]])


def _paragraphs(text: str) -> list[list[str]]:
    return [block.split("\n") for block in re.split(r"\n\s*\n", text.strip())]


def _gone() -> HTTPResponse:
    return page("link-gone.html", status=410, away=False)
