"""One-time links: what is too long for a text message, behind a code that only that message holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

PLACE = "/t/"
"""Where the pages of one-time links are."""


class Links:
    """The links of one message. The same message makes the same codes, so that none need be stored."""

    def __init__(self, public_url: str, key: str, message: str) -> None:
        """Start with no links.

        Args:
            public_url: where people reach the service.
            key: the secret of the service.
            message: channel and id of the message that is answered.
        """
        self._start, self._key, self._message = public_url + PLACE, key, message
        self.made: list[tuple[str, dict[str, Any]]] = []
        """Code hash and what it shows, in order."""

    def __call__(self, shows: dict[str, Any]) -> str:
        """Return the address at which ``shows`` is shown once."""
        code = self._code(len(self.made))
        self.made.append((code_hash(code), shows))
        return self._start + code

    def hidden(self, text: str) -> str:
        """Return ``text`` without the codes, as it may be stored."""
        for number in range(len(self.made)):
            text = text.replace(self._start + self._code(number), f"{{link-{number}}}")
        return text

    def shown(self, text: str) -> str:
        """Return a stored text with its codes again."""
        for number in range(text.count("{link-")):
            text = text.replace(f"{{link-{number}}}", self._start + self._code(number))
        return text

    def _code(self, number: int) -> str:
        made = hmac.new(self._key.encode(), f"link/{self._message}/{number}".encode(), hashlib.sha256)
        return base64.b32encode(made.digest()[:10]).decode().lower()


def code_hash(code: str) -> str:
    """Return how a code is stored."""
    return hashlib.sha256(code.encode()).hexdigest()
