"""Every kind of place, every matter, every exit: from the first tap to the last step."""

import pytest

from send_guide.content import Content
from tests.conftest import Conversation

DONE = "I have done this"
NO_PLAN = "No plan, or not yet"
IASS = "bromleyiass.org.uk"


def goes_to_the_end(person: Conversation, content: Content) -> list[str]:
    """Tap "I have done this" until there is no such button; return the steps on the way."""
    steps: list[str] = []
    for _ in range(20):
        if person.step is None:
            person.taps(person.titles[0])
        if person.step is None or (steps and person.step == steps[-1]):
            continue
        steps.append(person.step)
        assert IASS in person.hears
        if content.steps[person.step].end:
            return steps
        person.taps(DONE)
    raise AssertionError(f"no end: {steps}")


@pytest.mark.parametrize(
    ("setting", "way"),
    [
        ("A school run with the council", ["talk", "policy", "head", "governors", "resolution", "dfe", "ofsted", "end"]),
        ("An academy or free school", ["talk", "policy", "head", "panel", "resolution", "dfe-academy", "ofsted", "end"]),
        ("A private (independent) school", ["talk", "policy", "head", "proprietor", "dfe-independent", "end"]),
        ("A college", ["talk", "policy", "head", "corporation", "resolution", "dfe-college", "end"]),
        ("A nursery or preschool", ["talk", "policy", "manager", "resolution", "early-ofsted", "end"]),
        ("A childminder", ["talk", "manager", "early-ofsted", "end"]),
        ("I do not know", ["talk", "policy", "head", "governors", "resolution", "dfe", "ofsted", "end"]),
    ],
)  # fmt: skip
def test_every_kind_of_place_has_its_way(
    person: Conversation, content: Content, setting: str, way: list[str]
) -> None:
    value = next(v for v, o in content.questions["setting"].options.items() if o.title == setting)
    person.says(f'/path{{"setting": "{value}"}}')
    person.taps("Help at school, nursery or college")
    person.taps(NO_PLAN)
    person.taps("Nothing yet")
    assert goes_to_the_end(person, content) == way


@pytest.mark.parametrize(
    ("taps", "way"),
    [
        (["I want to ask for an EHC assessment"], ["request", "wait"]),
        (["A council decision about an EHC plan", "It will not assess", "I do not have the date", "I do not have one yet"], ["mediation", "appeal", "tribunal"]),
        (["A council decision about an EHC plan", "It assessed, but gives no plan", "I do not have the date", "I do not have one yet"], ["mediation", "appeal", "tribunal"]),
        (["A council decision about an EHC plan", "What the final plan says", "I do not have the date", "I do not have one yet"], ["mediation", "appeal", "tribunal"]),
        (["A council decision about an EHC plan", "Only the school that is named", "I do not have the date"], ["appeal-school", "tribunal"]),
        (["A council decision about an EHC plan", "It will not change the plan, or ends it", "I do not have the date", "I do not have one yet"], ["mediation", "appeal-change", "tribunal"]),
        (["A council decision about an EHC plan", "It is only a draft plan"], ["draft"]),
        (["Disability discrimination", "I do not know the date", "An academy or free school"], ["claim", "end"]),
        (["Disability discrimination", "I do not know the date", "A private (independent) school"], ["claim", "end"]),
        (["Disability discrimination", "I do not know the date", "A college"], ["court", "end"]),
        (["Disability discrimination", "I do not know the date", "A nursery or preschool"], ["court", "end"]),
        (["Help in an EHC plan is missing, or the council is late", "Help that is in the plan"], ["council", "ombudsman", "end"]),
        (["Help in an EHC plan is missing, or the council is late", "The yearly review"], ["council", "ombudsman", "end"]),
    ],
)  # fmt: skip
def test_every_other_matter_has_its_way(
    person: Conversation, content: Content, taps: list[str], way: list[str]
) -> None:
    person.says("my steps")
    person.taps("Begin step by step")
    for title in taps:
        person.taps(title)
    steps = [person.step]
    for _ in range(5):
        if content.steps[steps[-1] or ""].end:
            break
        person.taps(DONE)
        if person.step is None:  # the date of the certificate is asked again
            person.taps("I do not have one yet")
        steps.append(person.step)
    assert steps == way
    assert IASS in person.hears


def test_each_step_says_all_there_is_to_say(person: Conversation, content: Content) -> None:
    person.says('/path{"step": "governors"}')
    step = content.steps["governors"]
    for words in (
        step.do,
        step.who,
        step.say,
        step.keep,
        step.expect,
        step.says.text,
        str(step.says.source),
        "Next:",
        IASS,
    ):
        assert words in person.hears
    reply = person.replies[0]
    assert reply.short == step.short
    assert reply.easy_read == step.easy_read


def test_a_wrong_or_unconfirmed_contact_is_never_shown(content: Content) -> None:
    for step in content.steps.values():
        said = f"{step.text} {step.short} {step.easy_read} {step.next}"
        for wrong in ("gsi.gov.uk", "01325", "Stockwell", "020 8461 7630", "iass@bromley", "globalmediation"):
            assert wrong not in said
