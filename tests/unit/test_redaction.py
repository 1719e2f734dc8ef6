"""What people write about themselves and their children is not kept; what the guide says stays readable."""

import itertools

import pytest

from benchmarks.redaction import MESSAGES, measure
from send_guide.content import Content
from send_guide.privacy.redaction import find, redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my son Jayden Smith has autism", "my son [name] has autism"),
        ("my daughter mia cant read", "my daughter [name] cant read"),
        ("her name is aaliyah", "her name is [name]"),
        ("it is about lucia", "it is about [name]"),  # an example says "St Lucia"
        ("she is called grace", "she is called [name]"),
        ("her name is joy and she is called out a lot", "her name is [name] and she is called out a lot"),
        ("im sarah, can i ask", "im [name], can i ask"),
        ("Our Zebedee Quillfeather is in year 3", "Our [name] is in year 3"),
        ("ring me on 07700 900123 please", "ring me on [phone] please"),
        ("020 7946 0018", "[phone]"),
        ("+44 7700 900 456", "[phone]"),
        ("447700900456, or 00447700900456", "[phone], or [phone]"),
        ("write to mum.of3@example.co.uk", "write to [email]"),
        ("we live at BR1 9ZZ", "we live at [postcode]"),
        ("br29zz", "[postcode]"),
        ("nhs number 943 476 5919", "nhs number [NHS number]"),
        ("upn A123456789012", "upn [UPN]"),
        ("ni AB 12 34 56 C", "ni [NI number]"),
        ("dob 3/4/2015", "[date of birth]"),
        ("he was born on 3rd of April 2015", "he was [date of birth]"),
    ],
)
def test_personal_data_is_replaced_by_its_kind(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "who must appoint a senco",
        "My son has diabetes does school have to help",
        "my daughter needs speech therapy",
        "do they have to spend £6,000 before i can ask for an ehcp",
        "the final plan is late by 20 weeks",
        "section 36(8) of the Children and Families Act 2014",
        "the letter is dated 12 May 2025",
        "can i ask Bromley Council or Ofsted",
        "number for the SEND Tribunal",
        "the ta called me yesterday",
        "im worried and i am not sure",
        "what does EHC stand for",
        "is that a must?",
        "",
    ],
)
def test_ordinary_questions_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_numbers_the_guide_gives_out_are_public(content: Content) -> None:
    for contact in content.contacts.values():
        for kind, detail in contact.details.items():
            if kind != "post":
                assert redact(f"i rang {detail.shown} today") == f"i rang {detail.shown} today"


@pytest.mark.parametrize(
    "text", ["🆘 " * 300, "\x00", "\ud800 my son Jayden", "a" * 100_000, "07" * 2000], ids=len
)
def test_odd_text_does_not_break_it(text: str) -> None:
    assert isinstance(redact(text), str)


@pytest.mark.parametrize("text", ["my son Jayden, dob 3/4/2015, 07700 900123, BR1 9ZZ", "mail a@b.co"])
def test_a_second_time_changes_nothing_and_no_piece_is_inside_another(text: str) -> None:
    assert redact(redact(text)) == redact(text)
    found = find(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_it_finds_what_is_labelled_and_little_else() -> None:
    """``python benchmarks/redaction.py --show`` prints the figures and each miss."""
    figures = measure(MESSAGES.read_text(encoding="utf-8").splitlines())
    for kind, there in figures.there.items():
        least = {"name": 0.95, "date of birth": 0.96}.get(kind, 1.0)
        assert figures.found[kind] / there >= least, [
            miss for miss in figures.missed if miss.startswith(kind)
        ]
    assert figures.wrong.total() == figures.wrong["name"] <= 0.06 * figures.found["name"], figures.false
