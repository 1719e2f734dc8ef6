"""The words that mean something to the medium itself: exact, alone, in any case."""

from __future__ import annotations

from enum import StrEnum

from send_guide.domain.picks import bare


class Command(StrEnum):
    """What a message asks of the medium."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MENU = "menu"
    MORE = "more"
    START_AGAIN = "start again"


OPT_OUT = frozenset(
    ("stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel", "revoke", "optout", "opt out")
)
"""The words that Twilio takes as an opt-out (its page on Advanced Opt-Out), and two ways to write them.
They are never offered as something to type."""

_WORDS = {
    **dict.fromkeys(OPT_OUT, Command.STOP),
    **dict.fromkeys(("start", "unstop"), Command.START),
    **dict.fromkeys(("help", "info"), Command.HELP),
    **dict.fromkeys(("menu",), Command.MENU),
    **dict.fromkeys(("more", "more please"), Command.MORE),
    **dict.fromkeys(("start again", "start over", "startagain", "restart"), Command.START_AGAIN),
}


def command(text: str) -> Command | None:
    """Return what a message asks of the medium, or None.

    Only the word alone counts: "stop" in "make it stop" or "stop he is hurting me" is a cry, not an opt-out.
    """
    return _WORDS.get(bare(text))
