"""A conversation as plain text, to keep or to take to a meeting."""

from __future__ import annotations

from collections.abc import Sequence

from send_guide.channels.web.links import Line
from send_guide.channels.web.replies import Shown

HEAD = "SEND Guide: an automated guide, not legal advice"


def as_text(messages: Sequence[Shown]) -> str:
    """Return what was said, in order, with the source of every answer."""
    parts = [HEAD]
    for message in messages:
        if message["from"] == "person":
            parts.append(f"You: {message['text']}")
        else:
            parts.append("Guide: " + "\n".join(_reply(message)))
    return "\n\n".join(parts) + "\n"


def _reply(message: Shown) -> list[str]:
    said = _plain(message["lines"])
    for answer in message["answers"]:
        said += _plain(answer["since"]) + _plain(answer["text"])
        duty = f"{answer['who']} {answer['strength']}. " if answer["strength"] else ""
        if answer["source"]:  # one that is withdrawn names none
            said.append(f"{duty}Source: {answer['source']}")
    said += _plain(message["help"])
    if message["letter"]:
        said += ["", message["letter"]["title"], message["letter"].get("text", "")]
    return said


def _plain(lines: Sequence[Line]) -> list[str]:
    return [
        ("- " if line["item"] else "") + "".join(piece["text"] for piece in line["pieces"]) for line in lines
    ]
