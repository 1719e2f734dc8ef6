"""An answer in the words of a plain-text reply: what is right now, what is said, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from send_guide.content.path_schema import Step
from send_guide.content.schema import Answer, Contact, Role, When

STRENGTH_WORDS = {
    "must": "must",
    "should": "should",
    "is-required-to": "is required to",
    "information": "information",
}


def in_full(answer: Answer, roles: Mapping[str, Role]) -> str:
    """Return the answer as a page or a terminal shows it: what is right now first, then the source."""
    note, text = since_note(answer), answer.text
    # a lead says what is right now itself; an older text does not
    parts = [*([text, note] if answer.lead else [note, text]), source_line(answer, roles)]
    return "\n".join(part for part in parts if part)


def in_short(answer: Answer, roles: Mapping[str, Role]) -> str:
    """Return title, lead, what has a time limit, and the source: for an answer that stands beside another."""
    if answer.withdrawn or not answer.lead:
        return "\n".join(filter(None, [answer.title, answer.short, source_line(answer, roles)]))
    limits = (item.say for item in answer.do_next if item.deadline)
    return "\n".join([answer.title, answer.lead, *limits, source_line(answer, roles)])


def simpler(answer: Answer, roles: Mapping[str, Role]) -> str:
    """Return the easy-read wording with its source. It stands alone: it says what is right now itself."""
    return f"{answer.easy_read}\n{source_line(answer, roles)}".strip()


def since_note(answer: Answer) -> str:
    """Return what is right now where the printed offer has been overtaken, else an empty text."""
    if not answer.since or not answer.evidence:
        return ""
    return f"Right now: {answer.since} (Checked {answer.evidence.checked:%d %B %Y}.)"


def source_line(answer: Answer, roles: Mapping[str, Role]) -> str:
    """Return who carries the duty, its strength and its source, for instance
    "Schools must. Source: Area Wide Offer, Schools must, point 9"; empty where the answer is withdrawn.
    """
    if answer.withdrawn:
        return ""
    source = f"Source: {answer.source}"
    if answer.strength == "information" or not answer.about:
        return source
    who = " and ".join(roles[role].name for role in answer.about)
    return f"{who[0].upper()}{who[1:]} {STRENGTH_WORDS[answer.strength]}. {source}"


def strength_sentence(answer: Answer, roles: Mapping[str, Role]) -> str:
    """Return the answer to "is that a must?" for this answer."""
    if answer.withdrawn:
        return answer.text
    if answer.strength == "information":
        sentence = "This is information. It does not say that anyone has a duty."
    else:
        who = " and ".join(roles[role].name for role in answer.about) or "those it is about"
        meaning = {
            "must": "It is a duty, not a choice.",
            "is-required-to": "It is a duty, not a choice.",
            "should": "It is what is expected. It is not as strong as a must.",
        }[answer.strength]
        sentence = f"It says {who} {STRENGTH_WORDS[answer.strength]} do this. {meaning}"
    also = " ".join(f"Also: {other.why[0].upper()}{other.why[1:]}." for other in answer.also)
    return " ".join(part for part in (sentence, also, since_note(answer)) if part)


_IN_SITUATION = {
    "plan": {"yes": "there is an EHC plan", "no": "there is no EHC plan"},
    "setting": {
        "maintained": "it is a school run with the council",
        "academy": "it is an academy",
        "independent": "it is a private school",
        "special": "it is a special school",
        "college": "it is a college",
        "nursery": "it is a nursery",
        "childminder": "it is a childminder",
    },
    "who": {
        "parent": "you are a parent or carer",
        "self": "you are the young person",
        "professional": "you work with families",
    },
    "phase": {
        "nursery": "it is about nursery",
        "primary": "it is about primary school",
        "secondary": "it is about secondary school",
        "college": "it is about sixth form or college",
    },
    "council": {"this": "you live in this council's area", "other": "you live in another council's area"},
}
"""How each situation of a variant is put after "if"."""


def in_situation(when: When) -> str:
    """Return for whom a variant is, for instance "If it is a nursery or it is a childminder"."""
    asked = [
        " or ".join(_IN_SITUATION[name][value] for value in values)
        for name in type(when).model_fields
        if (values := getattr(when, name))
    ]
    return f"If {' and '.join(asked)}"


def step_in_full(step: Step) -> str:
    """Return a step as a page or a terminal shows it: what to do, and what the offer or the law says."""
    return f"{step.title}\n{step.text}\n{what_it_says(step)}"


def what_it_says(step: Step) -> str:
    """Return what the offer or the law says about a step, with strength and source."""
    strength = STRENGTH_WORDS[step.says.strength]
    return f"What the rules say: {step.says.text}\nStrength: {strength}. Source: {step.says.source}"


_WAYS = {
    "web": "Web",
    "phone": "Phone",
    "email": "E-mail",
    "text": "Text",
    "post": "Post",
    "night": "Nights and weekends",
}


def way_name(kind: str) -> str:
    """Return what a way to reach somebody is called, for instance "Phone" for ``phone-2``."""
    return _WAYS.get(kind, _WAYS.get(kind.split("-")[0], kind.capitalize()))


def contact_card(contact: Contact) -> str:
    """Return name, purpose and every way to reach a contact, the unconfirmed ones marked."""
    lines = [f"{contact.name}. {contact.helps_with}"]
    for kind, detail in contact.details.items():
        doubt = "" if detail.confirmed else " (not confirmed: check before you rely on it)"
        lines.append(f"{way_name(kind)}: {detail.shown}{doubt}")
    return "\n".join(lines)
