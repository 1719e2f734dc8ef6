"""Letters: filled from what is known, blanks for the rest, nothing that was not said."""

import io
import itertools
import re
import zipfile
from datetime import UTC, datetime, timedelta

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import today
from send_guide.domain.letters import (
    FACTS,
    Letter,
    UnknownLetterError,
    as_docx,
    as_text,
    file_name,
    render,
    templates,
)

LETTERS = sorted(templates())
EVERY = [
    {"setting": setting, "who": who, "delay": delay, "head": head, "talk": head}
    for setting, who, delay, head in itertools.product(
        ["", *sorted(FACTS["setting"])], ["", "parent", "self"], ["", *sorted(FACTS["delay"])], ["", "2026-03"]
    )
]  # fmt: skip


@pytest.mark.parametrize("template", LETTERS)
def test_every_letter_can_be_made_from_whatever_is_known(template: str) -> None:
    for facts in EVERY:
        text = render(template, facts).text
        assert "{" not in text
        assert "[your name]" in text
        assert text.startswith(f"{spoken(today())}\n\n"), "dated today"
        assert re.search(r"\n\nSubject: .+\n\n", text), "what it is about is seen at once"
        assert not re.search(r"Yours \w+,\n(?!\n)|[^\n]\nIn law,", text), (
            "room to sign, a paragraph for the law"
        )
        assert not re.search(r"\n\n\n|  | \.|,,|None", text), text
        assert text.count("[") == text.count("]")
        assert len(text.split()) <= 330, "a letter that nobody reads"


def test_what_was_told_is_in_the_letter() -> None:
    text = render("governors-complaint", {"setting": "academy", "head": "2026-03"}).text
    assert "complained to the head teacher in March 2026" in text
    assert "panel hearing" in text
    assert "The Clerk" in text
    assert "section 66" in text


def test_what_was_not_told_is_a_blank() -> None:
    text = render("governors-complaint", {}).text
    assert re.findall(r"20\d\d", text) == [str(today().year)], "no date but today's"
    assert "[If you have complained to the head teacher: when" in text


@pytest.mark.parametrize(
    ("template", "setting", "holds", "lacks"),
    [
        ("head-complaint", "independent", "Equality Act 2010", "section 66"),
        ("head-complaint", "nursery", "28 days", "section 66"),
        ("head-complaint", "childminder", "28 days", "Head Teacher"),
        ("head-complaint", "college", "Principal", "Head Teacher"),
        ("governors-complaint", "maintained", "governing body", "panel hearing"),
        ("governors-complaint", "independent", "proprietor", "section 66"),
        ("complaints-policy", "maintained", "Education Act 2002, section 29", "Children and Families"),
        ("complaints-policy", "academy", "good practice", "section 29"),
    ],
)
def test_a_duty_is_cited_only_where_it_is_placed(template: str, setting: str, holds: str, lacks: str) -> None:
    text = render(template, {"setting": setting}).text
    assert holds in text
    assert lacks not in text


@pytest.mark.parametrize(
    ("delay", "holds"),
    [("assessment", "6 weeks"), ("plan", "20 weeks"), ("review", "12 months"), ("provision", "section 42")],
)
def test_a_complaint_about_delay_names_the_rule(delay: str, holds: str) -> None:
    text = render("council-delay", {"delay": delay}).text
    assert holds in text
    assert "Ombudsman" in text


def test_a_young_person_writes_for_themselves() -> None:
    text = render("senco-email", {"setting": "college", "who": "self"}).text
    assert "I am a student" in text
    assert "child" not in text


def test_who_writes_for_a_student_does_not_write_in_their_own_right() -> None:
    text = render("ehc-request", {"setting": "college", "who": "parent"}).text
    assert "is over compulsory school age, asks for this assessment and agrees to my writing" in text


@pytest.mark.parametrize("template", ["senco-email", "head-complaint", "governors-complaint"])
def test_a_special_school_is_not_told_the_law_of_others(template: str) -> None:
    hint = "[For a special school leave this sentence out."
    assert hint in render(template, {"setting": "maintained"}).text
    assert hint not in render(template, {"setting": "college"}).text


def test_a_school_with_a_sixth_form_is_written_to_as_a_school() -> None:
    text = render("head-complaint", {"setting": "academy", "phase": "college"}).text
    assert "\n\nTo: [name], Head Teacher\n" in text


def test_an_unknown_letter_is_refused() -> None:
    with pytest.raises(UnknownLetterError):
        render("no-such-letter", {})


@given(st.dictionaries(st.sampled_from([*FACTS, "talk", "head", "other"]), st.text(max_size=40)))
def test_nothing_but_known_values_gets_into_a_letter(facts: dict[str, str]) -> None:
    known = {
        name: value
        for name, value in facts.items()
        if value in FACTS.get(name, ()) or (name in ("talk", "head") and re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])|yes", value))
    }  # fmt: skip
    assert render("head-complaint", facts) == render("head-complaint", known)


@pytest.mark.parametrize("template", LETTERS)
def test_the_word_file_holds_the_same_words(template: str) -> None:
    letter = render(template, {"setting": "academy", "head": "2026-03"})
    document = docx.Document(io.BytesIO(as_docx(letter)))
    assert "\n\n".join(paragraph.text for paragraph in document.paragraphs) == letter.text.strip()
    marked = [run.text for part in document.paragraphs for run in part.runs if run.font.highlight_color]
    assert "[your name]" in marked


def test_the_word_file_has_room_to_sign() -> None:
    document = docx.Document(io.BytesIO(as_docx(render("ehc-request", {}))))
    (closing,) = [part for part in document.paragraphs if part.text == "Yours faithfully,"]
    assert closing.paragraph_format.space_after >= Pt(36)
    assert closing.paragraph_format.keep_with_next


def test_the_text_file_opens_in_notepad() -> None:
    letter = render("ehc-request", {})
    file = as_text(letter)
    assert file.startswith(b"\xef\xbb\xbf")
    assert file.decode("utf-8-sig").replace("\r\n", "\n") == letter.text


def test_a_date_within_a_sentence_is_the_date_of_something_else() -> None:
    text = render("council-delay", {"delay": "assessment"}).text
    assert "I asked for an EHC needs assessment on [date]." in text


def test_the_word_file_is_british_english_and_of_now() -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    document = docx.Document(io.BytesIO(as_docx(render("ehc-request", {}))))
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    properties = document.core_properties
    assert properties.language == "en-GB"
    assert before <= properties.created <= datetime.now(UTC)
    assert properties.modified == properties.created
    assert properties.title == render("ehc-request", {}).title
    assert {properties.author, properties.last_modified_by, properties.comments} == {""}


def test_the_word_file_has_no_picture_of_the_librarys_template() -> None:
    names = zipfile.ZipFile(io.BytesIO(as_docx(render("ehc-request", {})))).namelist()
    assert not [name for name in names if "thumbnail" in name or name.endswith((".jpeg", ".png"))]


@settings(deadline=None)  # how long the first one takes is up to the machine
@given(st.text(max_size=200), st.text(st.characters(max_codepoint=0x20), max_size=20))
def test_any_text_that_is_pasted_makes_a_word_file(words: str, controls: str) -> None:
    document = docx.Document(io.BytesIO(as_docx(Letter("", f"a{controls}b", f"Dear{controls}{words}"))))
    assert document.paragraphs[0].text.startswith("Dear")


def test_a_line_break_of_a_word_processor_stays_one() -> None:
    document = docx.Document(io.BytesIO(as_docx(Letter("", "x", "one\vtwo\x07\ud800"))))
    assert document.paragraphs[0].text == "one\ntwo"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A complaint to the head, principal or manager", "complaint-to-head-principal-or-manager.docx"),
        ("Child's records", "childs-records.docx"),
        ("../../etc/passwd", "etc-passwd.docx"),
        ('x"; a=b\r\n', "x-b.docx"),
        ("", "letter.docx"),
    ],
)
def test_the_file_is_named_after_the_letter(title: str, name: str) -> None:
    assert file_name(title, "docx") == name


def test_every_letter_has_a_name_of_its_own() -> None:
    assert len({file_name(title, "docx") for title in templates().values()}) == len(templates())
