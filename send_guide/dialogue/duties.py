"""What a role has to do, in readable portions, and who checks it."""

from __future__ import annotations

import json
import re

from send_guide.content import get_content
from send_guide.dialogue.answers import last_answers, say_answer, was_said
from send_guide.dialogue.buttons import MORE, choose_any
from send_guide.dialogue.sessions import about_what
from send_guide.dialogue.turn import Turn
from send_guide.domain.picks import plain
from send_guide.domain.reply import Choice, DutiesReply, WordsReply

PORTION = 4
"""Duties said at a time: what fits a phone's screen."""
_GOES_ON = re.compile(
    r"(?:and |ok |yes )?(?:(?:what|anything|any|whats) (?:else|more|other duties)(?: (?:must|do|should|have) \w+.*)?"
    r"|(?:show me |tell me )?more(?: please)?|next|go on|carry on|continue)$"
)


def role_duties(turn: Turn) -> None:
    """List what the role of the message has to do, from the beginning."""
    role = turn.heard.first("role")
    if role in get_content().roles:
        say_portion(turn, str(role), 0)
        return
    roles = tuple(
        Choice(found.name, "/role_duties" + json.dumps({"role": found.key}))
        for found in get_content().roles.values()
    )
    turn.say_words("which-role", "choices", choices=roles)


def goes_on(text: str) -> bool:
    """Return whether a message asks for more of a list that is open: "what else must they do?"."""
    return _GOES_ON.match(plain(text)) is not None


def what_else(turn: Turn) -> None:
    """Go on with the duties, or start with those of the role the last answer was about."""
    situation = turn.situation
    if situation.role_shown in get_content().roles and situation.duties_shown:
        say_portion(turn, situation.role_shown, situation.duties_shown)
        return
    for answer in last_answers(turn):
        if answer.about:
            say_portion(turn, answer.about[0], 0)
            return
    about_what(turn)


def who_checks(turn: Turn) -> None:
    """Say the answer that tells who checks that the last duties are carried out, and offer the next one."""
    content, answers = get_content(), last_answers(turn)
    if not answers:
        about_what(turn)
        return
    role = content.roles[answers[0].about[0]] if answers[0].about else content.roles["school"]
    first, *others = role.checked_by
    say_answer(turn, content.answers[first], offered=others, intro=f"Who checks {role.name}:")
    was_said(turn, first)


def say_portion(turn: Turn, role_key: str, start: int) -> None:
    """Say up to :data:`PORTION` duties of a role from position ``start``, each with its strength."""
    duties = get_content().duties_of(role_key)
    ids = tuple(duty.id for duty in duties[start : start + PORTION])
    if not ids:
        words = f"That is everything the offer says about {get_content().roles[role_key].name}."
        turn.say(WordsReply(words=words, says="smalltalk"))
        turn.situation.duties_shown = 0
        return
    end = start + len(ids)
    more = (MORE,) if end < len(duties) else ()
    turn.say(
        DutiesReply(
            role=role_key, duties=ids, first=start + 1, of=len(duties), choices=(*choose_any(ids), *more)
        )
    )
    was_said(turn, *ids)
    turn.situation.role_shown = role_key
    turn.situation.duties_shown = end if end < len(duties) else 0
