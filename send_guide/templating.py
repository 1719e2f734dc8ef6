"""Pages that the server makes: templates of ``templates``, and the headers that every page carries."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import response
from sanic.response import HTTPResponse

STATIC = Path(__file__).parent / "static"
"""The widget, the scripts and the styles."""
_TEMPLATES = Path(__file__).parent / "templates"

HEADERS = {
    # nothing from elsewhere, nothing written into the page: a script that slips through does not run
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # found by a search engine only where the council says so (SEND_GUIDE_WEB_INDEX)
    "X-Robots-Tag": "noindex",
    # a shared computer keeps nothing
    "Cache-Control": "no-store",
}


def page(
    template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> HTTPResponse:
    """Return a page.

    Args:
        template: name of a file in ``templates``.
        status: HTTP status.
        headers: more headers, or others in place of :data:`HEADERS`.
        **values: what the template shows; it is text, never HTML, unless it is ``markupsafe.Markup``.

    Raises:
        jinja2.UndefinedError: the template shows something that was not given.
    """
    text = templates().get_template(template).render(**values)
    return response.html(text, status=status, headers=HEADERS | dict(headers or {}))


@functools.cache
def templates() -> Environment:
    """Return the environment of the templates, loaded once a process."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
