"""What reads and writes words, fed with anything: it never fails, and what it promises holds."""

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from send_guide.channels.texts.commands import command, machine
from send_guide.channels.texts.meta import (
    BUTTON_TITLE,
    INTERACTIVE_BODY,
    MOST_BUTTONS,
    MOST_ROWS,
    ROW_DESCRIPTION,
    ROW_TITLE,
    TEXT_BODY,
    bodies,
)
from send_guide.channels.texts.rendering import SMS, WHATSAPP, Medium, render
from send_guide.content import get_content
from send_guide.content.gsm7 import is_gsm_7, to_gsm_7
from send_guide.domain import dates
from send_guide.domain.date_grammar import OLDEST_YEARS
from send_guide.domain.letters import render as letter
from send_guide.domain.picks import picked
from send_guide.domain.reply import AnswerReply, Choice, Reply, UrgentReply, WordsReply
from send_guide.domain.safety import in_danger as danger_in
from send_guide.domain.text import MOST_OF_A_LETTER, normalise, own_words, plain_text
from send_guide.privacy.redaction import redact
from tests.fuzz.conftest import PROFILE
from tests.fuzz.generators import EVERY, MESSAGES, PERSONAL, in_danger, messages

CONTENT = get_content()
TODAY = date(2026, 11, 28)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@PROFILE
@given(said=messages(), today=DAYS)
def test_a_date_is_one_that_has_been_or_is_asked_about(said: str, today: date) -> None:
    reading = dates.read(said, today)
    if reading.must_ask:
        assert dates.ask_back(reading)
    month = dates.read_month(said, today)
    assert month is None or month <= f"{today:%Y-%m}"


@PROFILE
@given(day=DAYS, back=st.integers(0, 300), said=st.sampled_from(MESSAGES["after"]))
def test_a_date_that_is_written_out_is_read_as_it_stands(day: date, back: int, said: str) -> None:
    today = day + timedelta(back)
    for written in (f"{day:%-d %B %Y}", f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"dated {day:%-d %b %Y}"):
        assert dates.read(written, today).day == day, written
    assert (today - day).days < OLDEST_YEARS * 366


@PROFILE
@given(said=messages())
@example("(" * 4000)
@example("a " * 2000)
def test_what_a_text_means_can_always_be_told(said: str) -> None:
    assert command(said) is None or machine(said) is None
    offered = [Choice("One thing", "/a"), Choice("Another", "/b")]
    found = picked(said, offered)
    assert found is None or set(found) <= set(offered)


@PROFILE
@given(said=in_danger())
def test_danger_is_found_in_a_text_whatever_stands_around_it(said: str) -> None:
    assert danger_in(said)
    assert machine(said) is None


@PROFILE
@given(said=messages())
def test_what_stands_around_a_message_is_taken_off_and_never_all_of_it(said: str) -> None:
    assert bool(own_words(said)) == bool(said)
    plain = normalise(said)
    assert normalise(plain) == plain
    assert len(plain_text(said).text) <= MOST_OF_A_LETTER * len(said)


@st.composite
def told(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A message with personal data in it, and that data."""
    kinds = draw(st.lists(st.sampled_from([*PERSONAL]), min_size=1, max_size=3))
    planted = [draw(PERSONAL[kind]) for kind in kinds]
    calm, between = st.sampled_from(MESSAGES["calm"]), st.sampled_from(["\n", " - ", ". ", ", ", " "])
    parts = [draw(calm)]
    for piece in planted:
        parts += [draw(between), piece, draw(between), draw(calm)]
    return "".join(parts), planted


@PROFILE
@given(message=told())
def test_nothing_planted_survives(message: tuple[str, list[str]]) -> None:
    said, planted = message
    kept = redact(said)
    assert not [piece for piece in planted if piece in kept]
    assert redact(kept) == kept


@PROFILE
@given(said=messages(pieces=2))
def test_anything_can_be_redacted(said: str) -> None:
    assert bool(redact(said)) == bool(said)


TITLES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=60
)
CHOICES = st.lists(
    st.builds(Choice, TITLES | st.just("Speak to a person"), st.text("abc{}/\"", min_size=1, max_size=40)), max_size=12, unique_by=lambda choice: choice.payload
).map(tuple)  # fmt: skip
WORDS = (messages() | st.sampled_from(EVERY)).filter(str.strip)
REPLIES: st.SearchStrategy[Reply] = st.one_of(
    st.builds(
        WordsReply, words=WORDS, says=st.sampled_from(["choices", "smalltalk", "fallback", "signpost"]),
        brief=st.none() | WORDS.map(lambda words: words[:300]).filter(str.strip), choices=CHOICES,
    ),
    st.builds(AnswerReply, answer=st.sampled_from([*CONTENT.answers.values()]), intro=st.just("") | WORDS, choices=CHOICES),
    st.builds(UrgentReply, answer=st.sampled_from([one for one in CONTENT.answers.values() if one.section == "urgent"])),
)  # fmt: skip


@PROFILE
@given(replies=st.lists(REPLIES, min_size=1, max_size=3), medium=st.sampled_from([SMS, WHATSAPP]))
def test_whatever_is_said_fits_a_text(replies: list[Reply], medium: Medium) -> None:
    texts = render(replies, CONTENT, medium, lambda _: "https://guide.example/t/aaaabbbbccccdddd")
    assert texts.bodies
    assert all(body.strip() for body in texts.numbered())
    said = [*texts.bodies, *(choice.title for choice in texts.choices)]
    assert medium.bold or all(is_gsm_7(text) for text in said if is_gsm_7(to_gsm_7(text)))
    assert not texts.urgent or replies_urgent_first(texts.bodies[0])
    for body in bodies(texts):
        if body["type"] == "text":
            assert 0 < len(body["text"]["body"]) <= TEXT_BODY
            continue
        inside = body["interactive"]
        assert 0 < len(inside["body"]["text"]) <= INTERACTIVE_BODY
        if inside["type"] == "button":
            shown = [button["reply"] for button in inside["action"]["buttons"]]
            assert len(shown) <= MOST_BUTTONS
            assert all(0 < len(one["title"]) <= BUTTON_TITLE for one in shown)
        else:
            shown = inside["action"]["sections"][0]["rows"]
            assert len(shown) <= MOST_ROWS
            assert all(0 < len(one["title"]) <= ROW_TITLE for one in shown)
            assert all(len(one.get("description", "")) <= ROW_DESCRIPTION for one in shown)
        assert len({one["id"] for one in shown}) == len(shown)


def replies_urgent_first(body: str) -> bool:
    return "999" in body


@PROFILE
@given(
    values=st.dictionaries(
        st.sampled_from(["decision", "setting", "plan", "date", "steps"]), messages(pieces=1)
    )
)
def test_a_letter_can_be_made_of_whatever_is_known(values: dict[str, str]) -> None:
    for template in CONTENT.letters:
        assert letter(template, values).text.strip()
