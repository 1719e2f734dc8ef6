"""What the helpline asks callers, how long letters are cut, how answers are found by words."""

from send_guide.content import Content
from send_guide.helpline.path_map import known_of, ways
from send_guide.helpline.reading import PIECE_CHARACTERS, pieces
from send_guide.helpline.search import search
from tests.unit.test_broken_content_is_refused import content_folder  # noqa: F401 - a fixture


def test_a_long_text_is_cut_where_sentences_end_and_nothing_is_lost() -> None:
    text = "One is short. " * 200 + "x" * 9_000
    cut = pieces(text)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(piece) <= PIECE_CHARACTERS or " " not in piece for piece in cut)
    assert pieces("one line") == ["one line"]
    assert pieces("  ") == []


def test_words_in_a_title_count_more_than_words_in_a_text(content: Content) -> None:
    assert search("mediation certificate", content)[0].id == "appeal.mediation-certificate"
    assert search("ombudsman", content)[0].id == "complaint.ombudsman"
    assert search("the of and", content) == []


def test_every_section_has_a_name_to_browse_it_by(content: Content) -> None:
    assert {answer.section for answer in content.answers.values()} == set(content.topics)


def test_the_ways_that_fit_a_caller_come_first(content: Content) -> None:
    facts, here = known_of("escalation.write-to-governors")
    assert facts == {"topic": "support"}
    assert here == "governors"
    fitting = [way.fits for way in ways({"topic": "delay"})]
    assert fitting == sorted(fitting, reverse=True)
    assert sum(fitting) == 1
    assert known_of("schools.appoint-senco") == ({}, None)
    assert not any(way.fits for way in ways({}))
