"""Conversations by SMS and by WhatsApp, each by every way of writing: what is typed, and what comes back."""

import pytest

from send_guide.content.gsm7 import is_gsm_7
from tests.channels.conftest import Somebody

DANGER = "It is right to say this."
"""How the answer to somebody begins who is hurt."""
QUESTION = "does the school have to meet my childs needs"
ANSWER = "must do all it can to get"


def test_a_child_tells_in_polish_that_their_father_hits_them(somebody: Somebody) -> None:
    heard = somebody.hears("tata mnie bije, boję się wrócić do domu")
    assert heard.startswith(DANGER)
    assert "999" in heard.split("\n")[0]
    assert "0800 1111" in heard
    after = somebody.hears("ok")
    assert after.startswith("I am still here. Danger now? Ring 999. Is everybody safe now?")
    assert somebody.hears("1").startswith(DANGER)  # "Somebody is not safe"
    assert somebody.way != "sms" or is_gsm_7("".join(somebody.thread[1::2]))


@pytest.mark.parametrize(
    "word", ["please stop", "stop texting me", "🛑", "ＳＴＯＰ", "STOP\n\nSent from my iPhone"]
)
def test_however_somebody_says_stop_it_stops_and_says_who_to_ring(somebody: Somebody, word: str) -> None:
    somebody.hears(QUESTION)
    stopped = somebody.hears(word)
    assert stopped.startswith("You will get no more messages from SEND Guide.")
    assert all(number in stopped for number in ("999", "0800 1111", "116 123"))
    assert ANSWER not in somebody.hears(QUESTION)
    assert somebody.hears("my dad hits me").startswith(DANGER)
    assert "Welcome" in somebody.hears("START")
    assert ANSWER in somebody.hears(QUESTION)


def test_the_word_stop_in_a_question_stops_nothing(somebody: Somebody) -> None:
    heard = somebody.hears("how do i stop them excluding him")
    assert "no more messages" not in heard
    assert ANSWER in somebody.hears(QUESTION)


def test_a_telephone_that_answers_by_itself_is_met_with_silence(somebody: Somebody) -> None:
    somebody.hears(QUESTION)
    for written in (
        "I'm driving with Focus turned on. I'll see your message when I get where I'm going.",
        "Liked “Reply MORE for the full answer.”",
        "Automatic reply: I am out of the office until Monday.",
    ):
        assert somebody.hears(written) == ""
    assert "999" in somebody.hears("Automatic reply: my dad hits me")  # danger is never met with silence
    assert ANSWER in somebody.hears(QUESTION)


def test_who_has_not_written_yet_is_told_what_this_is_after_their_telephone_did(somebody: Somebody) -> None:
    assert somebody.hears("I'm driving right now.") == ""
    assert "SEND Guide is automatic." in somebody.hears("hello")


def test_a_date_is_read_back_with_the_last_day(somebody: Somebody) -> None:
    somebody.hears("the council refused to assess him")
    somebody.hears("how long have i got")
    heard = somebody.hears("the letter is dated 3 november 2026")
    assert "decision letter of 3 November 2026" in heard
    assert "3 January 2027" in heard


def test_another_language_gets_a_sentence_of_its_own(somebody: Somebody) -> None:
    heard = somebody.hears("moje dziecko potrzebuje pomocy w szkole")
    assert "Jestem automatycznym przewodnikiem" in heard
    assert "999" in heard


def test_the_way_through_it_by_numbers_as_people_type_them(somebody: Somebody) -> None:
    somebody.hears("menu")
    assert "Is there an EHC plan" in somebody.hears("ok 1")
    heard = somebody.hears("the second one")
    assert "1 " in heard
    assert "What is it about?" in somebody.hears("Menu please")
    assert "What the offer asks of schools" in somebody.hears("２\n\nSent from my iPhone")


def test_a_channel_has_a_conversation_of_its_own_whoever_writes(somebody: Somebody) -> None:
    assert "Ask me a question first" in somebody.hears("is that a must?")
    somebody.hears(QUESTION)
    assert "Ask me a question first" not in somebody.hears("is that a must?")
