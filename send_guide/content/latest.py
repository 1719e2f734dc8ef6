"""The content as its files are now, read again only where one of them has changed, and off the event loop.

Editors see what they have changed at once; people are answered from what the process has begun with
(:func:`~send_guide.content.loader.get_content`) and never wait for an editor's page.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from send_guide.content.loader import Content, data_directory, read_content

Stamp = tuple[tuple[str, int, int], ...]
_KEPT: dict[Path, tuple[Stamp, Content]] = {}
_ONE_AT_A_TIME = threading.Lock()


def latest_content(data: Path) -> Content:
    """Return what could be loaded from ``data``, as its files are now; nobody may change it.

    Args:
        data: the folder.
    """
    with _ONE_AT_A_TIME:
        stamp = _stamp(data)
        kept = _KEPT.get(data)
        if kept is None or kept[0] != stamp:
            _KEPT.clear()  # one is enough: that of what is in service
            kept = _KEPT[data] = (stamp, read_content(data)[0])
        return kept[1]


async def content_now() -> Content:
    """Return the content of :func:`data_directory` as its files are now."""
    return await asyncio.to_thread(latest_content, data_directory())


def _stamp(data: Path) -> Stamp:
    """Return name, time and size of every file."""
    found = ((path, path.stat()) for path in sorted(data.rglob("*.yml")))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)
