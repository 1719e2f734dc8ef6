"""What ``send-guide check`` says: what cannot be read, breaks a rule or does not fit a text message."""

from __future__ import annotations

from pathlib import Path

from send_guide.channels.texts.checks import check_texts
from send_guide.content.checks import check
from send_guide.content.files import Problem
from send_guide.content.loader import Content, read_content


def check_folder(data: Path) -> tuple[Content, list[Problem]]:
    """Return the content of a folder and all that is wrong with it.

    Args:
        data: the folder. Text messages are looked at once all of it can be read.
    """
    content, unread = read_content(data)
    return content, [*unread, *check(content), *([] if unread else check_texts(content))]
