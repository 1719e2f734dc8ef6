"""Each handler with a turn: exactly what changes in what is known, and what is said."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
import yaml

from send_guide.content import Content
from send_guide.dialogue import answers, contacts, duties, smalltalk
from send_guide.dialogue.respond import HANDLERS, respond
from send_guide.dialogue.turn import Entity, Turn, Understanding
from send_guide.domain.guided_path import Progress
from send_guide.domain.reply import AnswerReply, Choice, DutiesReply, Reply, UrgentReply, WordsReply
from send_guide.domain.situation import Fact, Situation
from tests.conftest import ROOT

SENCO = "schools.appoint-senco"
SURE = 0.9
Handler = Callable[[Turn], None]


def turn(
    *said: str,
    choices: Sequence[str] = (),
    entities: Sequence[tuple[str, str]] = (),
    intent: str = "ask",
    text: str = "",
    situation: Situation | None = None,
) -> Turn:
    """Return a message that understanding has read as asking for these answers, each surely."""
    heard = Understanding(
        text=text,
        intent=intent,
        entities=tuple(Entity(name, value) for name, value in entities),
        answers=tuple((answer_id, SURE) for answer_id in said),
        choices=tuple(choices),
    )
    return Turn(heard, situation or Situation())


def after(*said: str, **more: object) -> Situation:
    """Return the situation of somebody who was told these answers."""
    return Situation(said=list(said), **more)  # type: ignore[arg-type]


def known(situation: Situation) -> Situation:
    """Return what is known, without what was on the screen last."""
    return replace(situation, others=[], forms=[], last_choices=[])


def words_of(content: Content, name: str) -> str:
    return content.words[name].text


def only(found: Turn) -> Reply:
    [reply] = found.replies
    return reply


def test_an_answer_is_said_with_its_note_its_text_and_its_source(content: Content) -> None:
    asked = turn(SENCO, choices=["senco.parents"])
    answers.answer(asked)
    assert known(asked.situation) == Situation(said=[SENCO])
    reply, answer = only(asked), content.answers[SENCO]
    assert isinstance(reply, AnswerReply)
    assert (reply.answer, reply.form, reply.confidence) == (answer, "full", SURE)
    *lines, source = reply.text.split("\n")
    assert lines[0] == answer.lead, "the direct answer comes first"
    assert "\n".join(lines).startswith(answer.text)
    assert source == "Schools must. Source: Bromley Area Wide Offer, Schools must, point 9"
    assert (reply.kind, reply.answer_ids, reply.offered) == ("answer", (SENCO,), ("senco.parents",))
    assert content.answers["senco.parents"].title in [choice.title for choice in reply.choices]


def test_two_questions_get_two_answers() -> None:
    asked = turn(SENCO, "contacts.tribunal")
    answers.answer(asked)
    assert known(asked.situation) == Situation(said=[SENCO, "contacts.tribunal"])
    assert [reply.answer_ids for reply in asked.replies] == [(SENCO,), ("contacts.tribunal",)]
    assert [reply.offered for reply in asked.replies] == [(), ()]


def test_what_was_asked_beyond_that_is_offered(content: Content) -> None:
    asked = turn(SENCO, "contacts.tribunal", choices=["senco.parents"])
    answers.answer(asked)
    assert asked.replies[-1].text == words_of(content, "asked-more")
    assert asked.replies[-1].offered == ("senco.parents",)


@pytest.mark.parametrize(
    ("answer_id", "kind", "kept_as"),
    [
        ("signpost.benefits", "signpost", AnswerReply),
        ("urgent.child-at-risk", "urgent", UrgentReply),
        ("contacts.iass", "answer", AnswerReply),
    ],
)
def test_the_kind_of_reply_is_told(answer_id: str, kind: str, kept_as: type[Reply]) -> None:
    asked = turn(answer_id)
    answers.answer(asked)
    assert (only(asked).kind, type(only(asked))) == (kind, kept_as)


def test_nothing_distracts_from_an_urgent_answer() -> None:
    asked = turn("urgent.child-at-risk")
    answers.answer(asked)
    assert only(asked).choices == ()


def test_what_else_was_asked_can_be_had_after_an_urgent_answer(content: Content) -> None:
    asked = turn("urgent.child-at-risk", choices=["ehc.six-weeks"])
    answers.answer(asked)
    first, then = asked.replies
    assert (first.kind, first.choices) == ("urgent", ())
    assert (then.kind, then.offered) == ("choices", ("ehc.six-weeks",))
    assert then.text == words_of(content, "when-ready")
    assert known(asked.situation) == Situation(said=["urgent.child-at-risk"])


def test_who_is_upset_can_tap_that_it_is_more_than_that(content: Content) -> None:
    told = turn(intent="upset")
    smalltalk.upset(told)
    assert only(told).text == words_of(content, "upset")
    assert [choice.payload for choice in only(told).choices][-2:] == [
        '/choose{"answer": "urgent.child-at-risk"}',
        '/choose{"answer": "urgent.self-harm-or-suicide"}',
    ]


@pytest.mark.parametrize("sure", [0.1, 0.4])
def test_choices_are_offered_by_title(content: Content, sure: float) -> None:
    asked = turn(choices=[SENCO, "senco.parents"], intent="nlu_fallback")
    asked.heard = dataclasses.replace(asked.heard, likeliest=((SENCO, sure),))
    answers.offer_choices(asked)
    assert known(asked.situation) == Situation(unsure=True)
    reply = only(asked)
    assert (reply.kind, reply.body) == ("choices", words_of(content, "did-you-mean"))
    sounds = f"It sounds as if {content.triage.sounds_like[SENCO]}."
    assert reply.intro == (sounds if sure == 0.4 else ""), "a wrong guess hurts"
    assert reply.offered == (SENCO, "senco.parents")
    assert reply.choices == (
        Choice(content.answers[SENCO].title, f'/choose{{"answer": "{SENCO}"}}'),
        Choice(content.answers["senco.parents"].title, '/choose{"answer": "senco.parents"}'),
        Choice("None of these", "/none_of_these"),
    )


def test_where_nothing_is_likely_people_are_named(content: Content) -> None:
    asked = turn(intent="nlu_fallback")
    answers.offer_choices(asked)
    assert known(asked.situation) == Situation(unsure=True)
    assert (only(asked).kind, only(asked).text) == ("fallback", words_of(content, "who-can-help"))


def test_the_second_time_running_people_are_named_and_not_the_third(content: Content) -> None:
    before = Situation(unsure=True, others=[SENCO])
    asked = turn(choices=[SENCO], intent="nlu_fallback", situation=before)
    answers.offer_choices(asked)
    assert known(asked.situation) == Situation()
    assert only(asked).text == words_of(content, "who-can-help")


def test_a_choice_is_answered_and_a_forged_one_is_not(content: Content) -> None:
    picked = turn(entities=[("answer", SENCO)], intent="choose")
    answers.chosen(picked)
    assert known(picked.situation) == Situation(said=[SENCO])
    assert only(picked).answer_ids == (SENCO,)
    forged = turn(entities=[("answer", "no.such-answer")], intent="choose")
    answers.chosen(forged)
    assert known(forged.situation) == Situation()
    assert only(forged).text == words_of(content, "who-can-help")


def test_the_second_stage_points_to_people() -> None:
    asked = turn(situation=Situation(unsure=True))
    answers.who_can_help(asked)
    assert known(asked.situation) == Situation()
    assert only(asked).choices == (
        Choice("Speak to a person", "/speak_to_person"),
        Choice("Something else", "/topics"),
    )


def test_the_simpler_wording(content: Content) -> None:
    asked = turn(intent="simpler", situation=after(SENCO))
    answers.simpler(asked)
    assert known(asked.situation) == after(SENCO)
    reply = only(asked)
    assert isinstance(reply, AnswerReply)
    assert reply.form == "simpler"
    assert reply.text.startswith(content.answers[SENCO].easy_read.splitlines()[0])
    assert reply.text.endswith("point 9")


def test_the_source_with_the_date_it_was_checked(content: Content) -> None:
    asked = turn(situation=after(SENCO))
    answers.source(asked)
    assert known(asked.situation) == after(SENCO)
    assert "Bromley Area Wide Offer, Schools must, point 9." in only(asked).text
    evidence = content.answers[SENCO].evidence
    assert evidence
    assert f"Checked on {evidence.checked:%d %B %Y}." in only(asked).text
    assert "https://" in only(asked).text


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
    asked = turn(situation=after(answer_id))
    answers.strength(asked)
    assert only(asked).text.startswith(sentence)


def test_the_special_words_of_an_answer_are_offered() -> None:
    asked = turn(situation=after(SENCO))
    answers.explain_terms(asked)
    assert known(asked.situation) == after(SENCO)
    assert "glossary.senco" in only(asked).offered


@pytest.mark.parametrize(
    "handler",
    [answers.simpler, answers.source, answers.strength, answers.explain_terms, duties.who_checks, duties.what_else],
    ids=lambda handler: handler.__name__,
)  # fmt: skip
def test_a_follow_up_to_nothing_asks_for_a_question(handler: Handler, content: Content) -> None:
    asked = turn()
    handler(asked)
    assert known(asked.situation) == Situation()
    assert (only(asked).kind, only(asked).text) == ("fallback", words_of(content, "about-what"))


def test_duties_come_in_portions_to_the_end(content: Content) -> None:
    wanted = tuple(answer.id for answer in content.duties_of("governors"))
    asked = turn(entities=[("role", "governors")], intent="role_duties")
    duties.role_duties(asked)
    seen = only(asked).answer_ids
    assert isinstance(only(asked), DutiesReply)
    assert seen == wanted[: duties.PORTION]
    while asked.situation.duties_shown:
        asked = turn(intent="what_else", situation=asked.situation)
        duties.what_else(asked)
        seen += only(asked).answer_ids
    assert seen == wanted
    assert known(asked.situation) == Situation(said=list(only(asked).answer_ids), role_shown="governors")


def test_a_portion_says_which_of_how_many_and_offers_more() -> None:
    asked = turn(entities=[("role", "governors")], intent="role_duties")
    duties.role_duties(asked)
    reply = only(asked)
    assert isinstance(reply, DutiesReply)
    assert reply.text.startswith(f"What the offer asks of governors (1 to 4 of {reply.of}):\n- Must ")
    assert reply.choices[-1] == Choice("Show me more", "/what_else")
    assert known(asked.situation) == Situation(
        said=list(reply.duties), role_shown="governors", duties_shown=duties.PORTION
    )


def test_musts_come_before_shoulds(content: Content) -> None:
    strengths = [answer.strength for answer in content.duties_of("governors")]
    assert strengths == sorted(strengths, key=["must", "should"].index)


def test_without_a_role_the_roles_are_offered() -> None:
    asked = turn(intent="role_duties")
    duties.role_duties(asked)
    assert known(asked.situation) == Situation()
    assert len(only(asked).choices) == 5


def test_what_else_goes_on_with_the_role_of_the_last_answer() -> None:
    asked = turn(situation=after("senco.parents"))
    duties.what_else(asked)
    assert all(answer_id.startswith("senco.") for answer_id in only(asked).answer_ids)
    assert asked.situation.role_shown == "senco"


def test_who_checks_the_senco() -> None:
    asked = turn(situation=after("senco.parents"))
    duties.who_checks(asked)
    assert known(asked.situation) == after("governors.senco-responsibilities")
    assert only(asked).offered == ("head.senco-influence",)
    assert only(asked).text.startswith("Who checks the SENCO:\n")


def test_how_to_reach_those_it_is_about() -> None:
    asked = turn(situation=after("governors.oversight"))
    contacts.contact_them(asked)
    assert known(asked.situation) == after("governors.oversight")
    reach, cards = asked.replies
    assert reach.answer_ids == ("escalation.write-to-governors",)
    assert "bromleyiass.org.uk" in cards.text
    assert [reply.form for reply in asked.replies if isinstance(reply, AnswerReply)] == ["reach", "contacts"]


def test_a_person_to_talk_to() -> None:
    asked = turn(intent="speak_to_person")
    contacts.speak_to_person(asked)
    assert known(asked.situation) == after("contacts.iass")
    assert "bromleyiass.org.uk" in only(asked).text
    assert only(asked).offered == ("help.ipsea", "help.contact")


def test_small_talk_is_found_by_the_intents_name(content: Content) -> None:
    said = turn(intent="thanks")
    smalltalk.smalltalk(said)
    assert known(said.situation) == Situation()
    assert only(said) == WordsReply(words=words_of(content, "thanks"), says="smalltalk")


def test_starting_again_forgets_all_but_that_names_are_to_be_left_out(content: Content) -> None:
    said = turn(
        situation=Situation(
            facts={"plan": Fact("yes")}, said=[SENCO], progress=Progress(at="talk"), asked_to_leave_out=True
        )
    )
    smalltalk.start_again(said)
    assert known(said.situation) == Situation(asked_to_leave_out=True)
    assert only(said).text == words_of(content, "start-again")


def test_off_topic_says_what_the_guide_is_for(content: Content) -> None:
    asked = turn(intent="off_topic")
    smalltalk.off_topic(asked)
    assert known(asked.situation) == Situation()
    assert (only(asked).kind, only(asked).text) == ("fallback", words_of(content, "off-topic"))


def test_another_language_is_answered_in_it_and_in_english(content: Content) -> None:
    asked = Turn(Understanding(text="cześć", intent="off_topic", language="pl"), Situation())
    smalltalk.off_topic(asked)
    assert [reply.text for reply in asked.replies] == [
        content.languages["pl"],
        words_of(content, "english-only"),
    ]


def test_what_a_message_tells_is_kept_whatever_answers_it() -> None:
    told = turn(
        intent="thanks", text="thanks, she has a plan", entities=[("plan", "yes"), ("phase", "primary")]
    )
    respond(told)
    assert known(told.situation) == Situation(facts={"plan": Fact("yes"), "phase": Fact("primary")})


def test_on_the_path_what_may_answer_the_open_question_is_heard_as_that() -> None:
    told = turn(intent="telling", text="an academy", situation=Situation(progress=Progress({"topic": "support"}, asked="setting")))  # fmt: skip
    respond(told)
    assert told.situation.progress
    assert told.situation.progress.facts == {"topic": "support", "setting": "academy"}
    assert only(told).kind == "escalation"


def test_every_intent_of_the_domain_has_a_handler() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    intents = [next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]]
    assert set(intents) == set(HANDLERS)
