"""What the guide says, in the shape that pages show: the widget and the pages without JavaScript alike."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from send_guide.channels.web.letter_form import letter_form
from send_guide.channels.web.links import href, lines
from send_guide.content import Answer, Contact, get_content
from send_guide.content.wording import STRENGTH_WORDS, since_note, way_name
from send_guide.dialogue.buttons import BACK, CONTACT, SIMPLER
from send_guide.dialogue.path_replies import free_help
from send_guide.domain import letters
from send_guide.domain.deadlines import today
from send_guide.domain.reply import AnswerReply, DeadlineReply, LetterReply, Reply, StepReply, StepsReply

Shown = dict[str, Any]

_ALONE = ("/choose{", "/date{", '/path{"letter"', '/path{"start"')
"""How payloads begin that name all they are about: pressed later they mean what they meant at first."""


def shown(reply: Reply) -> Shown:
    """Return a reply as ``docs/openapi.yaml`` describes it."""
    known = get_content().answers
    contacts = tuple(
        dict.fromkeys(key for one in reply.answer_ids if one in known for key in known[one].contacts)
    )
    said, help_there_is = _apart(reply)
    whole = reply.answer if isinstance(reply, AnswerReply) and reply.form == "full" else None
    return {
        "from": "guide",
        "kind": reply.kind,
        "lines": lines(reply.intro if whole else said, contacts),
        "help": lines(help_there_is, contacts),
        "answer_ids": [one for one in reply.answer_ids if one in known],
        "answers": [answer_shown(whole)] if whole else [],
        "easy_read": lines(reply.easy_read or "", contacts),
        "letter": _letter(reply) if isinstance(reply, LetterReply) else None,
        "deadline": _deadline(reply, contacts) if isinstance(reply, DeadlineReply) else None,
        "step": _step(reply) if isinstance(reply, StepReply) and reply.form == "full" else None,
        "steps": _steps(reply, contacts) if isinstance(reply, StepsReply) else None,
        "choices": [
            {
                "id": choice_id(one.payload),
                "title": one.title,
                "acts": _acts(one.payload),
                "back": one == BACK,
            }
            for one in reply.choices
            # whom to contact is shown with a whole answer
            if not (whole and whole.contacts and one == CONTACT)
        ],
    }


def _apart(reply: Reply) -> tuple[str, str]:
    """Return what a reply says, and where free help is: on a page that does not stand between a question and
    its options.
    """
    help_there_is = free_help()
    said = reply.text.removesuffix(f"\n{help_there_is}")
    return (said, help_there_is) if reply.choices and said != reply.text else (reply.text, "")


def said_by_person(text: str) -> Shown:
    """Return what a person said, as it is shown: text, with nothing read into it."""
    return {"from": "person", "text": text}


def choice_id(payload: str) -> str:
    """Return the name under which a page sends a choice; what it stands for stays with the server."""
    return hashlib.sha256(payload.encode()).hexdigest()[:16]


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
        "links": [] if answer.withdrawn or not answer.evidence else _sites(answer.evidence.links),
        "contacts": [_contact(content.contacts[key]) for key in answer.contacts],
    }


def _acts(payload: str) -> str:
    """Return what a choice acts on: ``alone`` on what it names, ``simpler`` on the answer that was said last,
    ``now`` on what was said or asked last.
    """
    if payload == SIMPLER.payload:
        return "simpler"
    return "alone" if payload.startswith(_ALONE) else "now"


def _sites(links: tuple[str, ...]) -> list[Shown]:
    """Return the pages that an answer rests on, the first of each site, named after the site."""
    found: dict[str, str] = {}
    for link in links:
        found.setdefault(urlsplit(link).netloc.removeprefix("www."), link)
    return [{"text": site, "href": link} for site, link in found.items()]


def _step(reply: StepReply) -> Shown:
    """Return the title of a step, which is one of the lines, and where on the way it is."""
    return {"title": reply.step.title, "number": reply.number, "of": reply.of}


def _steps(reply: StepsReply, contacts: tuple[str, ...]) -> Shown:
    """Return my steps as a list, with what stands above and below it."""
    return {
        "before": lines("\n".join(reply.before), contacts),
        "list": [{"mark": mark, "text": words} for mark, words in reply.marked],
        "after": lines("\n".join(reply.after), contacts),
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


def _letter(reply: LetterReply) -> Shown | None:
    """Return a letter and its form. The text is not stored: it is made again where it is read again."""
    if reply.template not in letters.templates():
        return None
    drafted = letters.render(reply.template, reply.facts)
    return {"title": drafted.title, "text": drafted.text, **asdict(letter_form(drafted.text))}


def _deadline(reply: DeadlineReply, contacts: tuple[str, ...]) -> Shown:
    """Return a time limit in its parts, so that the day can stand out and its working behind it."""
    return {
        "title": reply.title,
        "last_day": reply.last_day,
        "spoken": reply.spoken,
        "advice": lines("\n".join(reply.advice), contacts),
        "working": list(reply.working),
        "passed": datetime.date.fromisoformat(reply.last_day) < today(),
    }
