"""What is known of a person: kept in one slot, read from an older release's slots, cautious with a newer one's."""

import json
from typing import Any

from send_guide.domain.guided_path import Progress
from send_guide.domain.situation import OLD_SLOTS, Fact, Situation

STEPS = Progress(
    facts={"topic": "support", "setting": "academy"},
    done={"talk": "2026-03"},
    trail=[["topic"], ["setting", "done.talk"]],
    asked="reached",
    at="talk",
    letter="senco-email",
)
FULL = Situation(
    child="daughter",
    children={"son": {"version": 1, "spoken_to": ["head"]}},
    facts={"plan": Fact("yes"), "who": Fact("parent", "tapped")},
    spoken_to=["senco"],
    done={"talk": "yes"},
    progress=STEPS,
    said=["schools.appoint-senco"],
    last_choices=[["Who is the SENCO?", '/choose{"answer": "senco.parents"}']],
    others=["senco.parents"],
    forms=["full"],
    dates={"decision": "2026-11-02"},
    asked={"plan": 1},
    open="fact.plan",
    rejected=["ehc.six-weeks"],
    role_shown="senco",
    duties_shown=4,
    unsure=True,
    asked_to_leave_out=True,
    danger=True,
    urgent="urgent.child-at-risk",
    all_safe=True,
    remembered=["contacts.iass"],
    remembered_progress=Progress(at="head"),
)
OF_0_1: dict[str, Any] = {
    "last_answers": ["schools.appoint-senco", "senco.parents"],
    "remembered": [],
    "role_shown": "governors",
    "duties_shown": 4.0,
    "unsure": True,
    "asked_to_leave_out": True,
    "on_path": True,
    "path": {
        "facts": {"topic": "support", "setting": "academy"},
        "done": {"talk": "2026-03"},
        "trail": [["topic"], ["setting", "done.talk"]],
        "asked": "reached",
        "at": "talk",
        "letter": "senco-email",
    },
    "remembered_path": None,
    "phase": "primary",
    "plan": None,
    "spoken_to_teacher": True,
    "spoken_to_senco": None,
    "spoken_to_head": True,
    "spoken_to_governors": None,
    "spoken_to_council": None,
}
"""Every slot of release 0.1, as its store has them."""


def test_everything_known_survives_being_kept() -> None:
    assert all(getattr(FULL, name) != getattr(Situation(), name) for name in Situation.__dataclass_fields__)
    assert Situation.of_json(json.loads(json.dumps(FULL.to_json()))) == FULL


def test_only_what_is_known_is_kept() -> None:
    assert Situation().to_json() == {"version": 1}
    assert Situation(said=["contacts.iass"]).to_json() == {"version": 1, "said": ["contacts.iass"]}


def test_what_is_kept_is_a_copy() -> None:
    kept = FULL.to_json()
    read = Situation.of_json(kept)
    assert read.progress
    read.progress.facts["topic"] = "delay"
    read.said.append("contacts.iass")
    assert Situation.of_json(kept) == FULL


def test_an_empty_slot_is_a_new_situation() -> None:
    assert Situation.of_json(None) == Situation.of_json({}) == Situation.of_slots({}) == Situation()


def test_what_a_newer_release_has_kept_is_read_without_what_is_new() -> None:
    newer = FULL.to_json() | {"version": 2, "weather": "rain", "mood": "calm"}
    assert Situation.of_json(newer) == FULL


def test_a_fact_that_a_newer_release_says_more_of_is_still_known() -> None:
    newer = {"facts": {"plan": {"value": "yes", "how": "said", "of": "the older child"}}}
    assert Situation.of_json(newer) == Situation(facts={"plan": Fact("yes")})
    further = {"progress": STEPS.kept() | {"pace": "slow"}}
    assert Situation.of_json(further) == Situation(progress=STEPS)


def test_what_release_0_1_kept_is_known_on_the_path() -> None:
    assert set(OF_0_1) == OLD_SLOTS
    assert Situation.of_slots(OF_0_1) == Situation(
        facts={"phase": Fact("primary")},
        spoken_to=["teacher", "head"],
        progress=STEPS,
        said=["schools.appoint-senco", "senco.parents"],
        role_shown="governors",
        duties_shown=4,
        unsure=True,
        asked_to_leave_out=True,
    )


def test_what_release_0_1_kept_of_the_session_before_is_remembered() -> None:
    aside = {
        **OF_0_1,
        "on_path": False,
        "path": None,
        "remembered_path": OF_0_1["path"],
        "remembered": ["offer.aims"],
    }
    read = Situation.of_slots(aside)
    assert (read.on_path, read.remembered, read.remembered_progress) == (False, ["offer.aims"], STEPS)


def test_a_new_session_knows_the_topic_and_the_steps_and_nothing_else() -> None:
    asked = Situation(facts={"plan": Fact("yes")}, said=["offer.aims"], progress=STEPS, danger=True)
    assert asked.next_session() == Situation(remembered=["offer.aims"], remembered_progress=STEPS)
    assert asked.next_session().next_session() == asked.next_session()


def test_what_the_path_knows_comes_before_what_was_told() -> None:
    told = Situation(progress=Progress(facts={"setting": "college"}))
    told.tell({"setting": "academy", "plan": "no"}, "tapped")
    assert told.known() == {"setting": "college", "plan": "no"}
    assert told.facts["plan"] == Fact("no", "tapped")
