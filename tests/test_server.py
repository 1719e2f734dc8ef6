"""The service as somebody runs it: a process of its own, asked over HTTP."""

import json
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers import ActionServer, PostgreSQL, Service

SECRET_WORDS = "our Zebedee Quillfeather has been asked about the governors"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("service")).wait()
    yield found
    if found.process.poll() is None:
        found.stop()


def test_a_question_is_answered_with_the_contract_in_custom(service: Service) -> None:
    replies = service.asks("mum", "can i ask for an assessment myself or does school have to")
    custom = next(reply["custom"] for reply in replies if "custom" in reply)
    assert custom["answer_ids"] == ["ehc.who-can-ask"]


def test_it_is_alive_and_ready_and_counts(service: Service) -> None:
    assert service.get("/healthz") == (200, {"alive": True})
    assert service.get("/readyz") == (200, {"store": True, "lock": True, "understanding": True})
    service.asks("counter", "hello")
    assert 'send_guide_turns_total{channel="rest",outcome="answered"}' in service.get("/metrics")[1]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "body"),
        (b"not json", "body"),
        (b"[]", "body"),
        (b'{"message": "hello"}', "sender"),
        (b'{"sender": "", "message": "hello"}', "sender"),
        (b'{"sender": "a\\u0000b", "message": "hello"}', "sender"),
        (b'{"sender": "\\ud800", "message": "hello"}', "body"),
        (b'{"sender": 5, "message": "hello"}', "sender"),
        (b'{"sender": "mum", "message": null}', "message"),
        (b'{"sender": "mum"}', "message"),
        (b'{"sender": "mum", "message": ["hello"]}', "message"),
    ],
)
def test_what_is_not_a_message_is_refused_with_a_reason(service: Service, body: bytes, says: str) -> None:
    status, answer = service.get("/webhooks/rest/webhook", body)
    assert status == 400
    assert answer["error"].startswith(says)


@pytest.mark.parametrize(
    "text", ["", " ", "🆘", "\u0000", "/", "/restart", "/session_start", "{}", "a" * 5000]
)
def test_odd_messages_get_a_reply(service: Service, text: str) -> None:
    assert any(reply.get("text") for reply in service.asks("odd", text))


def test_a_message_that_is_delivered_again_has_the_same_answer_and_counts_once(service: Service) -> None:
    body = json.dumps({"sender": "twice", "message": "what else must they do?", "message_id": "m1"}).encode()
    service.asks("twice", "what do governors have to do")
    once = service.get("/webhooks/rest/webhook", body)
    again = service.get("/webhooks/rest/webhook", body)
    assert "5 to 8 of 10" in once[1][0]["text"]
    assert again == once
    assert "9 to 10 of 10" in service.asks("twice", "what else must they do?")[0]["text"]


def test_the_same_message_twice_at_one_instant_is_answered_once(service: Service) -> None:
    service.asks("at once", "what do governors have to do")
    body = json.dumps(
        {"sender": "at once", "message": "what else must they do?", "message_id": "m1"}
    ).encode()
    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(lambda _: service.get("/webhooks/rest/webhook", body)[1], range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert "9 to 10 of 10" in service.asks("at once", "what else must they do?")[0]["text"]


def test_a_button_that_was_offered_can_be_tapped_and_no_other(service: Service) -> None:
    replies = service.asks("taps", "school and council")
    buttons = next(reply["buttons"] for reply in replies if "buttons" in reply)
    payload = next(button["payload"] for button in buttons if button["payload"].startswith("/choose"))
    # a tap is sure; words are only understood, with a confidence
    assert service.asks("taps", payload)[-1]["custom"]["confidence"] is None
    assert service.asks("somebody else", payload)[-1]["custom"]["confidence"] is not None
    service.asks("taps", "how often should school meet with me")
    assert service.asks("taps", payload)[-1]["custom"]["confidence"] is None  # further up in the chat


def test_a_huge_body_is_refused(service: Service) -> None:
    status, _ = service.get("/webhooks/rest/webhook", b"x" * 200_000)
    assert status == 413


def test_a_conversation_that_sends_too_much_is_asked_to_wait(service: Service) -> None:
    body = json.dumps({"sender": "flood", "message": "hello"}).encode()
    answers = [service.get("/webhooks/rest/webhook", body)[0] for _ in range(32)]
    assert answers[:30] == [200] * 30
    assert answers[30:] == [429] * 2


def test_a_conversation_goes_on_after_a_restart_and_no_word_reaches_the_log(tmp_path: Path) -> None:
    first = Service(tmp_path).wait()
    first.asks("mum", SECRET_WORDS)
    first.asks("mum", "how often should school meet with me")
    log = first.log.read_text()
    assert first.stop() == 0
    second = Service(tmp_path).wait()
    replies = second.asks("mum", "is that a must?")
    assert "the head teacher should do this" in replies[0]["text"]
    log += second.log.read_text()
    assert second.stop() == 0
    assert "Quillfeather" not in log
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("conversations.db*"))
    assert b"governors" in kept
    assert b"Quillfeather" not in kept
    assert "head teacher should" not in log


def test_a_database_that_goes_away_is_said_and_the_service_is_not_ready(tmp_path: Path) -> None:
    postgres = PostgreSQL(tmp_path)
    service = Service(tmp_path, DATABASE_URL=postgres.url, DATABASE_SECONDS="2").wait()
    try:
        assert service.asks("mum", "number for the tribunal")
        postgres.stop()
        replies = service.asks("mum", "how often should school meet with me")
        assert "could not keep your message" in replies[0]["text"]
        urgent = service.asks("mum", "my son says he wants to die")
        assert "116 123" in urgent[0]["text"]
        assert service.get("/readyz")[0] == 503
        assert service.get("/healthz")[0] == 200
        postgres.start()
        assert "three times a year" in service.asks("mum", "how often should school meet with me")[0]["text"]
        assert service.get("/readyz")[0] == 200
    finally:
        service.stop()
        postgres.stop()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"HOST": "0.0.0.0"}, "the REST channel is for this machine only"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "check SEND_GUIDE_DATABASE_URL"),
        ({"DATABASE_URL": "redis://nowhere"}, "SEND_GUIDE_DATABASE_URL: write sqlite"),
        ({"MODEL": "no-such-model.tar.gz"}, "no trained model at no-such-model.tar.gz"),
        ({"PER_ADDRESS": "often"}, "SEND_GUIDE_PER_ADDRESS"),
    ],
)
def test_a_start_that_cannot_work_fails_at_once_and_says_why(
    tmp_path: Path, settings: dict[str, str], says: str
) -> None:
    assert says in Service(tmp_path, **settings).refuses()


def test_a_broken_model_does_not_start(tmp_path: Path) -> None:
    broken = tmp_path / "model.tar.gz"
    broken.write_bytes(b"not an archive")
    service = Service(tmp_path, MODEL=str(broken))
    assert service.process.wait(timeout=120) != 0
    assert "is ready" not in service.log.read_text()


def test_the_actions_run_in_a_server_of_their_own_behind_a_secret(tmp_path: Path) -> None:
    secret = {"ACTIONS_SECRET": "a secret of both sides"}
    actions = ActionServer(tmp_path, **secret).wait()
    folder = tmp_path / "service"
    folder.mkdir()
    service = Service(
        folder, ACTIONS_URL=f"http://127.0.0.1:{actions.port}/webhook", ACTION_SECONDS="2", **secret
    ).wait()
    try:
        assert "three times a year" in service.asks("mum", "how often should school meet with me")[0]["text"]
        assert actions.get("/webhook", b"{}")[0] == 403
        assert actions.get("/actions")[0] == 403
        actions.stop()
        assert "something went wrong" in service.asks("mum", "is that a must?")[0]["text"]
        urgent = service.asks("mum", "my son says he wants to die")
        assert "116 123" in urgent[0]["text"]
    finally:
        service.stop()


def test_an_action_server_that_is_open_to_others_needs_a_secret(tmp_path: Path) -> None:
    assert "set SEND_GUIDE_ACTIONS_SECRET" in ActionServer(tmp_path, HOST="0.0.0.0").refuses()


def test_a_turn_in_hand_is_finished_before_the_service_stops(tmp_path: Path) -> None:
    service = Service(tmp_path).wait()

    def asks(number: int) -> bool:
        """Return whether there was an answer; a connection may be refused, but none is cut."""
        try:
            return bool(service.asks(f"mum {number}", "hello")[0]["text"])
        except urllib.error.URLError as error:
            return not isinstance(error.reason, ConnectionRefusedError)

    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(asks, number) for number in range(8)]
        asked[0].result()
        assert service.stop() == 0
        answered = [answer.result() for answer in asked]  # a cut connection would raise here
    assert answered[0]


def test_another_model_than_the_one_that_is_named_does_not_start(tmp_path: Path) -> None:
    said = Service(tmp_path, MODEL_SHA256="0" * 64).refuses()
    assert "is not the one of SEND_GUIDE_MODEL_SHA256" in said
