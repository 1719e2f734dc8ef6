"""Pages: templates of ``web/pages`` with the headers that every page has."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import response
from sanic.response import HTTPResponse

PAGES = Path(__file__).parents[1] / "web" / "pages"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@functools.cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)


def page(template: str, **values: object) -> HTTPResponse:
    """Return a page.

    Args:
        template: a file of ``web/pages``.
        **values: what it shows; markup in it is shown as text.
    """
    return response.html(_templates().get_template(template).render(**values), headers=dict(HEADERS))
