"""What the helpline asks callers, how long letters are cut, how answers are found by words."""

import shutil
from pathlib import Path

from send_guide.content import Content
from send_guide.content.loader import data_directory, read_content
from send_guide.helpline.path_map import known_of, ways
from send_guide.helpline.reading import PIECE_CHARACTERS, pieces
from send_guide.helpline.search import search


def test_a_long_text_is_cut_where_sentences_end_and_nothing_is_lost() -> None:
    text = "One is short. " * 200 + "x" * 9_000
    cut = pieces(text)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(piece) <= PIECE_CHARACTERS or " " not in piece for piece in cut)
    assert pieces("one line") == ["one line"]
    assert pieces("We have been\ngoing round\nin circles.\n\nWho can help?") == [
        "We have been going round in circles.\nWho can help?"
    ]
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


def test_a_prompt_that_leads_nowhere_is_named_with_file_and_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_directory(), data)
    file = data / "helpline.yml"
    file.write_text(file.read_text().replace("then: ehc.draft-plan", "then: ehc.no-such"))
    assert [problem.message for problem in read_content(data)[1]] == [
        "prompt 'decision-letter' names 'ehc.no-such', which does not exist"
    ]
    file.write_text(
        "topics: {}\nprompts:\n  one:\n    ask: Which?\n    options: [{says: a, then: appeal.how}]\n"
    )
    assert "options" in str(read_content(data)[1][0])
