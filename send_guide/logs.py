"""The log: one JSON object a line, with what happened and never what anybody wrote.

Our own lines hold a name, such as ``turn.done``, and fields. Libraries put people's words, whole
messages of errors and tracebacks with values into theirs; of them only the place and the kind of the
error are kept.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys

OURS = ("send_guide", "actions")
_ALWAYS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as JSON: ``time`` (UTC), ``level``, ``logger``, ``event`` and its own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record."""
        ours = record.name.split(".")[0] in OURS
        line = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if ours else f"{record.filename}:{record.lineno}",
        }
        if ours:
            line |= {name: value for name, value in vars(record).items() if name not in _ALWAYS}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)


def configure(level: str = "INFO") -> None:
    """Send every log line of this process to standard error, as JSON.

    Args:
        level: the least level of our own lines; libraries say errors only.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.ERROR)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        found = logging.getLogger(name)
        if name.split(".")[0] not in OURS:
            found.handlers, found.propagate = [], True
            found.setLevel(logging.ERROR)
