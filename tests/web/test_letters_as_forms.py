"""A letter as a form: which fields there are, what they are called, and what becomes of the letter."""

import html
import itertools
import re
import time
from collections.abc import Mapping

import pytest

from send_guide.channels.web.letter_form import letter_form
from send_guide.content import Content
from send_guide.domain.letters import FACTS, render
from tests.servers import Service
from tests.web.test_pages_of_answers import posted

LETTER = """To: [name], Head Teacher [or: the principal]
[name and address of the school]

Subject: [child's name], sent home on [date]

Dear [name],

What has happened: [in two or three lines]
What that led to: [in two or three lines]
Please answer within [5] days. [Both can sign.]
[If there is a plan: I write to the council too.]

Yours sincerely,
[your name]
"""


def test_every_blank_has_a_field_once_with_a_name_of_its_own() -> None:
    form = letter_form(LETTER)
    assert [(one.label, one.hint, one.kind) for one in form.blanks] == [
        ("Name", "“To: …, Head Teacher …”", "line"),
        ("or: the principal", "", "note"),
        ("Name and address of the school", "", "line"),
        ("Child's name", "", "line"),
        ("Date", "“Subject: …, sent home on …”", "line"),
        ("What has happened", "in two or three lines", "lines"),
        ("What that led to", "in two or three lines", "lines"),
        ("“Please answer within … days. …”", "", "line"),
        ("Both can sign.", "", "note"),
        ("If there is a plan: I write to the council too.", "", "note"),
        ("Your name", "", "line"),
    ]
    assert form.blanks[7].value == "5"


def test_what_is_filled_in_stands_in_the_letter_and_the_rest_as_it_was() -> None:
    form = letter_form(LETTER)
    assert form.filled({}) == LETTER
    filled = form.filled({0: "Mx Green", 1: "", 5: "Three\nlines.", 6: "[brackets]", 7: "10", 8: "", 9: ""})
    assert filled == (
        "To: Mx Green, Head Teacher\n[name and address of the school]\n\n"
        "Subject: [child's name], sent home on [date]\n\nDear Mx Green,\n\n"
        "What has happened: Three\nlines.\nWhat that led to: [brackets]\nPlease answer within 10 days.\n\n"
        "Yours sincerely,\n[your name]\n"
    )


def test_brackets_that_are_never_closed_take_no_time() -> None:
    begun = time.monotonic()
    assert letter_form("[" * 100_000).parts == ("[" * 100_000,)
    assert time.monotonic() - begun < 5


def every_letter(content: Content) -> list[tuple[str, Mapping[str, str]]]:
    settings = [
        dict(zip(FACTS, values, strict=True))
        for values in itertools.product(*(sorted(FACTS[name]) for name in FACTS))
    ]
    return [(key, facts) for key in content.letters for facts in settings[::7]]


def test_in_every_letter_fields_can_be_told_apart(content: Content) -> None:
    for key, facts in every_letter(content):
        text = render(key, facts).text
        form = letter_form(text)
        assert form.filled({}) == text, key
        names = [(one.label, one.hint) for one in form.blanks]
        assert len(set(names)) == len(names), key
        assert all(re.search(r"\w", one.label) for one in form.blanks), key
        done = form.filled({at: "" if one.kind == "note" else "x" for at, one in enumerate(form.blanks)})
        assert "[" not in done, key
        assert "\n\n\n" not in done, key
        assert "  " not in done, key


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["as it is", "as browsers send it"])
def test_without_scripts_it_is_shown_and_comes_back_with_what_was_filled_in(
    service: Service, line_break: str
) -> None:
    fields = {
        "title": "To the head",
        "text": LETTER.replace("\n", line_break),
        "blank-0": "Mx <Green>",
        "blank-7": "5",
        "blank-9": "out",
    }
    status, body, _ = posted(service, "/guide/letter", fields | {"format": "print"})
    page = html.unescape(body)
    assert status == 200
    assert "Dear Mx <Green>," in page
    assert "within 5 days. [Both can sign.]\n\nYours sincerely,\n[your name]\n</div>" in page
    assert 'name="blank-0" value="Mx &lt;Green&gt;"' in body
    assert 'name="format" value="form"' in body  # and so back to the form
    status, body, _ = posted(service, "/guide/letter", fields | {"format": "form"})
    assert re.search(r'name="blank-0" value="Mx &lt;Green&gt;"', body)
    assert re.search(r'name="blank-9" value="out" checked', body)
    assert not re.search(r'name="blank-8" value="out" checked', body)
    edited = html.unescape(posted(service, "/guide/letter", fields | {"format": "edit"})[1])
    assert "Dear Mx <Green>," in edited
    assert 'name="blank-0"' not in edited  # every word is there to be changed
    text = posted(service, "/guide/letter", fields | {"format": "txt"})[1]
    assert b"Dear Mx <Green>," in text


def test_what_was_filled_in_is_still_there_where_the_letter_cannot_be_made(service: Service) -> None:
    fields = {"title": "To the head", "text": LETTER, "blank-0": "x" * 20_000, "format": "docx"}
    status, body, _ = posted(service, "/guide/letter", fields)
    assert status == 400
    assert "The letter is too long" in body
    assert f'name="blank-0" value="{"x" * 20_000}"' in body
