"""Text as lines of pieces, with a link on every telephone number, e-mail and web address that we publish.

Links are found by what stands in ``data/contacts.yml``, never guessed from the look of a number: a wrong
number behind a link would be rung.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from send_guide.content import Contact, get_content, of_content

Line = dict[str, Any]
"""``item`` (true for a line of a list) and ``pieces``: each ``text``, and ``href`` where it is a link."""

_URL = r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]"


def lines(text: str, contacts: tuple[str, ...] = ()) -> list[Line]:
    """Return ``text`` line by line.

    Args:
        text: what is said; a line that starts with "- " belongs to a list.
        contacts: keys of the contacts it speaks of: their short numbers (999, 111) are links too.
    """
    found = []
    for line in text.splitlines():
        if line.strip():
            item = line.startswith("- ")
            found.append({"item": item, "pieces": list(_pieces(line.removeprefix("- "), contacts))})
    return found


def href(kind: str, value: str) -> str | None:
    """Return the address behind a way to reach somebody, or None where there is none (post).

    Args:
        kind: ``phone``, ``night``, ``text``, ``email``, ``web``, ``post``, perhaps with a number behind.
        value: as people read it.
    """
    kind = kind.split("-")[0]
    if kind == "email":
        return f"mailto:{value}"
    if kind == "web":
        return value if "://" in value else f"https://{value}"
    if kind in ("phone", "night", "text") and re.fullmatch(r"[\d +()]+", value):
        return ("sms:" if kind == "text" else "tel:") + re.sub(r"[^\d+]", "", value)
    return None


def _pieces(line: str, contacts: tuple[str, ...]) -> Iterator[dict[str, str]]:
    pattern, targets = _known()
    own = {detail.shown for key in contacts for detail in get_content().contacts[key].details.values()}
    at = 0
    for match in pattern.finditer(line):
        value = match.group()
        if match["short"] and value not in own and not _is_rung(line[: match.start()]):
            continue
        if match.start() > at:
            yield {"text": line[at : match.start()]}
        yield {"text": value, "href": targets.get(value, value)}
        at = match.end()
    if at < len(line):
        yield {"text": line[at:]}


def _is_rung(before: str) -> bool:
    """Return whether a short number that follows is one to ring, and not that of a paragraph."""
    return re.search(r"\b(ring|call|phone)( NHS)? $", before, re.I) is not None


@of_content
def _known() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds our numbers and addresses, and the link behind each."""
    targets: dict[str, str] = {}
    for contact in get_content().contacts.values():
        targets |= _links_of(contact)
    longest_first = sorted(targets, key=len, reverse=True)
    long, short = (
        "|".join(re.escape(value) for value in longest_first if (len(value) > 5) is is_long)
        for is_long in (True, False)
    )
    return re.compile(rf"{_URL}|(?<![\w@./-])(?:{long}|(?P<short>{short}))(?![\w@-])"), targets


def _links_of(contact: Contact) -> dict[str, str]:
    found = {}
    for kind, detail in contact.details.items():
        if target := href(kind, detail.shown):
            found[detail.shown] = target
    return found
