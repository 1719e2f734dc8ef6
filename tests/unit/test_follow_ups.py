"""The ranking of answers after an answer: by the message, by what was typed before, by examples."""

import dataclasses
import functools
from pathlib import Path

import pytest

from send_guide.content import Content, get_content
from send_guide.nlu.analysis import Analyser
from send_guide.nlu.archive import open_analyser
from send_guide.nlu.follow_ups import FollowUp, FollowUpModel
from tests.conftest import ROOT

LAST = "appeal.discrimination"


@pytest.fixture(scope="module")
def content() -> Content:
    return get_content()


@functools.cache
def analyser() -> Analyser:
    return open_analyser(ROOT / "models" / "send-guide.tar.gz")[0]


@pytest.fixture(scope="module")
def model(content: Content) -> FollowUpModel:
    return FollowUpModel.train(content, analyser().encoder)


def read(model: FollowUpModel, text: str, last: str = LAST, before: tuple[str, ...] = ()) -> FollowUp:
    content, reader = get_content(), analyser()
    return model.read(text, [content.answers[last]], before, content, reader.encoder, reader.models)


def test_what_stands_in_the_last_answer_is_about_it(model: FollowUpModel) -> None:
    assert read(model, "how long have i got").ranking[0][0] == LAST


def test_a_question_of_its_own_leaves_the_last_answer(model: FollowUpModel) -> None:
    assert read(model, "who can ask for an ehc plan").ranking[0][0] == "ehc.who-can-ask"


def test_what_was_typed_before_counts(model: FollowUpModel) -> None:
    asked, last = "how much is it", "glossary.tribunal"
    alone = dict(read(model, asked, last).ranking)
    after_fines = dict(read(model, asked, last, ("school wants to fine me for her absence",)).ranking)
    assert after_fines.get("absence.fines", 0.0) > alone.get("absence.fines", 0.0)


def test_what_was_typed_counts_where_nothing_was_said(model: FollowUpModel) -> None:
    told = "the council put us in temporary housing in dartford, my son has a plan from bromley"
    reader = analyser()
    found = model.read(
        "even if its only temporary", [], (told,), get_content(), reader.encoder, reader.models
    )
    assert "ehc.moving" in [key for key, _ in found.ranking[:2]]


def test_what_goes_on_is_never_danger(model: FollowUpModel) -> None:
    said = ("its 1am and i cant do this any more", "i dont want to be here")
    ranked = read(model, "how do i get one of them", "care.carers", said).ranking
    assert ranked
    assert not [key for key, _ in ranked if key.startswith("urgent.")]


def test_the_ranking_is_of_probabilities(model: FollowUpModel) -> None:
    shares = [share for _, share in read(model, "and then?").ranking]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.000001


def test_it_is_the_same_after_it_was_kept(model: FollowUpModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    kept, now = read(FollowUpModel.load(tmp_path), "who pays"), read(model, "who pays")
    assert kept.line == now.line
    assert [key for key, _ in kept.ranking] == [key for key, _ in now.ranking]


def test_content_without_examples_of_what_is_typed_next_can_be_learnt(
    content: Content, tmp_path: Path
) -> None:
    model = FollowUpModel.train(dataclasses.replace(content, follow_ups={}), analyser().encoder)
    model.save(tmp_path)
    assert read(FollowUpModel.load(tmp_path), "how long have i got").ranking


@pytest.mark.parametrize(
    ("text", "last", "then"),
    [
        ("what if they refuse", "ehc.who-can-ask", "ehc.after-refusal"),
        ("what if they refuse", "escalation.complain-to-head", "escalation.write-to-governors"),
        ("is it free", "appeal.how", "appeal.who-and-cost"),
    ],
)
def test_the_same_words_lead_elsewhere_after_another_answer(
    model: FollowUpModel, text: str, last: str, then: str
) -> None:
    found = read(model, text, last)
    assert found.ranking[0][0] == then
    assert found.usual > 0.9


def test_what_leads_nowhere_after_an_answer_is_read_like_any_message(model: FollowUpModel) -> None:
    assert read(model, "is it free", "senco.policy").usual == 0


def test_a_model_that_knows_more_usual_questions_than_the_content_still_answers(model: FollowUpModel) -> None:
    content, reader = get_content(), analyser()
    fewer = dataclasses.replace(content, usual_follow_ups={})
    found = model.read(
        "is it free", [content.answers["appeal.how"]], (), fewer, reader.encoder, reader.models
    )
    assert found.ranking
    assert found.usual == 0
