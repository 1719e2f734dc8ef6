"""Which web pages may speak to the chat: its own, and those of the sites that carry it."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic.request import Request

from send_guide.settings import Settings


class Origins:
    """The web sites that may carry the chat."""

    def __init__(self, settings: Settings) -> None:
        """Take the sites of the settings."""
        self._listed = frozenset(settings.web_origins.split())

    def allow(self, request: Request) -> bool:
        """Return whether a request may be answered: no browser sent it, a page that may, or a followed link.

        Browsers write ``Origin`` and ``Sec-Fetch-Site``, pages cannot; older browsers send the first only.
        """
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if origin in self._listed:
            return True
        if site is not None and site not in ("same-origin", "none"):
            return _followed_link(request)
        # "null" comes with the forms of a page that sends no referrer, and ours do not
        return origin in (None, "null") or _host(origin) == request.host

    def headers(self, request: Request) -> dict[str, str]:
        """Return the headers that let a page of a listed site read the answer."""
        origin = request.headers.get("origin")
        if origin not in self._listed:
            return {"Vary": "Origin"}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Expose-Headers": "Content-Disposition, Retry-After",
            "Access-Control-Max-Age": "600",
        }


def _followed_link(request: Request) -> bool:
    """Return whether somebody comes by a link on another site: to a new page, which that site cannot read."""
    how = [request.headers.get(f"sec-fetch-{name}") for name in ("mode", "dest")]
    return request.method == "GET" and how == ["navigate", "document"]


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no address at all
        return ""
