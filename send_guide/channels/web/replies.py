"""What the guide says, in the shape that pages show: the widget and the pages without JavaScript alike."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from send_guide.channels.web.links import href, lines
from send_guide.content import Answer, Contact, get_content
from send_guide.content.wording import STRENGTH_WORDS, in_full, since_note, way_name
from send_guide.domain import letters
from send_guide.domain.deadlines import spoken

Shown = dict[str, Any]


def shown(reply: dict[str, Any]) -> Shown:
    """Return a reply as ``docs/openapi.yaml`` describes it.

    Args:
        reply: of Rasa: ``text``, ``custom`` (the contract of the channels), ``buttons``.
    """
    custom = reply.get("custom") or {}
    known = get_content().answers
    said = [known[answer_id] for answer_id in custom.get("answer_ids") or [] if answer_id in known]
    text = reply.get("text") or ""
    lead, answer = _lead(text, said[0]) if len(said) == 1 else (text, None)
    contacts = tuple(dict.fromkeys(key for one in said for key in one.contacts))
    return {
        "from": "guide",
        "kind": custom.get("kind") or "smalltalk",
        "lines": lines(lead, contacts),
        "answer_ids": [one.id for one in said],
        "answers": [answer_shown(answer)] if answer else [],
        "easy_read": lines(custom.get("easy_read") or "", contacts),
        "letter": _letter(custom.get("letter")),
        "deadline": _deadline(custom.get("deadline")),
        "choices": [
            {"id": choice_id(button["payload"]), "title": button["title"]}
            for button in reply.get("buttons") or []
        ],
    }


def said_by_person(text: str) -> Shown:
    """Return what a person said, as it is shown: text, with nothing read into it."""
    return {"from": "person", "text": text}


def choice_id(payload: str) -> str:
    """Return the name under which a page sends a choice; what it stands for stays with the server."""
    return hashlib.sha256(payload.encode()).hexdigest()[:16]


def _lead(text: str, answer: Answer) -> tuple[str, Answer | None]:
    """Return what goes before the answer, and the answer where ``text`` says it in full.

    Anything else about the answer (its source, its strength, an older wording) is shown as it was said.
    """
    full = in_full(answer, get_content().roles)
    for wording in (full, answer.text):
        if text == wording:
            return "", answer
        if text.endswith("\n" + wording):
            return text.removesuffix("\n" + wording), answer
    return text, None


def answer_shown(answer: Answer) -> Shown:
    """Return an answer as pages show it; one that is withdrawn says nothing of duty and source."""
    content = get_content()
    has_duty = answer.strength != "information" and answer.about and not answer.withdrawn
    who = " and ".join(content.roles[role].name for role in answer.about) if has_duty else ""
    return {
        "id": answer.id,
        "title": answer.title,
        "since": lines(since_note(answer), answer.contacts),
        "text": lines(answer.text, answer.contacts),
        "easy_read": lines(answer.easy_read, answer.contacts),
        "who": who[:1].upper() + who[1:],
        "strength": STRENGTH_WORDS[answer.strength] if has_duty else "",
        "source": "" if answer.withdrawn else str(answer.source),
        "contacts": [_contact(content.contacts[key]) for key in answer.contacts],
    }


def _contact(contact: Contact) -> Shown:
    ways = [
        {
            "name": way_name(kind),
            "text": detail.shown,
            "href": href(kind, detail.shown),
            "confirmed": detail.confirmed,
        }
        for kind, detail in contact.details.items()
    ]
    return {"name": contact.name, "helps_with": contact.helps_with, "ways": ways}


def _letter(letter: dict[str, Any] | None) -> Shown | None:
    """Return title and text of a letter. The text is not stored: it is made again where it is read again."""
    if letter is None or letter.get("template") not in letters.templates():
        return None
    drafted = letters.render(letter["template"], letter.get("facts") or {})
    return {"title": drafted.title, "text": letter.get("text") or drafted.text}


def _deadline(deadline: dict[str, Any] | None) -> Shown | None:
    if deadline is None:
        return None
    last_day = datetime.date.fromisoformat(deadline["last_day"])
    return {
        "title": deadline["title"],
        "last_day": deadline["last_day"],
        "spoken": spoken(last_day),
        "working": list(deadline["working"]),
    }
