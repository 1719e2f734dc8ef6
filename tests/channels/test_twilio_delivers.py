"""Twilio's side: signatures, repeated deliveries, late answers, refusals, reports."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from twilio.request_validator import RequestValidator

from tests.channels.providers import ACCOUNT, PUBLIC, TOKEN, Api, TwilioPhone, login
from tests.servers import Service, wait_until

TAP = '/choose{"answer": "urgent.child-at-risk"}'
"""What the button "Somebody is not safe" sends."""

QUESTION = "does the school have to meet my childs needs"
SHORT = "must do all it can to get"


def by_hand(url: str, form: dict[str, str]) -> str:
    """Make Twilio's signature without Twilio's library: HMAC-SHA1 over the address and the sorted form."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def test_a_signature_made_by_hand_is_taken(phone: TwilioPhone) -> None:
    form = phone.form(QUESTION, NewParameter="", Another="1")
    status, xml = phone.delivers(form, signature=by_hand(f"{PUBLIC}/webhooks/twilio", form))
    assert status == 200
    assert SHORT in xml


@pytest.mark.parametrize("headers", [{}, {"Host": "10.0.0.7:5005"}, {"X-Forwarded-Proto": "http"}])
def test_behind_a_proxy_the_public_address_is_what_counts(
    phone: TwilioPhone, headers: dict[str, str]
) -> None:
    assert phone.delivers(phone.form("hello"), **headers)[0] == 200


def test_a_port_and_a_query_that_twilio_has_signed_are_taken(phone: TwilioPhone) -> None:
    form = phone.form("hello")
    with_port = RequestValidator(TOKEN).compute_signature("https://guide.example:443/webhooks/twilio", form)
    assert phone.delivers(form, signature=with_port)[0] == 200
    assert phone.delivers(phone.form("hello"), path="/webhooks/twilio?region=ie1")[0] == 200


def test_what_twilio_has_not_signed_is_refused_and_starts_nothing(
    phone: TwilioPhone, service: Service
) -> None:
    form = phone.form(QUESTION)
    right = by_hand(f"{PUBLIC}/webhooks/twilio", form)
    for signature, sent in [
        ("", form),
        ("forged", form),
        (("A" if right[0] != "A" else "B") + right[1:], form),
        (right, {**form, "Body": "another text"}),
        (right, {**form, "From": "+447700900999"}),
        (right, {**form, "Added": ""}),
        (by_hand("https://elsewhere.example/webhooks/twilio", form), form),
        (by_hand(f"http://127.0.0.1:{service.port}/webhooks/twilio", form), form),
        (by_hand(f"{PUBLIC}/webhooks/twilio/status", form), form),
    ]:
        assert phone.delivers(sent, signature=signature)[0] == 403
    status = {"MessageSid": "SM1", "MessageStatus": "failed"}
    assert phone.delivers(status, path="/webhooks/twilio/status", signature="forged")[0] == 403
    assert "SEND Guide is automatic" in phone.hears(QUESTION)  # still a stranger: nothing was kept


def test_a_repeated_delivery_is_told_the_same_and_counts_once(phone: TwilioPhone) -> None:
    phone.says("what do governors have to do")
    form = phone.form("more")
    once = phone.delivers(form)
    assert "(2/2)" in once[1]
    assert phone.delivers(form) == once
    assert phone.delivers(form, **{"I-Twilio-Idempotency-Token": "the same"}) == once
    assert "(5 to 8 of 10)" in phone.hears("more")


def test_two_messages_without_a_name_are_two_messages(phone: TwilioPhone) -> None:
    nameless = {"MessageSid": "", "SmsSid": ""}
    assert "What is it about?" in phone.hears("menu", **nameless)
    assert "What the offer asks of schools" in phone.hears("2", **nameless)


def test_the_same_delivery_four_times_at_one_instant_counts_once(phone: TwilioPhone) -> None:
    phone.says("what do governors have to do")
    form = phone.form("more")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: phone.delivers(form), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert "(5 to 8 of 10)" in phone.hears("more")


def test_a_reply_asks_to_be_reported_and_what_did_not_arrive_is_counted(
    phone: TwilioPhone, service: Service
) -> None:
    assert f'statusCallback="{PUBLIC}/webhooks/twilio/status"' in phone.delivers(phone.form("hello"))[1]
    urgent = phone.delivers(phone.form("i want to kill myself"))[1]
    assert f'statusCallback="{PUBLIC}/webhooks/twilio/status?urgent=1"' in urgent
    # out of order, for a message nobody knows, and with odd values: all are taken, none does harm
    for status, query in [("delivered", ""), ("sent", ""), ("undelivered", "?urgent=1"), ("<b>", "")]:
        report = {"MessageSid": "SM2", "MessageStatus": status, "To": phone.number, "ErrorCode": "30003"}
        assert phone.delivers(report, path=f"/webhooks/twilio/status{query}")[0] == 204
    metrics = service.get("/metrics")[1]
    assert 'send_guide_deliveries_total{error="30003",provider="twilio",status="undelivered"} 1.0' in metrics
    log = service.log.read_text()
    assert '"event": "text.undelivered", "provider": "twilio", "status": "undelivered", "urgent": true' in log
    assert phone.number[1:] not in log


def test_a_number_that_sends_very_much_is_told_once_and_danger_still_answered(
    tmp_path_factory: pytest.TempPathFactory, api: Api, new_number: Callable[[], str]
) -> None:
    from tests.channels.providers import settings

    service = Service(tmp_path_factory.mktemp("flood"), **settings(api, TEXTS_PER_NUMBER="3/day")).wait()
    try:
        phone, upset = (TwilioPhone(service.port, f"+{new_number()}") for _ in range(2))
        whatsapp = TwilioPhone(service.port, f"whatsapp:+{new_number()}", to="whatsapp:+442012345678")
        for _ in range(2):
            upset.says("hello")
        number = re.search(
            r"^(\d+) Somebody is not safe$", upset.hears("i am so upset, it is all too much for me"), re.M
        )[1]  # type: ignore[index]
        for one in (phone, whatsapp):
            for _ in range(3):
                assert one.says("hello")
        for one in (phone, upset, whatsapp):
            assert "a lot of messages" in one.hears("hello")
            assert one.says("hello") == []
        assert phone.hears("my dad hits me").startswith("It is right to say this. Danger now? Ring 999")
        assert upset.hears(f"{number}").startswith("It is right to say this. Danger now? Ring 999")
        assert upset.hears("2000") == ""
        assert whatsapp.hears("Somebody is not safe", ButtonPayload=TAP).startswith(
            "It is right to say this. Ring 999"
        )
        assert TwilioPhone(service.port, f"+{new_number()}").says("hello")
    finally:
        service.stop()


def test_a_late_answer_is_sent_by_the_api(late: tuple[Service, Api], new_number: Callable[[], str]) -> None:
    service, api = late
    phone = TwilioPhone(service.port, f"+{new_number()}")
    form = phone.form(QUESTION)
    assert phone.delivers(form) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response />')
    wait_until(lambda: any(body.get("To") == phone.number for _, body in api.taken))
    (authorization, body), *more = [one for one in api.taken if one[1].get("To") == phone.number]
    assert authorization == login(ACCOUNT, TOKEN)
    assert body["From"] == phone.to
    assert SHORT in body["Body"]
    assert body["StatusCallback"] == f"{PUBLIC}/webhooks/twilio/status"
    assert more == []
    # delivered again: it was sent already
    assert phone.delivers(form)[1].endswith("<Response />")
    phone.says("menu")
    wait_until(lambda: len([1 for _, sent in api.taken if sent.get("To") == phone.number]) == 2)


def test_texts_in_quick_succession_are_answered_in_order(
    late: tuple[Service, Api], new_number: Callable[[], str]
) -> None:
    service, api = late
    phone = TwilioPhone(service.port, f"+{new_number()}")
    for text in ("menu", "2", "more", "number for the tribunal"):
        assert phone.says(text) == []  # each is taken before the one before is answered

    def heard() -> list[str]:
        return [body["Body"] for _, body in api.taken if body.get("To") == phone.number]

    wait_until(lambda: len(heard()) == 4)
    for words, text in zip(("What is it about?", "(1/2)", "(2/2)", "0300 303 5857"), heard(), strict=True):
        assert words in text


def test_a_provider_that_is_slow_holds_nobody_else_up(
    late: tuple[Service, Api], new_number: Callable[[], str]
) -> None:
    service, api = late
    api.blocked.clear()
    try:
        before = api.tried
        phone = TwilioPhone(service.port, f"+{new_number()}")
        assert phone.says("hello") == []
        wait_until(lambda: api.tried > before)  # it hangs in the provider's API now
        assert service.asks("somebody else", "number for the tribunal")
        assert service.get("/readyz")[0] == 200
    finally:
        api.blocked.set()
    wait_until(lambda: any(body.get("To") == phone.number for _, body in api.taken))


@pytest.mark.parametrize(
    ("refusals", "tries"), [([429, 500, 503], 4), ([500], 2), ([400], 1), ([500] * 4, 4)]
)
def test_sending_is_tried_again_on_429_and_5xx_only(
    late: tuple[Service, Api], new_number: Callable[[], str], refusals: list[int], tries: int
) -> None:
    service, api = late
    phone = TwilioPhone(service.port, f"+{new_number()}")
    before, failed = api.tried, service.log.read_text().count("send.failed")
    api.refusals = list(refusals)
    assert phone.says("hello") == []
    taken = refusals[-1] != 400 and len(refusals) < 4
    wait_until(
        lambda: (
            any(body.get("To") == phone.number for _, body in api.taken)
            if taken
            else service.log.read_text().count("send.failed") > failed
        )
    )
    assert api.tried - before == tries
    assert api.refusals == []
    assert phone.number[1:] not in service.log.read_text()
