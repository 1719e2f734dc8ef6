"""Each action with a tracker: the exact events and what is said."""

from collections.abc import Sequence
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import (
    ActionAnswer,
    ActionChosen,
    ActionExplainTerms,
    ActionOfferChoices,
    ActionSimpler,
    ActionSource,
    ActionStrength,
    ActionWhoCanHelp,
)
from actions.contacts import ActionContactThem, ActionSpeakToPerson
from actions.duties import PORTION, ActionRoleDuties, ActionWhatElse, ActionWhoChecks
from actions.smalltalk import ActionOffTopic, ActionSmalltalk, ActionStartAgain
from send_guide.content import Content

SENCO = "schools.appoint-senco"


def tracker(
    understanding: dict[str, Any] | None = None,
    entities: Sequence[tuple[str, str]] = (),
    intent: str = "ask",
    **slots: Any,
) -> Tracker:
    message = {
        "intent": {"name": intent},
        "entities": [{"entity": name, "value": value} for name, value in entities],
        "understanding": understanding or {},
    }
    return Tracker("a-person", slots, message, [], False, None, {}, "action_listen")


def run(action: Action, *args: Any, **kwargs: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker(*args, **kwargs), {})
    return events, dispatcher.messages


def said(*ids: str) -> list[dict[str, Any]]:
    return [SlotSet("last_answers", list(ids)), SlotSet("unsure", False)]


def test_an_answer_is_said_with_its_note_its_text_and_its_source(content: Content) -> None:
    events, [message] = run(
        ActionAnswer(), {"answers": [{"id": SENCO, "confidence": 0.9}], "choices": ["senco.parents"]}
    )
    assert events == said(SENCO)
    answer = content.answers[SENCO]
    note, text, source = message["text"].split("\n")
    assert note.startswith("Right now: ")
    assert text == answer.text
    assert source == "Schools must. Source: Bromley Area Wide Offer, Schools must, point 9"
    assert message["custom"] == {
        "kind": "answer",
        "answer_ids": [SENCO],
        "offered": ["senco.parents"],
        "confidence": 0.9,
    }
    assert message["answer_ids"] == [SENCO], "the bot event's metadata says the same"
    assert content.answers["senco.parents"].title in [button["title"] for button in message["buttons"]]


def test_two_questions_get_two_answers() -> None:
    found = [{"id": SENCO, "confidence": 0.9}, {"id": "contacts.tribunal", "confidence": 0.8}]
    events, messages = run(ActionAnswer(), {"answers": found, "choices": ["senco.parents"]})
    assert events == said(SENCO, "contacts.tribunal")
    assert [message["answer_ids"] for message in messages] == [[SENCO], ["contacts.tribunal"]]
    assert [message["offered"] for message in messages] == [[], []]


@pytest.mark.parametrize(
    ("answer_id", "kind"),
    [
        ("signpost.transport", "signpost"),
        ("urgent.child-at-risk", "urgent"),
        ("contacts.iass", "answer"),
    ],
)
def test_the_kind_of_reply_is_told(answer_id: str, kind: str) -> None:
    _, [message] = run(ActionAnswer(), {"answers": [{"id": answer_id, "confidence": 0.9}]})
    assert message["kind"] == kind


def test_nothing_distracts_from_an_urgent_answer() -> None:
    _, [message] = run(ActionAnswer(), {"answers": [{"id": "urgent.child-at-risk", "confidence": 0.9}]})
    assert message["buttons"] == []


def test_what_else_was_asked_can_be_had_after_an_urgent_answer() -> None:
    answers, choices = [{"id": "urgent.child-at-risk", "confidence": 0.9}], ["ehc.six-weeks"]
    _, [first, then] = run(ActionAnswer(), {"answers": answers, "choices": choices})
    assert (first["kind"], first["buttons"]) == ("urgent", [])
    assert (then["kind"], then["offered"]) == ("choices", ["ehc.six-weeks"])


def test_who_is_upset_can_tap_that_it_is_more_than_that() -> None:
    _, [message] = run(ActionSmalltalk(), {}, intent="upset")
    assert [button["payload"] for button in message["buttons"]] == [
        '/choose{"answer": "urgent.child-at-risk"}',
        '/choose{"answer": "urgent.self-harm-or-suicide"}',
    ]


def test_choices_are_offered_by_title(content: Content) -> None:
    events, [message] = run(ActionOfferChoices(), {"choices": [SENCO, "senco.parents"], "confidence": 0.2})
    assert events == [SlotSet("unsure", True)]
    assert message["kind"] == "choices"
    assert message["offered"] == [SENCO, "senco.parents"]
    assert message["buttons"] == [
        {"title": content.answers[SENCO].title, "payload": f'/choose{{"answer": "{SENCO}"}}'},
        {"title": content.answers["senco.parents"].title, "payload": '/choose{"answer": "senco.parents"}'},
        {"title": "None of these", "payload": "/none_of_these"},
    ]


def test_where_nothing_is_likely_people_are_named() -> None:
    events, [message] = run(ActionOfferChoices(), {"choices": []})
    assert events[-1] == SlotSet("unsure", True)
    assert (message["kind"], message["response"]) == ("fallback", "utter_who_can_help")


def test_a_choice_is_answered_and_a_forged_one_is_not() -> None:
    events, [message] = run(ActionChosen(), entities=[("answer", SENCO)])
    assert events == said(SENCO)
    assert message["answer_ids"] == [SENCO]
    events, [message] = run(ActionChosen(), entities=[("answer", "no.such-answer")])
    assert message["response"] == "utter_who_can_help"


def test_the_second_stage_points_to_people() -> None:
    events, [message] = run(ActionWhoCanHelp())
    assert events == [SlotSet("unsure", False)]
    assert message["buttons"] == [{"title": "Speak to a person", "payload": "/speak_to_person"}]


def test_the_simpler_wording(content: Content) -> None:
    events, [message] = run(ActionSimpler(), last_answers=[SENCO])
    assert events == []
    assert message["text"].startswith(content.answers[SENCO].easy_read.splitlines()[0])
    assert message["text"].endswith("point 9")


def test_the_source_with_the_date_it_was_checked() -> None:
    _, [message] = run(ActionSource(), last_answers=[SENCO])
    assert "Bromley Area Wide Offer, Schools must, point 9." in message["text"]
    assert "Checked on 23 November 2026." in message["text"]
    assert "https://" in message["text"]


@pytest.mark.parametrize(
    ("answer_id", "sentence"),
    [
        ("schools.medical-conditions", "It says schools must do this. It is a duty, not a choice."),
        ("senco.parents", "It says the SENCO should do this. It is what is expected. It is not as strong as a must."),
        ("la.sufficiency", "It says the council is required to do this. It is a duty, not a choice."),
        ("offer.aims", "This is information. It does not say that anyone has a duty."),
    ],
)  # fmt: skip
def test_a_must_stays_a_must_and_a_should_a_should(answer_id: str, sentence: str) -> None:
    _, [message] = run(ActionStrength(), last_answers=[answer_id])
    assert message["text"].startswith(sentence)


def test_the_special_words_of_an_answer_are_offered() -> None:
    events, [message] = run(ActionExplainTerms(), last_answers=[SENCO])
    assert events == []
    assert "glossary.senco" in message["offered"]


@pytest.mark.parametrize(
    "action",
    [ActionSimpler(), ActionSource(), ActionStrength(), ActionExplainTerms(), ActionWhoChecks(), ActionWhatElse()],
    ids=lambda action: action.name(),
)  # fmt: skip
def test_a_follow_up_to_nothing_asks_for_a_question(action: Action) -> None:
    events, [message] = run(action)
    assert events == []
    assert (message["kind"], message["response"]) == ("fallback", "utter_about_what")


def test_duties_come_in_portions_to_the_end(content: Content) -> None:
    duties = [answer.id for answer in content.duties_of("governors")]
    events, [message] = run(ActionRoleDuties(), entities=[("role", "governors")])
    seen = list(message["answer_ids"])
    assert seen == duties[:PORTION]
    slots = {event["name"]: event["value"] for event in events}
    while slots["duties_shown"]:
        events, [message] = run(ActionWhatElse(), **slots)
        seen += message["answer_ids"]
        slots = {event["name"]: event["value"] for event in events}
    assert seen == duties


def test_musts_come_before_shoulds(content: Content) -> None:
    strengths = [answer.strength for answer in content.duties_of("governors")]
    assert strengths == sorted(strengths, key=["must", "should"].index)


def test_without_a_role_the_roles_are_offered() -> None:
    events, [message] = run(ActionRoleDuties())
    assert events == []
    assert len(message["buttons"]) == 5


def test_what_else_goes_on_with_the_role_of_the_last_answer() -> None:
    events, [message] = run(ActionWhatElse(), last_answers=["senco.parents"])
    assert all(answer_id.startswith("senco.") for answer_id in message["answer_ids"])
    assert SlotSet("role_shown", "senco") in events


def test_who_checks_the_senco() -> None:
    events, [message] = run(ActionWhoChecks(), last_answers=["senco.parents"])
    assert events == said("governors.senco-responsibilities")
    assert message["offered"] == ["head.senco-influence"]


def test_how_to_reach_those_it_is_about() -> None:
    events, messages = run(ActionContactThem(), last_answers=["governors.oversight"])
    assert events == []
    assert messages[0]["answer_ids"] == ["escalation.write-to-governors"]
    assert "bromleyiass.org.uk" in messages[-1]["text"]


def test_a_person_to_talk_to() -> None:
    events, [message] = run(ActionSpeakToPerson())
    assert events == said("contacts.iass")
    assert "bromleyiass.org.uk" in message["text"]
    assert message["offered"] == ["help.ipsea", "help.contact"]


def test_small_talk_is_found_by_the_intents_name() -> None:
    events, [message] = run(ActionSmalltalk(), intent="thanks")
    assert events == []
    assert (message["kind"], message["response"]) == ("smalltalk", "utter_thanks")


def test_starting_again_forgets() -> None:
    events, [message] = run(ActionStartAgain(), last_answers=[SENCO])
    assert events == [AllSlotsReset()]
    assert message["response"] == "utter_start_again"


def test_off_topic_says_what_the_guide_is_for() -> None:
    events, [message] = run(ActionOffTopic())
    assert events == []
    assert (message["kind"], message["response"]) == ("fallback", "utter_off_topic")
