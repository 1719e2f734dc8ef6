"""Meta's side: the subscription, signatures, buttons and lists, repeated deliveries, refusals, old messages."""

import asyncio
import hashlib
import hmac
import json
import sqlite3
import time
import urllib.parse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from send_guide.channels.texts.identity import NoNumberError, as_providers_write
from send_guide.channels.texts.sender import Sender, Sent
from tests.channels.providers import ACCESS, NUMBER_ID, SECRET, WORD, Api, MetaPhone, posted, settings
from tests.servers import Service, wait_until

QUESTION = "does the school have to meet my childs needs"
SHORT = "must do all it can to get"


def body_of(message: dict[str, Any]) -> str:
    inside = message["interactive"]["body"]["text"] if "interactive" in message else message["text"]["body"]
    return str(inside)


def test_the_subscription_is_confirmed_with_the_right_word_only(service: Service) -> None:
    def subscribes(**query: str) -> tuple[int, Any]:
        named = {f"hub.{name}": value for name, value in query.items()}
        return service.get("/webhooks/meta?" + urllib.parse.urlencode(named))

    right = {"mode": "subscribe", "verify_token": WORD, "challenge": "1158201444"}
    assert service.get(
        "/webhooks/meta?" + urllib.parse.urlencode({f"hub.{k}": v for k, v in right.items()})
    ) == (
        200,
        1158201444,
    )
    assert subscribes(**{**right, "verify_token": "wrong"})[0] == 403
    assert subscribes(**{**right, "mode": "unsubscribe"})[0] == 403
    assert subscribes()[0] == 403


def test_what_meta_has_not_signed_is_refused_and_starts_nothing(meta: MetaPhone, service: Service) -> None:
    webhook = meta.webhook(meta.text(QUESTION))
    assert meta.delivers(webhook, secret="another secret of the app")[0] == 403
    body = json.dumps(webhook).encode()
    right = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    for head, sent in [
        ({}, body),
        ({"X-Hub-Signature-256": ""}, body),
        ({"X-Hub-Signature-256": right.removeprefix("sha256=")}, body),
        ({"X-Hub-Signature-256": right}, body + b" "),
        ({"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()}, body),
    ]:
        assert posted(service.port, "/webhooks/meta", sent, head)[0] == 403
    assert meta.sent() == []
    assert body_of(meta.says(QUESTION)[0]).startswith("SEND Guide is automatic.")


@pytest.mark.parametrize("nonsense", [[], {}, "text", 5, None, {"entry": 1}])
def test_signed_nonsense_is_refused(meta: MetaPhone, nonsense: Any) -> None:
    assert meta.delivers(nonsense)[0] == 400


BAD: dict[str, Any] = {
    "a text": "oops",
    "nothing": None,
    "a number": 5,
    "a list": [],
    "no sender": {"type": "text", "id": "wamid.1", "text": {"body": "hello"}},
    "a sender that is none": {"from": {}, "type": "text", "text": {"body": "hello"}},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_message_drops_none_of_its_neighbours(
    meta: MetaPhone, new_number: Callable[[], str], bad: Any
) -> None:
    other = MetaPhone(meta.port, new_number(), meta.api)
    webhook = meta.webhook(meta.text("my dad hits me"), bad, other.text("number for the tribunal"))
    webhook["entry"] = [bad, {"changes": bad}, {"changes": [bad, {"value": bad}]}, *webhook["entry"]]
    assert meta.delivers(webhook)[0] == 200
    assert body_of(meta.sent()[0]).startswith("It is right to say this.")
    assert "0300 303 5857" in body_of(other.sent()[0])


@pytest.mark.parametrize(
    "lacks", [{"timestamp": None}, {"timestamp": "abc"}, {"timestamp": 1e999}, {"id": None}, {"type": None}]
)
def test_a_message_that_lacks_something_is_answered(meta: MetaPhone, lacks: dict[str, Any]) -> None:
    assert meta.delivers(meta.webhook(meta.text("my dad hits me", **lacks)))[0] == 200
    assert body_of(meta.sent()[0]).startswith("It is right to say this.")


@pytest.mark.parametrize("content", [None, "abc", [], {}, {"body": None}, {"body": ["a"]}])
def test_a_text_without_words_is_told_so(meta: MetaPhone, content: Any) -> None:
    assert meta.delivers(meta.webhook(meta.message("text", content)))[0] == 200
    assert "no words" in body_of(meta.sent()[0])


def test_a_sender_is_found_by_the_contact_where_the_message_names_none(meta: MetaPhone) -> None:
    message = meta.text("my dad hits me")
    del message["from"]
    contacts = [{"profile": {"name": "A"}, "wa_id": meta.number}]
    assert meta.delivers(meta.webhook(message, contacts=contacts))[0] == 200
    assert body_of(meta.sent()[0]).startswith("It is right to say this.")


def test_a_message_that_was_changed_is_answered_anew(meta: MetaPhone) -> None:
    meta.says("number for the tribunel plese")
    changed = {"type": "text", "text": {"body": "number for the tribunal"}}
    edit = meta.message("edit", {"original_message_id": "wamid.1", "message": changed})
    assert meta.delivers(meta.webhook(edit))[0] == 200
    assert "0300 303 5857" in body_of(meta.sent()[-1])


def test_who_opens_the_chat_is_greeted_with_what_it_is_about(meta: MetaPhone) -> None:
    assert meta.delivers(meta.webhook(meta.message("request_welcome")))[0] == 200
    (menu,) = meta.sent()
    assert body_of(menu).startswith("SEND Guide is automatic.")
    assert body_of(menu).endswith("What is it about?")
    assert menu["interactive"]["type"] == "list"


def test_the_command_names_the_conversation_of_who_shows_no_number() -> None:
    written = as_providers_write("whatsapp", " whatsapp:GB.13491208655302741918")
    assert written == "GB.13491208655302741918"
    with pytest.raises(NoNumberError):
        as_providers_write("sms", "GB.13491208655302741918")


def test_an_answer_has_buttons_and_shows_that_it_was_read(meta: MetaPhone, api: Api) -> None:
    message = meta.text("how do i contact bromley parent voice")
    assert meta.delivers(meta.webhook(message))[0] == 200
    (answer,) = meta.sent()
    assert answer["interactive"]["type"] == "button"
    titles = [button["reply"]["title"] for button in answer["interactive"]["action"]["buttons"]]
    assert titles == ["Say it more simply", "Who do I contact?"]
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": message["id"]}
    wait_until(lambda: (f"Bearer {ACCESS}", receipt) in api.taken)


def test_a_button_and_a_row_can_be_tapped_or_typed(meta: MetaPhone) -> None:
    meta.says(QUESTION)
    assert "A mainstream school is an ordinary school." in body_of(meta.taps("Say it more simply")[0])
    (menu,) = meta.says("menu")
    assert menu["interactive"]["type"] == "list"
    assert "What the offer asks of schools" in body_of(meta.taps("What the school has to do")[0])
    meta.says("menu")
    assert "What the offer asks of schools" in body_of(meta.says("2")[0])


def test_a_payload_that_was_not_offered_is_read_as_words(meta: MetaPhone, service: Service) -> None:
    reply = {"type": "button_reply", "button_reply": {"id": "/restart", "title": "number for the tribunal"}}
    assert meta.delivers(meta.webhook(meta.message("interactive", reply)))[0] == 200
    assert "0300 303 5857" in body_of(meta.sent()[0])


def test_more_gives_the_full_answer_in_one_message(meta: MetaPhone) -> None:
    assert "Reply MORE for the full answer." in body_of(meta.says(QUESTION)[0])
    full = body_of(meta.says("more")[0])
    assert full.startswith("*Does the school have to meet a pupil's needs?*\nA mainstream school must")
    assert "Source: Bromley Area Wide Offer, Schools must, point 2" in full


def test_a_repeated_delivery_is_answered_once(meta: MetaPhone) -> None:
    webhook = meta.webhook(meta.text(QUESTION))
    for _ in range(3):
        assert meta.delivers(webhook)[0] == 200
    assert len(meta.sent()) == 1
    at_once = meta.webhook(meta.text("number for the tribunal"))
    with ThreadPoolExecutor(4) as pool:
        assert [status for status, _ in pool.map(lambda _: meta.delivers(at_once), range(4))] == [200] * 4
    assert len(meta.sent()) == 2


def test_messages_of_one_webhook_are_answered_in_the_order_they_were_written(meta: MetaPhone) -> None:
    now = int(time.time())
    texts = ["menu", "2", "number for the tribunal"]
    messages = [meta.text(text, timestamp=str(now + at)) for at, text in enumerate(texts)]
    assert meta.delivers(meta.webhook(messages[2], messages[0], messages[1]))[0] == 200
    first, second, third = (body_of(message) for message in meta.sent())
    assert "What is it about?" in first
    assert "What the offer asks of schools" in second
    assert "0300 303 5857" in third


def test_people_of_one_webhook_are_answered_each(meta: MetaPhone, new_number: Callable[[], str]) -> None:
    other = MetaPhone(meta.port, new_number(), meta.api)
    assert meta.delivers(meta.webhook(meta.text("hello"), other.text("hello")))[0] == 200
    assert len(meta.sent()) == len(other.sent()) == 1


def test_a_message_older_than_the_window_is_not_answered(meta: MetaPhone) -> None:
    old = meta.text("hello", timestamp=str(int(time.time()) - 25 * 3600))
    assert meta.delivers(meta.webhook(old))[0] == 200
    assert meta.sent() == []
    assert meta.says("hello")


def test_a_message_to_another_number_is_left_alone(meta: MetaPhone) -> None:
    webhook = meta.webhook(meta.text("hello"))
    webhook["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = NUMBER_ID[::-1]
    assert meta.delivers(webhook)[0] == 200
    assert meta.sent() == []


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg"}, "cannot look at pictures"),
        ("document", {"id": "1", "filename": "letter.pdf"}, "cannot look at pictures or files"),
        ("audio", {"id": "1", "voice": True}, "cannot listen to voice messages"),
        ("sticker", {"id": "1"}, "cannot read stickers"),
        ("location", {"latitude": 51.4, "longitude": 0.01}, "cannot use where you are"),
        ("contacts", [{"name": {"formatted_name": "A"}}], "cannot use contact cards"),
        ("unsupported", None, "can only read words"),
        ("unsupported", {"type": "poll_creation"}, "cannot take part in polls"),
        ("unsupported", {"type": "edit"}, "cannot see what you changed"),
        ("poll", {"name": "Friday?"}, "cannot take part in polls"),
        ("edit", {"original_message_id": "wamid.1"}, "cannot see what you changed"),
        ("order", {"catalog_id": "1"}, "can only read words"),
    ],
)
def test_what_cannot_be_read_gets_a_helpful_answer(
    meta: MetaPhone, kind: str, content: Any, says: str
) -> None:
    assert meta.delivers(meta.webhook(meta.message(kind, content)))[0] == 200
    assert says in body_of(meta.sent()[0])


def test_words_below_a_picture_are_answered(meta: MetaPhone) -> None:
    picture = meta.message("image", {"id": "1", "caption": QUESTION})
    assert meta.delivers(meta.webhook(picture))[0] == 200
    (answer,) = meta.sent()
    assert "cannot look at pictures" in body_of(answer)
    assert SHORT in body_of(answer)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reaction", {"message_id": "wamid.x", "emoji": "👍"}),
        ("revoke", {"original_message_id": "wamid.x"}),
        ("unsupported", {"type": "revoke"}),
        ("system", {"type": "user_changed_number", "wa_id": "447700900999"}),
    ],
)
def test_what_asks_for_no_answer_gets_none(meta: MetaPhone, kind: str, content: Any) -> None:
    """Who takes a message back may have somebody look over their shoulder."""
    assert meta.delivers(meta.webhook(meta.message(kind, content)))[0] == 200
    assert meta.sent() == []


def test_an_opt_out_is_honoured_and_danger_answered_all_the_same(meta: MetaPhone) -> None:
    meta.says(QUESTION)
    assert "999" in body_of(meta.says("stop")[0])
    assert SHORT not in body_of(meta.says(QUESTION)[0])
    (urgent,) = meta.says("my son says he wants to die")
    assert body_of(urgent).startswith("It is good that you said this. Ring 999")
    assert urgent["biz_opaque_callback_data"] == "urgent"
    meta.says("start")
    assert SHORT in body_of(meta.says(QUESTION)[0])


@pytest.mark.parametrize("refusals", [[429, 500], [503]])
def test_a_send_that_is_refused_for_now_is_tried_again(
    meta: MetaPhone, api: Api, refusals: list[int]
) -> None:
    meta.says("hello")
    wait_until(lambda: sum(body.get("status") == "read" for _, body in api.taken) >= 1)
    api.refusals = list(refusals)
    assert meta.says("number for the tribunal")
    assert api.refusals == []


def test_an_answer_that_cannot_be_sent_is_sent_when_meta_delivers_again(
    late: tuple[Service, Api], tmp_path_factory: pytest.TempPathFactory, new_number: Callable[[], str]
) -> None:
    api = Api()
    service = Service(tmp_path_factory.mktemp("refused"), **settings(api)).wait()
    try:
        meta = MetaPhone(service.port, new_number(), api)
        api.refusals = [500] * 8  # the answer and the receipt
        webhook = meta.webhook(meta.text(QUESTION))
        assert meta.delivers(webhook)[0] == 503
        wait_until(lambda: api.refusals == [])
        assert meta.sent() == []
        assert meta.delivers(webhook)[0] == 200
        assert len(meta.sent()) == 1
        assert SHORT in body_of(meta.sent()[0])
        api.refusals = [400, 400]  # refused for good: it is not asked for again and again
        assert meta.delivers(meta.webhook(meta.text("hello")))[0] == 200
    finally:
        service.stop()
        api.stop()


def test_an_answer_is_not_lost_with_the_process_that_was_sending_it(
    tmp_path: Path, new_number: Callable[[], str]
) -> None:
    api = Api()
    service = Service(tmp_path, **settings(api, TEXTS_LATE_SECONDS="1")).wait()
    kept = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    try:
        meta = MetaPhone(service.port, new_number(), api)
        api.refusals = [500] * 8
        webhook = meta.webhook(meta.text(QUESTION))
        assert meta.delivers(webhook)[0] == 503
        wait_until(lambda: api.refusals == [])
        kept.execute("UPDATE texted SET claimed = ?", [time.time() + 60])  # as who was killed has left it
        assert meta.delivers(webhook)[0] == 503
        assert meta.sent() == []
        kept.execute("UPDATE texted SET claimed = 0")
        assert meta.delivers(webhook)[0] == 200
        assert len(meta.sent()) == 1
    finally:
        kept.close()
        service.stop()
        api.stop()


@pytest.mark.parametrize(("urgent", "outcome"), [(False, Sent.REFUSED), (True, Sent.NOT)])
def test_what_may_have_arrived_is_sent_again_only_in_danger(urgent: bool, outcome: Sent) -> None:
    api = Api()
    api.blocked.clear()

    async def send() -> Sent:
        sender = Sender("meta", seconds=0.2, pause=0)
        try:
            return await sender.post(api.url, urgent=urgent, json={})
        finally:
            await sender.close()

    try:
        assert asyncio.run(send()) is outcome
        assert api.tried == 1
    finally:
        api.stop()


def test_many_messages_in_one_webhook_are_taken(meta: MetaPhone, service: Service) -> None:
    """After a time in which it could not deliver, Meta sends up to 3 MB at once."""
    reports = [
        {"id": f"wamid.{'x' * 90}{at}", "status": "read", "recipient_id": meta.number} for at in range(2_000)
    ]
    webhook = meta.webhook(meta.text("number for the tribunal"), statuses=reports)
    assert len(json.dumps(webhook)) > 200_000
    assert meta.delivers(webhook)[0] == 200
    assert "0300 303 5857" in body_of(meta.sent()[0])
    assert service.get("/chat/messages", b"x" * 100_000)[0] == 413


def test_reports_are_counted_and_danger_that_did_not_arrive_is_an_error(
    meta: MetaPhone, service: Service
) -> None:
    reports = [
        {"id": "wamid.1", "status": "read", "recipient_id": meta.number},
        {"id": "wamid.1", "status": "sent", "recipient_id": meta.number},
        {
            "id": "wamid.2",
            "status": "failed",
            "recipient_id": meta.number,
            "errors": [{"code": 131026, "title": "Message undeliverable"}],
            "biz_opaque_callback_data": "urgent",
        },
    ]
    assert meta.delivers(meta.webhook(statuses=reports))[0] == 200
    assert meta.sent() == []
    metrics = service.get("/metrics")[1]
    assert 'send_guide_deliveries_total{error="131026",provider="meta",status="failed"} 1.0' in metrics
    log = service.log.read_text()
    assert '"event": "text.undelivered", "provider": "meta", "status": "failed", "urgent": true' in log
    assert meta.number not in log


def test_a_slow_provider_holds_nobody_up_and_the_webhook_is_answered(
    late: tuple[Service, Api], new_number: Callable[[], str]
) -> None:
    service, api = late
    meta = MetaPhone(service.port, new_number(), api)
    api.blocked.clear()
    try:
        assert meta.delivers(meta.webhook(meta.text("hello")))[0] == 200
        assert service.asks("somebody else", "number for the tribunal")
    finally:
        api.blocked.set()
    wait_until(lambda: meta.sent())
