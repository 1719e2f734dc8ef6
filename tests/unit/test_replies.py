"""Every type of reply: kept as JSON, it comes back the same; the JSON is what docs/reply.schema.json says."""

import json
from dataclasses import replace
from typing import Any, get_args

import jsonschema
import pytest
import yaml

from send_guide.channels.rest import as_rest
from send_guide.channels.web.replies import shown
from send_guide.content import Answer, Content, get_content
from send_guide.content.schema import Source
from send_guide.domain import reply as reply_module
from send_guide.domain.letters import with_text
from send_guide.domain.reply import (
    CONTRACT,
    TYPES,
    AnswerReply,
    Choice,
    DeadlineReply,
    DutiesReply,
    Kind,
    LetterReply,
    QuestionReply,
    Reply,
    StepReply,
    StepsReply,
    UrgentReply,
    WordsReply,
    from_json,
    to_json,
)
from tests.conftest import ROOT, Conversation

SCHEMA = json.loads((ROOT / "docs" / "reply.schema.json").read_text(encoding="utf-8"))


def with_null(node: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema has it: ``nullable`` is a type of its own."""
    if isinstance(node, list):
        return [with_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: with_null(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") else found


DESCRIPTION = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
SHOWN = {"$ref": "#/components/schemas/Reply", "components": with_null(DESCRIPTION["components"])}
CHOICES = (
    Choice("Say it more simply", "/simpler"),
    Choice("Somebody’s rights", '/choose{"answer": "offer.aims"}'),
)


def every_reply() -> dict[str, Reply]:
    """Return a reply of every type, with everything that can be set in it, by a name."""
    content = get_content()
    answer, step = content.answers["schools.appoint-senco"], content.steps["governors"]
    common: dict[str, Any] = {"choices": CHOICES, "offered": ("offer.aims",), "confidence": 0.75}
    parts: dict[str, Reply] = {
        form: AnswerReply(answer=answer, form=form, words="It says so.", **common)  # type: ignore[arg-type]
        for form in ("source", "strength", "contacts", "reach", "part")
    }
    return parts | {
        "full": AnswerReply(answer=answer, **common),
        "simpler": AnswerReply(answer=answer, form="simpler", **common),
        "led": AnswerReply(answer=answer, intro="Who checks schools:", **common),
        "signpost": AnswerReply(answer=content.answers["signpost.benefits"]),
        "urgent": UrgentReply(answer=content.answers["urgent.child-at-risk"], confidence=0.5),
        "duties": DutiesReply(role="senco", duties=tuple(one.id for one in content.duties_of("senco")[:4]), first=1, of=9, **common),
        "words": WordsReply(words="Hello.\nWhat now?", says="smalltalk", intro="Welcome back.", brief="Hello.", about=("offer.aims",), **common),
        "words on the path": WordsReply(words="That is fine.", says="escalation", step="governors"),
        "question": QuestionReply(key="setting", ask="What kind?", help="Free help: IASS.", intro="Thank you.", **common),
        "question off the path": QuestionReply(key="plan", ask="Is there a plan?", says="question"),
        "step": StepReply(step=step, by_when=("Appeal: 3 May.",), after="The panel.", number=2, of=6, help="Free help.", **common),
        "step, where somebody is": StepReply(step=step, form="here", after="The panel.", have_you="Have you?", help="Help."),
        "step, simpler": StepReply(step=step, form="simpler"),
        "step, what it says": StepReply(step=step, form="says"),
        "steps": StepsReply(before=("My steps",), done=("Talk (in March 2026)",), now="Complain.", coming=("Panel",), after=("Free help.",), step="governors", **common),
        "letter": LetterReply(template="ehc-request", title="Asking for an assessment", facts={"setting": "academy", "talk": "2026-03"}, words="Here is a draft.", **common),
        "deadline": DeadlineReply(title="Last day to appeal", last_day="2027-01-25", spoken="25 January 2027", working=("2 months.", "Later."), advice=("In 9 days.",), brief="Appeal by 25 January.", about=("ehc.appeal",), **common),
    }  # fmt: skip


REPLIES = every_reply()
BY_NAME = pytest.mark.parametrize("name", sorted(REPLIES))


def kept(reply: Reply) -> Any:
    """Return a reply's JSON form as a database gives it back."""
    return json.loads(json.dumps(to_json(reply)))


def test_no_type_is_left_out() -> None:
    assert {type(reply) for reply in REPLIES.values()} == set(TYPES.values())


@BY_NAME
def test_a_reply_survives_being_kept(name: str) -> None:
    reply = REPLIES[name]
    back = from_json(kept(reply), reply.text, reply.choices)
    assert back == reply
    assert type(back) is type(reply)
    assert (back.text, back.short, back.easy_read) == (reply.text, reply.short, reply.easy_read)


@BY_NAME
def test_what_is_kept_is_what_the_schema_says(name: str) -> None:
    jsonschema.validate(kept(REPLIES[name]), SCHEMA)


@BY_NAME
def test_the_rest_channel_says_what_the_schema_says_and_a_letter_has_its_text(name: str) -> None:
    words, more = as_rest(REPLIES[name], "mum")
    assert words["text"] == REPLIES[name].text
    custom = json.loads(json.dumps(more["custom"]))
    jsonschema.validate(custom, SCHEMA)
    assert ("letter" in custom) == (name == "letter")
    assert name != "letter" or "\nSubject: " in custom["letter"]["text"]


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "shout"},
        {"answer_ids": "schools.appoint-senco"},
        {"offered": None},
        {"confidence": 1.5},
        {"type": "telepathy"},
        {"letter": {"template": "ehc-request"}},
        {"deadline": {"title": "Appeal", "last_day": "soon", "working": []}},
        {"mood": "cheerful"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_schema_refuses_what_is_no_reply(broken: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors(kept(REPLIES["full"]))) == []
    assert list(validator.iter_errors(kept(REPLIES["full"]) | broken))


@BY_NAME
def test_the_web_says_what_its_description_says(name: str) -> None:
    jsonschema.validate(json.loads(json.dumps(shown(REPLIES[name]))), SHOWN)


def test_the_kinds_are_the_same_everywhere() -> None:
    kinds = set(get_args(Kind))
    assert set(SCHEMA["properties"]["kind"]["enum"]) == kinds
    assert set(SHOWN["components"]["schemas"]["Reply"]["properties"]["kind"]["enum"]) == kinds


def test_the_schema_knows_every_key_type_and_kind() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == {*CONTRACT, "type", "made_of"}
    assert set(SCHEMA["properties"]["type"]["enum"]) == set(TYPES)


def test_events_hold_the_contract_once_and_what_it_is_made_of_once(person: Conversation) -> None:
    person.says("does every school have a senco")
    events = [event for event in json.loads(person.kept()) if event["event"] == "bot"]
    (event,) = events
    assert set(event["metadata"]) - {"utter_action", "model_id", "assistant_id"} <= set(CONTRACT)
    assert event["metadata"]["answer_ids"] == ["schools.appoint-senco"]
    jsonschema.validate(event["data"]["custom"], SCHEMA)
    assert json.dumps(event).count('"made_of"') == 1


OLD: list[tuple[dict[str, Any], str]] = [
    ({"kind": "answer", "answer_ids": ["schools.appoint-senco"], "offered": ["offer.aims"], "confidence": 0.9}, "answer"),
    ({"kind": "escalation", "answer_ids": [], "offered": [], "confidence": None, "step": "governors", "short": "Write.", "easy_read": "You can write."}, "escalation"),
    ({"kind": "letter", "answer_ids": [], "letter": {"template": "ehc-request", "title": "x", "facts": {}}}, "letter"),
    ({"kind": "urgent", "answer_ids": ["urgent.child-at-risk"]}, "urgent"),
    ({}, "smalltalk"),
]  # fmt: skip


@pytest.mark.parametrize(("custom", "kind"), OLD)
def test_what_an_older_release_kept_comes_back_in_its_words(custom: dict[str, Any], kind: str) -> None:
    back = from_json(custom, "As it was said then.", CHOICES)
    assert isinstance(back, WordsReply)
    assert (back.text, back.kind, back.choices) == ("As it was said then.", kind, CHOICES)
    assert back.answer_ids == tuple(custom.get("answer_ids", ()))
    assert back.offered == tuple(custom.get("offered", ()))
    assert back.step_id == custom.get("step")
    assert back.short == custom.get("short")


def test_an_answer_that_was_edited_since_comes_back_as_it_was_said() -> None:
    answer = get_content().answers["schools.appoint-senco"]
    before = AnswerReply(answer=answer.model_copy(update={"text": "What it said before."}), choices=CHOICES)
    back = from_json(kept(before), before.text, before.choices)
    assert isinstance(back, WordsReply)
    assert back.text == before.text
    assert back.answer_ids == (answer.id,)


@pytest.mark.parametrize(
    "made_of",
    [
        {"answer": {"id": "schools.closed-since"}},
        {"answer": {"id": "schools.appoint-senco", "variant": 99}},
        {"answer": {"id": "schools.appoint-senco"}, "tone": "of a newer release"},
        {"answer": "schools.appoint-senco"},
        {"answer": None},
        {},
        [],
        "nonsense",
        None,
    ],
    ids=str,
)
def test_what_cannot_be_made_any_more_comes_back_in_its_words(made_of: Any) -> None:
    custom = kept(REPLIES["full"]) | {"made_of": made_of}
    assert from_json(custom, "As it was said.").text == "As it was said."


@pytest.mark.parametrize("name", ["duties", "step"])
def test_what_is_gone_from_the_content_comes_back_in_its_words(name: str) -> None:
    custom = kept(REPLIES[name])
    for key in ("role", "step"):
        if key in custom["made_of"]:
            custom["made_of"][key] = "gone"
    assert from_json(custom, "As it was said.").text == "As it was said."


def test_the_variant_that_was_said_comes_back(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = {
        "id": "schools.appoint-senco",
        "title": "Is there a SENCO?",
        "strength": "information",
        "source": Source(law="The Act"),
        "evidence": {"checked": "2026-11-01", "confidence": "high"},
        "lead": "Every school.",
        "short": "Every school.",
        "easy_read": "Every school.",
        "review": "2027-01-01",
        "variants": [{"when": {"setting": ["college"]}, "lead": "A college need not."}],
    }
    varied = Answer.model_validate(raw)
    said = AnswerReply(answer=varied.for_person({"setting": "college"}))
    assert "A college need not." in said.text
    assert kept(said)["made_of"]["answer"] == {"id": "schools.appoint-senco", "variant": 0}
    answers = content.answers | {varied.id: varied}
    monkeypatch.setattr(reply_module, "get_content", lambda: replace(content, answers=answers))
    assert from_json(kept(said), said.text) == said


def test_a_letter_is_kept_without_its_text() -> None:
    assert "Subject" not in json.dumps(kept(REPLIES["letter"]))
    assert "Subject" in json.dumps(with_text(kept(REPLIES["letter"])))


def test_a_sentence_goes_before(content: Content) -> None:
    led = replace(REPLIES["question"], intro="Good.")
    assert led.text.startswith("Good.\n")
    assert replace(led, intro="Thank you.") == REPLIES["question"]
