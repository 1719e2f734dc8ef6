"""The way from the first talk at school to the Tribunal, by every way of writing, with nothing but numbers."""

import json
import re
import sqlite3

from send_guide.channels.texts.segments import segments
from send_guide.content import get_content
from send_guide.content.gsm7 import to_gsm_7
from tests.channels.conftest import Somebody
from tests.channels.providers import PUBLIC, MetaPhone, TwilioPhone
from tests.servers import Service

STEPS = get_content().steps
DONE = "I have done this"
SCHOOL = ("talk", "policy", "head", "governors", "resolution", "dfe", "ofsted", "end")
TRIBUNAL = ("mediation", "appeal", "tribunal")


ANSWERS = {
    "topic": "support",
    "plan": "no",
    "setting": "maintained",
    "reached": "nothing",
    "decision": "contents",
    "decided": "unknown",
    "certified": "none",
}
"""What somebody tells who has done nothing yet, and later does not agree with a final plan."""


def option(question: str, value: str) -> str:
    return get_content().questions[question].options[value].title


def question_in(heard: str) -> str | None:
    """Return the question that a text asks."""
    plain = to_gsm_7(heard)
    return next((key for key, one in get_content().questions.items() if to_gsm_7(one.ask) in plain), None)


class Texter:
    """Somebody who reads the numbered list and types the number."""

    def __init__(self, phone: TwilioPhone | Somebody) -> None:
        self.phone = phone
        self.heard = phone.hears("menu")
        self.thread = [self.heard]

    def picks(self, title: str) -> str:
        self.heard = self.phone.hears(self.number_of(title))
        self.thread.append(self.heard)
        return self.heard

    def number_of(self, title: str) -> str:
        found = re.findall(rf"^(\d+) {re.escape(to_gsm_7(title))}$", to_gsm_7(self.heard), re.M)
        assert found, f"nothing called {title!r} in:\n{self.heard}"
        return str(found[-1])

    def answers_until(self, step: str) -> None:
        """Answer what is asked, by number, until a step is told."""
        while question := question_in(self.heard):
            self.picks(option(question, ANSWERS[question]))
        self.is_told(step)

    def is_told(self, step: str) -> None:
        plain = to_gsm_7(self.heard).replace("https://", "")  # what WhatsApp can show beside
        assert to_gsm_7(STEPS[step].short) in plain, self.heard


def at_first_step(phone: TwilioPhone | Somebody) -> Texter:
    mum = Texter(phone)
    mum.picks("The school is not helping")
    mum.answers_until("talk")
    return mum


def test_from_the_first_talk_to_the_tribunal_with_numbers_only(somebody: Somebody) -> None:
    mum = at_first_step(somebody)
    for step in SCHOOL:
        mum.answers_until(step)
        if not STEPS[step].end:
            mum.picks(DONE)
    mum.picks("Other ways")
    mum.picks(option("topic", "decision"))
    for step in TRIBUNAL:
        mum.answers_until(step)
        if step != "tribunal":
            mum.picks(DONE)
    assert somebody.way != "sms" or all(segments(text) <= 6 for text in mum.thread)
    assert not any("can stop" in text for text in mum.thread)  # who then writes "stop" ends the texts


def test_the_same_by_whatsapp_through_meta_with_taps(meta: MetaPhone) -> None:
    def heard() -> str:
        message = meta.sent()[-1]
        inside = message["interactive"]["body"] if "interactive" in message else message["text"]
        return str(inside.get("text") or inside.get("body")).replace("https://", "")

    def answers_until(step: str) -> None:
        while question := next((key for key, one in questions.items() if one.ask in heard()), None):
            meta.taps(option(question, ANSWERS[question]))
        assert STEPS[step].short in heard(), heard()

    questions = get_content().questions
    meta.says("menu")
    meta.taps("The school is not helping")
    for step in SCHOOL:
        answers_until(step)
        if not STEPS[step].end:
            meta.taps(DONE)
    meta.taps("Other ways")
    meta.taps(option("topic", "decision"))
    for step in TRIBUNAL:
        answers_until(step)
        if step != "tribunal":
            meta.taps(DONE)


def test_stop_in_the_middle_and_start_goes_on_at_the_same_step(phone: TwilioPhone) -> None:
    mum = at_first_step(phone)
    assert "999" in phone.hears("stop")
    assert to_gsm_7(STEPS["policy"].short) not in phone.hears("done that")
    assert "Welcome" in phone.hears("start")
    assert STEPS["talk"].title in phone.hears("where were we")
    mum.heard = phone.hears("i have done this")
    mum.answers_until("policy")


def test_a_number_that_is_delivered_twice_moves_one_step(phone: TwilioPhone) -> None:
    mum = at_first_step(phone)
    mum.picks(DONE)
    mum.answers_until("policy")
    form = phone.form(mum.number_of(DONE))
    once, again = phone.delivers(form), phone.delivers(form)
    assert once == again
    assert STEPS["head"].short[:40] in once[1]
    assert STEPS["head"].title in phone.hears("where were we")


def test_a_question_in_the_middle_is_answered_and_the_steps_stay(phone: TwilioPhone) -> None:
    mum = at_first_step(phone)
    assert "SENCO" in phone.hears("what does senco mean")
    mum.heard = phone.hears("i have done this")
    mum.answers_until("policy")


def test_danger_in_the_middle_comes_first_and_the_steps_stay(phone: TwilioPhone) -> None:
    mum = at_first_step(phone)
    assert phone.hears("my son says he wants to die").startswith(
        "It is good that you said this. Danger now? Ring 999"
    )
    mum.heard = phone.hears("i have done this")
    assert "Is everybody safe now?" in mum.heard
    assert STEPS["talk"].title in mum.picks("Back to my steps")
    mum.heard = phone.hears("i have done this")
    mum.answers_until("policy")


def test_a_letter_comes_as_a_link_that_opens_once(phone: TwilioPhone, service: Service) -> None:
    mum = at_first_step(phone)
    heard = mum.picks("Write the letter for me")
    while question := question_in(mum.heard):
        heard = mum.picks(option(question, ANSWERS[question]))
    link = re.search(re.escape(PUBLIC) + r"(/t/[a-z2-7]{16})", heard)
    assert link, heard
    assert "Dear" not in heard
    status, page = service.get(link[1], b"", {}, "POST")
    assert status == 200
    assert "Dear" in page
    assert service.get(link[1], None, {})[0] == 410


def test_the_steps_are_there_days_later(phone: TwilioPhone, service: Service) -> None:
    mum = at_first_step(phone)
    make_older(service, days=9)
    heard = phone.hears("hello")
    assert "Last time we went through some steps" in heard
    mum.heard = heard
    assert STEPS["talk"].title in mum.picks("Yes, go on with my steps")


def make_older(service: Service, days: int) -> None:
    """Make everything that was said so far older."""
    kept = sqlite3.connect(service.log.with_name("conversations.db"))
    with kept:
        for event_id, data in kept.execute("SELECT id, data FROM events").fetchall():
            event = json.loads(data)
            event["timestamp"] -= days * 86_400
            values = (event["timestamp"], json.dumps(event), event_id)
            kept.execute("UPDATE events SET timestamp = ?, data = ? WHERE id = ?", values)
