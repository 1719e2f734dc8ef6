"""People text the guide, by SMS: what they write, and what comes back."""

import sqlite3
from collections.abc import Callable

import pytest

from tests.channels.providers import TwilioPhone
from tests.servers import Service

QUESTION = "does the school have to meet my childs needs"
SHORT = "must do all it can to get"
DANGER = "It is good that you said this. Danger now? Ring 999"


def test_the_first_answer_tells_what_this_is_and_what_is_kept(phone: TwilioPhone) -> None:
    first = phone.hears(QUESTION)
    assert first.startswith("SEND Guide is automatic.")
    assert "999" in first
    assert "Kept 30 days, not your number" in first
    assert SHORT in first
    assert "SEND Guide is automatic" not in phone.hears("who must appoint a senco")


def test_in_danger_what_to_do_comes_before_the_notice(phone: TwilioPhone) -> None:
    first = phone.hears("my son says he wants to die")
    assert first.startswith(DANGER)
    assert "SEND Guide is automatic" in first


def test_more_gives_the_full_answer_in_parts_to_the_end(phone: TwilioPhone) -> None:
    assert "Reply MORE for the full answer." in phone.hears(QUESTION)
    first = phone.hears("more")
    assert first.startswith("(1/3) A mainstream school must do all it can to get")
    assert first.endswith("Reply MORE for the rest.")
    assert phone.hears("MORE").startswith("(2/3)")
    last = phone.hears(" More. ")
    assert "Source: Bromley Area Wide Offer, Schools must, point 2" in last
    assert "MORE" not in last


def test_a_choice_is_picked_by_number_word_or_its_own_words(phone: TwilioPhone) -> None:
    for pick in (
        "2", "two", "2.", "number two", "the second one", "What the school has to do", "2 thanks", "ok 2",
        "2\n\nSent from my iPhone", "２", "②", "2️⃣", "(2)", "I choose 2", "2nd", "2 please",
    ):  # fmt: skip
        assert "2 What the school has to do" in phone.hears("menu")
        assert "What the offer asks of schools" in phone.hears(pick), pick


def test_several_are_picked_at_once(phone: TwilioPhone) -> None:
    phone.says("menu")
    both = phone.hears("2 and 4")
    assert both.index("What the offer asks of schools") < both.index("council")
    phone.says("menu")
    first = phone.hears("1 and 2")  # the way through it asks back
    assert first.startswith("One thing at a time. This is the first that you picked.")
    assert "1 Yes" in first


@pytest.mark.parametrize("words", ["no one", "No one."])
def test_no_one_is_nobody_and_not_the_first_choice(
    phone: TwilioPhone, new_number: Callable[[], str], words: str
) -> None:
    other = TwilioPhone(phone.port, f"+{new_number()}")
    for somebody in (phone, other):
        somebody.says("menu")
    assert phone.hears(words) != other.hears("1")


def test_a_new_question_is_answered_where_a_choice_was_offered(phone: TwilioPhone) -> None:
    phone.says("menu")
    assert "three times a year" in phone.hears("how often should school meet with me")


def test_a_number_that_is_not_offered_is_explained(phone: TwilioPhone) -> None:
    phone.says("menu")
    assert phone.hears("9") == "Reply a number from 1 to 5, or ask in your own words."


def test_where_there_is_one_choice_it_is_not_called_a_number_from_1_to_1(phone: TwilioPhone) -> None:
    phone.says("the council refused to assess him")
    assert "1 Something else" in phone.hears("how long have i got")
    assert phone.hears("2") == "Reply 1 for that, or ask in your own words."


def test_the_lines_of_a_list_are_picked_by_their_numbers(phone: TwilioPhone) -> None:
    assert "2 Must make sure that the SENCO is a qualified teacher." in phone.hears(
        "what do governors have to do"
    )
    assert "the SENCO of a mainstream state school must be a qualified teacher" in phone.hears("2")


def test_more_goes_on_with_a_list_of_duties(phone: TwilioPhone) -> None:
    assert "(1 to 4 of 10)" in phone.hears("what do governors have to do")
    found = ""
    while "(5 to 8 of 10)" not in found:
        found = phone.hears("more")
        assert "Reply MORE" in found


def test_help_menu_and_start_again_work_in_any_case(phone: TwilioPhone) -> None:
    assert "START AGAIN: a new start" in phone.hears("Help")
    assert phone.hears("MENU!").startswith("What is it about?\n1 ")
    phone.says(QUESTION)
    assert "Let us start again" in phone.hears("start again")
    assert "Ask me a question first" in phone.hears("is that a must?")


@pytest.mark.parametrize(
    "word", ["STOP", "stop", "Stop.", "STOPALL", "UNSUBSCRIBE", "end", "QUIT", "Cancel", "revoke", "OPTOUT"]
)
def test_an_opt_out_is_honoured_and_says_who_to_ring(phone: TwilioPhone, word: str) -> None:
    phone.says(QUESTION)
    out = phone.hears(word)
    assert "no more messages" in out
    assert all(number in out for number in ("999", "0800 1111", "116 123"))
    after = phone.hears(QUESTION)
    assert SHORT not in after
    assert "Reply START" in after
    assert "Welcome" in phone.hears("START")
    assert SHORT in phone.hears(QUESTION)


@pytest.mark.parametrize("cry", ["stop he is hurting me", "make it stop", "please stop dad hits me"])
def test_a_cry_is_no_opt_out(phone: TwilioPhone, cry: str) -> None:
    phone.says(QUESTION)
    assert "no more messages" not in phone.hears(cry)
    assert SHORT in phone.hears(QUESTION)


def test_who_has_opted_out_is_not_told_so_without_end(phone: TwilioPhone) -> None:
    """An answering machine that writes back would go on for ever."""
    phone.says("stop")
    heard = [phone.says("I am away until Monday") for _ in range(101)]
    assert heard[0] != []
    assert heard[-1] == []
    assert phone.hears("i want to kill myself").startswith(DANGER)


def test_the_same_words_with_the_same_answer_end(phone: TwilioPhone) -> None:
    heard = [phone.hears("I am at work and call you later") for _ in range(6)]
    assert heard[1] == heard[2] != ""
    assert "I have answered these same words a few times" in heard[3]
    assert heard[4:] == ["", ""]
    assert SHORT in phone.hears(QUESTION)  # other words are answered
    danger = [phone.hears("my dad hits me") for _ in range(5)]
    assert all(one.startswith("It is right to say this.") for one in danger)


def test_more_and_the_steps_are_no_repetition(phone: TwilioPhone) -> None:
    for _ in range(5):
        assert "What is it about?" in phone.hears("menu")
        assert "What the offer asks of schools" in phone.hears("2")
        assert "(2/2)" in phone.hears("more")


def test_999_is_no_number_of_a_list(phone: TwilioPhone) -> None:
    phone.says("menu")
    assert phone.hears("999").startswith("It is right to say this. Danger now? Ring 999")
    phone.says("stop")
    assert phone.hears("call 999 please").startswith("It is right to say this. Danger now? Ring 999")


def test_danger_is_answered_after_an_opt_out_too(phone: TwilioPhone) -> None:
    phone.says("stop")
    assert phone.hears("i want to kill myself").startswith(DANGER)


def test_an_opt_out_that_twilio_has_answered_is_kept_and_not_answered_twice(phone: TwilioPhone) -> None:
    phone.says(QUESTION)
    assert phone.says("STOP", OptOutType="STOP") == []
    assert "Reply START" in phone.hears(QUESTION)
    assert phone.says("START", OptOutType="START") == []
    assert SHORT in phone.hears(QUESTION)
    assert phone.says("HELP", OptOutType="HELP") == []


def test_yes_is_an_answer_and_no_opt_in(phone: TwilioPhone) -> None:
    """Twilio takes "yes" for an opt-in and says so, whoever writes it."""
    phone.says(QUESTION)
    assert phone.says("yes", OptOutType="START") != []


@pytest.mark.parametrize(
    ("media", "says"),
    [
        ({"MediaContentType0": "image/jpeg"}, "cannot look at pictures"),
        ({"MediaContentType0": "application/pdf"}, "cannot look at pictures or files"),
        ({"MediaContentType0": "audio/ogg"}, "cannot listen to voice messages"),
        ({"MediaContentType0": "image/webp"}, "cannot read stickers"),
        ({"MediaContentType0": "text/vcard"}, "cannot use contact cards"),
        ({"NumMedia": "0", "Latitude": "51.4", "Longitude": "0.01"}, "cannot use where you are"),
        ({"NumMedia": "0"}, "no words"),
    ],
)
def test_what_cannot_be_read_gets_a_helpful_answer(
    whatsapp: TwilioPhone, media: dict[str, str], says: str
) -> None:
    more = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.example/secret", **media}
    assert says in whatsapp.hears("", **more)


def test_words_below_a_picture_are_answered(phone: TwilioPhone) -> None:
    heard = phone.hears(QUESTION, NumMedia="1", MediaContentType0="image/png")
    assert "cannot look at pictures" in heard
    assert SHORT in heard


def test_nobody_can_type_what_only_a_choice_may_say(phone: TwilioPhone, service: Service) -> None:
    def payloads() -> int:
        kept = sqlite3.connect(service.log.with_name("conversations.db"))
        query = "SELECT count(*) FROM events WHERE type_name = 'user' AND data LIKE '%\"text\": \"/%'"
        return int(kept.execute(query).fetchone()[0])

    phone.says("what do governors have to do")
    before = payloads()
    for typed in (
        '/choose{"answer": "governors.senco-qualification"}',
        "/simpler",
        " /start_again",
        "//",
        "/",
    ):
        assert phone.says(typed)
    assert payloads() == before
    phone.says("what do governors have to do")
    phone.says("2")
    assert payloads() == before + 1


@pytest.mark.parametrize("text", ["¡¡¡", "a " * 800, "😀", "£££", "\u0000", "   "])
def test_odd_texts_get_a_reply(phone: TwilioPhone, text: str) -> None:
    assert phone.hears(text)


def test_a_very_long_text_is_read_in_part_and_that_is_said(phone: TwilioPhone) -> None:
    assert "I read the first part only" in phone.hears(QUESTION + " and so on" * 300)


def test_nothing_goes_before_what_to_do_in_danger(phone: TwilioPhone) -> None:
    long, picture = " and so on" * 300, {"NumMedia": "1", "MediaContentType0": "image/jpeg"}
    for heard in (
        phone.hears(f"i want to kill myself{long}"),
        phone.hears("i want to kill myself", **picture),
    ):
        before = heard[: heard.index("999")]
        assert "read the first part" not in before
        assert "cannot look at pictures" not in before


def test_sms_and_whatsapp_of_one_number_are_two_conversations(phone: TwilioPhone) -> None:
    other = TwilioPhone(phone.port, f"whatsapp:{phone.number}", to="whatsapp:+442012345678")
    phone.says(QUESTION)
    heard = other.hears("is that a must?")
    assert "Ask me a question first" in heard


def test_whatsapp_has_bold_titles_whole_links_and_the_source(whatsapp: TwilioPhone) -> None:
    heard = whatsapp.hears("number for the tribunal")
    assert "*" in heard
    assert "https://www.gov.uk/appeal-ehc-plan-decision" in heard
    assert "Source:" in heard
    assert "\n1 " in heard  # what can be picked is numbered


@pytest.mark.parametrize("sender", ["Bromley", "whatsapp:GB.13491208655302741918", "12345", "+1", "ƒ"])
def test_whatever_a_sender_is_called_they_are_answered(phone: TwilioPhone, sender: str) -> None:
    phone.number = sender
    assert phone.hears("my dad hits me").startswith("It is right to say this.")


def test_without_a_sender_nobody_can_be_answered(phone: TwilioPhone) -> None:
    phone.number = ""
    assert phone.says("hello") == []
