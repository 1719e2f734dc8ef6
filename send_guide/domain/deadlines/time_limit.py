"""What a time limit is, what its rule may take into account, and what day it is today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from send_guide.content.schema import Deadline as Kind

CHECK = "Check the date with your local advice service (IASS) or IPSEA. Do not wait for the last day."


@dataclass(frozen=True)
class Deadline:
    """A time limit.

    Attributes:
        title: what has to be done by then.
        last_day: the last day on which it can be done.
        working: how that day was found, a sentence a line.
        kind: the id of its rule; empty where it came from a person's screen.
        notes: what else to know, the most important first, a sentence or two each.
        late: what can be done when the day has passed.
    """

    title: str
    last_day: date
    working: tuple[str, ...]
    kind: str = ""
    notes: tuple[str, ...] = ()
    late: str = ""


@dataclass(frozen=True)
class Facts:
    """What a rule takes into account beside its date. What is not known is left out.

    Attributes:
        setting: where it happened, or who holds the records: an option of the path's question ``setting``.
        decision: what the council decided: an option of the path's question ``decision``.
        certificate: the date on the mediation certificate.
        to_college: whether a young person moves from secondary school to a college or other post-16 place.
    """

    setting: str = ""
    decision: str = ""
    certificate: date | None = None
    to_college: bool = False


@dataclass(frozen=True)
class Rule:
    """How a kind of time limit is worked out.

    Attributes:
        kind: its id, as content names it.
        about: what it is a limit for, as the end of "the last day ...".
        counts_from: the date it counts from, in words: "Which is ...?".
        question: the question of the path whose answer is that date; empty where the path asks none.
        work_out: the rule itself. It raises ValueError where the dates cannot be right.
    """

    kind: Kind
    about: str
    counts_from: str
    question: str
    work_out: Callable[[date, Facts], Deadline]


def today() -> date:
    """Return today's date in London."""
    return datetime.now(ZoneInfo("Europe/London")).date()
