"""The parts of understanding, each by itself."""

from pathlib import Path

import numpy as np
import pytest

from send_guide.domain import safety
from send_guide.domain.text import normalise
from send_guide.nlu import danger, sentence_encoder
from send_guide.nlu.analysis import Analysis, Reading
from send_guide.nlu.classifiers import DangerModel, LabelModel, Models, NgramFeatures, ScopeModel
from send_guide.nlu.decide import Thresholds, after, decide
from send_guide.nlu.follow_ups import FollowUp
from send_guide.nlu.splitting import asked, split_questions


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> sentence_encoder.Encoder:
    folder = tmp_path_factory.mktemp("encoder")
    sentence_encoder.build(folder)
    return sentence_encoder.Encoder(folder)


def test_sentences_that_mean_the_same_are_near(encoder: sentence_encoder.Encoder) -> None:
    near, nearer, far = encoder.encode(
        ["The cat sits outside", "A cat is outdoors", "The school has no money"]
    )[:, sentence_encoder.MEANING]
    assert near @ nearer > 0.7
    assert near @ far < 0.2


def test_every_layer_of_a_vector_weighs_the_same(encoder: sentence_encoder.Encoder) -> None:
    vectors = encoder.encode(["who pays for the taxi", "?"])
    assert vectors.shape == (2, sentence_encoder.DIMENSIONS)
    layers = vectors.reshape(2, -1, sentence_encoder.WIDTH)
    np.testing.assert_allclose(np.linalg.norm(layers, axis=2), 1, rtol=1e-5)


def test_a_sentence_has_the_same_vector_alone_and_among_others(encoder: sentence_encoder.Encoder) -> None:
    alone = encoder.encode(["is that a must"])
    among = encoder.encode(
        ["is that a must", "a much longer sentence about the SENCO and what she has to do"]
    )
    np.testing.assert_array_equal(alone[0], among[0])


def test_weights_that_were_tampered_with_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_encoder, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(sentence_encoder.WrongWeightsError, match="expected 0000"):
        sentence_encoder.build(tmp_path)


def test_models_are_the_same_after_saving_and_loading(
    encoder: sentence_encoder.Encoder, tmp_path: Path
) -> None:
    texts = [
        f"{verb} the {noun} number {n}"
        for verb in ("ring", "paint", "sell")
        for noun in ("school", "house")
        for n in range(8)
    ]
    labels = [text.split()[0] for text in texts]
    letters, vectors = NgramFeatures(), encoder.encode(texts)
    counts = letters.fit(texts)
    kinds = ["outside" if label == "sell" else "inside" for label in labels]
    urgent = ["" if label == "ring" else label for label in labels]
    models = Models(
        letters,
        DangerModel.train(vectors, counts, urgent, vectors[:8], counts[:8]),
        ScopeModel.train(vectors, counts, kinds),
        LabelModel.train(vectors, counts, [{label: 1.0} for label in labels]),
    )
    models.save(tmp_path)
    loaded = Models.load(tmp_path)
    asked = ["ring the school", "paint the house", "sell the house"]
    vectors = encoder.encode(asked)
    for model in ("answers", "scope"):
        before = getattr(models, model).probabilities(vectors, letters.transform(asked))
        after = getattr(loaded, model).probabilities(vectors, loaded.letters.transform(asked))
        np.testing.assert_allclose(before, after, rtol=1e-5)
        np.testing.assert_allclose(after.sum(axis=1), 1, rtol=1e-5)
        if model == "answers":
            assert [loaded.answers.labels[at] for at in after.argmax(axis=1)] == ["ring", "paint", "sell"]
    counts = loaded.letters.transform(asked)
    danger_before = models.danger.log_odds(vectors, letters.transform(asked))
    danger_after = loaded.danger.log_odds(vectors, counts)
    np.testing.assert_allclose(danger_before, danger_after, rtol=1e-5)
    assert danger_after[0] < 0 < min(danger_after[1:])
    assert [loaded.danger.label(vectors[at], counts[at]) for at in (1, 2)] == ["paint", "sell"]


def test_letters_are_counted_as_scikit_learn_counts_them() -> None:
    texts = ["who must appoint a senco", "who pays, and who must ask?", "he has no plan", "no plan no help"]
    letters = NgramFeatures()
    letters.fit(texts * 5)  # what is rare is left out
    asked = ["who has no plan no plan", "", "zzz", "Must ask who pays?"]
    theirs = np.hstack([vectorizer.transform(asked).toarray() for vectorizer in letters._vectorizers])
    np.testing.assert_allclose(letters.transform(asked).toarray(), theirs, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "answer_id"),
    [
        ("My son says he wants to DIE", "urgent.self-harm-or-suicide"),
        ("is there funding for a counsellor, he tried to hang himself", "urgent.self-harm-or-suicide"),
        ("who runs the school? also his dad hits him", "urgent.child-at-risk"),
        ("she's missing since lunch", "urgent.child-at-risk"),
        ("this is killing me", None),
        ("he is missing lessons", None),
        ("she is missing education", None),
        ("we cant find him a school place", None),
        ("I cannot find my son a secondary school", None),
        ("we cant find him anywhere", "urgent.child-at-risk"),
        ("the council is threatening to take me to court over attendance", None),
        ("the school threatened to take him off roll", None),
        ("her dad threatened to take her", "urgent.child-at-risk"),
        ("the school is 3 kms away", None),
        ("i feel like kms", "urgent.self-harm-or-suicide"),
        ("he says he does not want to live with this pain", "urgent.self-harm-or-suicide"),
        ("she doesn't feel safe at home", "urgent.child-at-risk"),
        ("who do I hit up for a form", None),
        ("", None),
    ],
)
def test_plain_words_of_danger_are_found_without_a_model(text: str, answer_id: str | None) -> None:
    assert safety.by_words(text) == answer_id


def test_every_part_of_a_long_message_is_looked_at() -> None:
    text = " ".join(f"word{n}" for n in range(40)) + ". he is alone at home tonight, and the school knows"
    parts = [text[start:end] for start, end in danger.parts(text)]
    assert "he is alone at home tonight, and the school knows" in parts
    assert all(any(f"word{n} " in part + " " for part in parts) for n in range(40))
    assert text not in parts


def test_no_part_is_torn_from_two_sentences() -> None:
    one, two = (" ".join(f"{word}{n}" for n in range(20)) for word in ("one", "two"))
    places = danger.parts(f"{one}. {two}")
    assert places
    assert not [place for place in places if place[0] < len(one) < place[1]]


def test_the_end_of_a_very_long_message_is_read(encoder: sentence_encoder.Encoder) -> None:
    text = "we have waited for the letter " * 40 + "and who pays for the taxi"
    states = encoder.states(text)
    start = text.index("who pays")
    part = states.part(start, len(text))[sentence_encoder.MEANING]
    asked = ["who pays for the taxi", "we have waited for the letter"]
    taxi, letter = encoder.encode(asked)[:, sentence_encoder.MEANING]
    assert part @ taxi > part @ letter


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("does he need a plan and who do i ask", ["does he need a plan", "who do i ask"]),
        ("Who pays? And is it the law?", ["Who pays", "And is it the law"]),
        ("bread and butter for the school", ["bread and butter for the school"]),
        ("He is six. Help!", ["He is six."]),
        ("", []),
    ],
)
def test_a_message_is_split_into_its_questions(text: str, questions: list[str]) -> None:
    assert [piece for piece in split_questions(text) if len(piece.split()) >= 3] == [
        piece for piece in questions if len(piece.split()) >= 3
    ]


def test_capitals_curly_quotes_and_gaps_do_not_matter() -> None:
    assert normalise("  It’s  the\nSENCO ") == "it's the senco"


def test_lines_stay_where_they_are_wanted() -> None:
    assert normalise("  It’s  the\nSENCO \r\n Ok", lines=True) == "it's the\nsenco\nok"


def test_only_the_pieces_that_ask_are_questions() -> None:
    text = "She told us no. The head has not replied. Do I write to the governors? And who are they?"
    assert asked(text) == ["Do I write to the governors", "And who are they"]


def test_another_answer_that_fits_is_learnt_too(encoder: sentence_encoder.Encoder) -> None:
    texts = [
        f"{verb} the {noun} {n}"
        for verb in ("ring", "paint")
        for noun in ("school", "house")
        for n in range(8)
    ]
    fitting = [
        {"ring": 1.0, "call": 0.35} if text.startswith("ring") else {"paint": 1.0} for text in texts
    ] + [{"call": 1.0}] * 2
    texts += ["call the office", "call the nursery"]
    letters, vectors = NgramFeatures(), encoder.encode(texts)
    model = LabelModel.train(vectors, letters.fit(texts), fitting)
    asked_now = ["ring the school today"]
    found = model.probabilities(encoder.encode(asked_now), letters.transform(asked_now))[0]
    by_label = dict(zip(model.labels, found, strict=True))
    assert by_label["ring"] > by_label["call"] > by_label["paint"]


def seen(
    *ranking: tuple[str, float],
    inside: float = 1.0,
    outside: str = "telling",
    danger: float = 0.0,
    possibly: str | None = None,
) -> Analysis:
    whole = Reading(list(ranking), {"inside": inside, outside: 1 - inside})
    at_risk = "urgent.child-at-risk"
    return Analysis(None, None, possibly, whole, (at_risk, danger), (at_risk, 0.0), [])


def test_a_story_without_a_sure_answer_is_met_with_up_to_four_choices() -> None:
    ranking = [
        (f"ask/schools.{number}", probability)
        for number, probability in enumerate((0.2, 0.15, 0.1, 0.1, 0.1))
    ]
    decision = decide(seen(*ranking), Thresholds())
    assert (decision.intent, decision.answers) == ("nlu_fallback", [])
    assert decision.choices == ["schools.0", "schools.1", "schools.2", "schools.3"]


def test_of_two_likely_answers_both_are_said_in_short() -> None:
    two = seen(("ask/ehc.hours-cut", 0.4), ("ask/schools.best-endeavours", 0.3), ("ask/law.sen", 0.1))
    decision = decide(two, Thresholds())
    assert [key for key, _ in decision.answers] == ["ehc.hours-cut", "schools.best-endeavours"]
    assert decision.in_short
    assert decision.choices == ["law.sen"]


def test_a_sure_answer_is_said_alone_and_in_full() -> None:
    decision = decide(seen(("ask/ehc.hours-cut", 0.85), ("ask/law.sen", 0.1)), Thresholds())
    assert [key for key, _ in decision.answers] == ["ehc.hours-cut"]
    assert not decision.in_short


def test_kind_words_are_not_pushed_aside_by_two_answers_in_short() -> None:
    two = seen(("ask/ehc.hours-cut", 0.4), ("ask/schools.best-endeavours", 0.3), inside=0.1, outside="upset")
    assert not decide(two, Thresholds()).answers


def follow_up(*ranking: tuple[str, float], line: int = 0, near: float = 1.0, words: int = 4) -> FollowUp:
    return FollowUp(ranking, line, near, words)


ALONE = decide(seen(("ask/ehc.how-to-ask", 0.3)), Thresholds())
LAST = "ehc.who-can-ask"


@pytest.mark.parametrize(
    ("ranking", "said", "part", "in_short"),
    [
        (((LAST, 0.8), ("ehc.how-to-ask", 0.1)), [LAST], 2, False),
        ((("ehc.how-to-ask", 0.8), (LAST, 0.1)), ["ehc.how-to-ask"], None, False),
        ((("ehc.how-to-ask", 0.5), (LAST, 0.4)), [LAST, "ehc.how-to-ask"], 2, True),
        ((("ehc.how-to-ask", 0.5), ("ehc.evidence", 0.3)), ["ehc.how-to-ask", "ehc.evidence"], None, True),
    ],
    ids=["a line of the last answer", "another answer", "a line and another", "two others"],
)
def test_after_an_answer_the_likeliest_is_said_and_what_is_as_likely_beside_it(
    ranking: tuple[tuple[str, float], ...], said: list[str], part: int | None, in_short: bool
) -> None:
    decision = after(ALONE, follow_up(*ranking, line=2), LAST, Thresholds())
    assert [key for key, _ in decision.answers] == said
    assert (decision.part, decision.in_short) == (part, in_short)


def test_after_an_answer_danger_stays_danger() -> None:
    danger = decide(seen(("ask/transport.school", 0.9), danger=0.9), Thresholds())
    likely = follow_up((LAST, 0.9), ("ehc.how-to-ask", 0.1))
    assert after(danger, likely, LAST, Thresholds()) == danger


def test_after_an_answer_what_is_off_topic_stays_so() -> None:
    weather = decide(seen(("ask/ehc.evidence", 0.1), inside=0.0, outside="off_topic"), Thresholds())
    likely = follow_up((LAST, 0.9), ("ehc.how-to-ask", 0.1))
    assert after(weather, likely, LAST, Thresholds()).intent == "off_topic"


@pytest.mark.parametrize(
    ("near", "words", "said", "part"),
    [
        (0.6, 4, [LAST], 2),
        (0.35, 4, [LAST, "ehc.how-to-ask"], 2),
        (0.2, 4, ["ehc.how-to-ask", LAST], None),
        (0.2, 1, [LAST], 2),
    ],
    ids=["near to it", "not so near", "near to none", "a word alone"],
)
def test_a_line_is_said_alone_only_where_the_message_is_near_to_it(
    near: float, words: int, said: list[str], part: int | None
) -> None:
    read = follow_up((LAST, 0.95), ("ehc.how-to-ask", 0.03), line=2, near=near, words=words)
    decision = after(ALONE, read, LAST, Thresholds())
    assert [key for key, _ in decision.answers] == said
    assert decision.part == part


@pytest.mark.parametrize(("words", "said"), [(7, ["transport.school"]), (3, [LAST])])
def test_a_message_that_surely_tells_of_something_else_is_answered(words: int, said: list[str]) -> None:
    taxi = decide(seen(("ask/transport.school", 0.95)), Thresholds())
    read = follow_up((LAST, 0.9), ("transport.school", 0.1), words=words)
    assert [key for key, _ in after(taxi, read, LAST, Thresholds()).answers] == said


def test_an_upset_story_with_a_likely_answer_is_not_met_with_sympathy_only() -> None:
    decision = decide(seen(("ask/ehc.hours-cut", 0.8), inside=0.1, outside="upset"), Thresholds())
    assert [answer_id for answer_id, _ in decision.answers] == ["ehc.hours-cut"]


def test_what_has_no_answer_is_not_covered() -> None:
    decision = decide(seen(("ask/ehc.hours-cut", 0.1), inside=0.1, outside="not_covered"), Thresholds())
    assert (decision.intent, decision.answers) == ("not_covered", [])


def test_possible_danger_keeps_the_answer_and_is_asked_about() -> None:
    decision = decide(seen(("ask/transport.school", 0.9), danger=0.3), Thresholds(possible_at=0.2))
    assert [answer_id for answer_id, _ in decision.answers] == ["transport.school"]
    assert (decision.danger_tier, decision.urgent) == ("possible", "urgent.child-at-risk")
    assert decision.ask_if_safe


def test_clear_danger_comes_before_the_answer() -> None:
    decision = decide(seen(("ask/transport.school", 0.9), danger=0.9), Thresholds())
    assert [answer_id for answer_id, _ in decision.answers] == ["urgent.child-at-risk"]
    assert decision.choices == ["transport.school"]
    assert not decision.ask_if_safe


def test_what_staff_did_to_a_child_has_its_own_answer() -> None:
    restraint = seen(("ask/school-life.restraint", 0.9), danger=0.9, possibly="urgent.child-at-risk")
    decision = decide(restraint, Thresholds())
    assert [answer_id for answer_id, _ in decision.answers] == ["school-life.restraint"]
    assert decision.danger_tier == "possible"
