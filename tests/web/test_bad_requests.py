"""What is too long, malformed, of the wrong type or from elsewhere is refused in words; the service goes on."""

import http.client
import json
from pathlib import Path

import pytest

from tests.servers import Service
from tests.web.conftest import ORIGIN, Caller

QUESTION = "how often should school meet with me"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"id": "message-1"}',
        b'{"id": "message-1", "text": ""}',
        b'{"id": "message-1", "text": null}',
        b'{"id": "message-1", "text": 5}',
        b'{"id": "message-1", "text": ["hello"]}',
        b'{"id": "message-1", "text": "\\ud800"}',
        b'{"id": "message-1", "text": "a", "choice": "0123456789abcdef"}',
        b'{"id": "message-1", "text": "a", "sender": "somebody else"}',
        b'{"id": "message-1", "text": "a", "metadata": {"role": "staff"}}',
        b'{"id": "short", "text": "a"}',
        b'{"id": "message/../1", "text": "a"}',
        b'{"id": "message-1\\u0000", "text": "a"}',
        b'{"id": 12345678, "text": "a"}',
        b'{"id": "message-1", "choice": "/restart"}',
        b"\xff\xfe{",
        b"[" * 5000,
    ],
)
def test_what_is_not_a_message_is_refused_with_a_reason(parent: Caller, body: bytes) -> None:
    status, answer = parent.call("POST", "/chat/messages", body)
    assert status == 400
    assert set(answer) == {"error"}
    assert "Traceback" not in answer["error"]
    assert parent.reads() == (200, {"messages": []})


def test_only_json_is_read(parent: Caller) -> None:
    body = json.dumps({"id": "message-1", "text": "hello"}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert parent.call("POST", "/chat/messages", body, Content_Type=kind)[0] == 415


def test_a_body_that_is_too_large_is_refused(parent: Caller) -> None:
    status, answer = parent.call("POST", "/chat/messages", {"id": "message-1", "text": "x" * 100_000})
    assert (status, answer) == (413, {"error": "that is too long"})


def test_a_long_message_is_read_in_part_and_that_is_said(parent: Caller) -> None:
    status, answer = parent.asks(QUESTION + " " + "x " * 2_000)
    assert status == 200
    assert "I read the first 2,000 characters" in json.dumps(answer["replies"][-1])


@pytest.mark.parametrize(
    "text", [" ", "\u0000", "/", "/restart", "🆘", "{}", "<script>", "\u202e", "a" * 2_000]
)
def test_odd_messages_get_a_reply(parent: Caller, text: str) -> None:
    status, answer = parent.asks(text)
    assert status == 200
    assert answer["replies"]


def test_markup_comes_back_as_the_text_it_was(parent: Caller) -> None:
    hostile = "<script>alert(1)</script> who must appoint a senco"
    parent.asks(hostile)
    answer = parent.reads()[1]
    assert answer["messages"][0] == {"from": "person", "text": hostile}


def test_only_what_was_offered_can_be_tapped(parent: Caller, stranger: Caller) -> None:
    choices = parent.asks(QUESTION)[1]["replies"][0]["choices"]
    choice = next(one for one in choices if one["title"] == "Say it more simply")
    assert set(choice) == {"acts", "back", "id", "title"}  # what it stands for stays with the server
    assert stranger.taps(choice["id"])[0] == 404
    assert parent.taps("0" * 16)[0] == 404
    status, answer = parent.taps(choice["id"])
    assert status == 200
    assert "School should talk with you" in json.dumps(answer)
    assert parent.reads()[1]["messages"][2] == {"from": "person", "text": choice["title"]}


def test_a_slash_is_text(parent: Caller) -> None:
    for slash in ("/", "/ /", "\u00a0/ /", "//\t/"):
        said = slash + 'path{"step": "panel"}'
        assert "Ask the trust for a panel hearing" not in json.dumps(parent.asks(said)[1]["replies"])
    assert parent.asks('/choose{"answer": "urgent.child-at-risk"}')[1]["replies"][0]["kind"] != "urgent"


def test_a_message_that_is_delivered_again_has_the_same_answer_and_is_one_turn(parent: Caller) -> None:
    parent.asks("what do governors have to do")
    once = parent.asks("what else must they do?", "the-same-message")
    assert parent.asks("what else must they do?", "the-same-message") == once
    assert len([each for each in parent.reads()[1]["messages"] if each["from"] == "person"]) == 2


def test_who_sends_too_much_is_asked_to_wait(parent: Caller, stranger: Caller) -> None:
    answers = [parent.call("POST", "/chat/feedback", {"kind": "useful", "answer_ids": []}) for _ in range(32)]
    assert [status for status, _ in answers] == [204] * 30 + [429] * 2
    assert stranger.asks("hello")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://www.council.example.evil.example"},
        {"Origin": "http://www.council.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://[::1"},
    ],
)
def test_other_web_pages_are_refused(parent: Caller, headers: dict[str, str]) -> None:
    assert parent.asks("hello", **headers)[0] == 403
    assert parent.call("POST", "/chat/conversations", {}, token=None, **headers)[0] == 403
    assert parent.call("POST", "/guide", b"text=hello", **headers)[0] == 403
    assert parent.reads() == (200, {"messages": []})


LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("page", ["/", "/chat", "/guide"])
@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_a_link_on_another_site_leads_to_the_guide(service: Service, page: str, site: str) -> None:
    assert service.get(page, headers=LINK | {"Sec-Fetch-Site": site})[0] == 200


@pytest.mark.parametrize(
    "other", [{"Sec-Fetch-Dest": "iframe"}, {"Sec-Fetch-Mode": "no-cors"}, {"Sec-Fetch-Dest": "script"}]
)
def test_another_site_cannot_show_the_guide_as_a_part_of_itself(
    service: Service, other: dict[str, str]
) -> None:
    assert service.get("/guide", headers=LINK | other)[0] == 403


def test_a_form_on_another_site_sends_nothing(service: Service) -> None:
    assert service.get("/guide", b"text=hello", LINK)[0] == 403


def test_operators_figures_are_not_for_who_comes_by_a_proxy(service: Service) -> None:
    assert service.get("/metrics")[0] == 200
    assert service.get("/metrics/", headers={"X-Forwarded-For": "192.0.2.1"})[0] == 404


def exchange(service: Service, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return connection.getresponse()


def test_pages_of_the_council_may_ask_first_and_read_the_answer(service: Service) -> None:
    answer = exchange(
        service, "OPTIONS", "/chat/messages", Origin=ORIGIN, Access_Control_Request_Method="POST"
    )
    assert answer.status == 204
    assert answer.getheader("Access-Control-Allow-Origin") == ORIGIN
    assert answer.getheader("Access-Control-Allow-Headers") == "Authorization, Content-Type"
    assert answer.getheader("Access-Control-Allow-Credentials") is None
    assert answer.getheader("Vary") == "Origin"
    strange = exchange(service, "OPTIONS", "/chat/messages", Origin="https://evil.example")
    assert strange.status == 403
    assert strange.getheader("Access-Control-Allow-Origin") is None


@pytest.mark.parametrize(
    "path", ["/", "/chat", "/guide", "/chat/messages", "/chat/nothing", "/guide/nothing"]
)
def test_every_answer_carries_the_headers(service: Service, path: str) -> None:
    answer = exchange(service, "GET", path)
    policy = answer.getheader("Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Set-Cookie") is None


def test_what_cannot_be_done_is_said_in_json(service: Service) -> None:
    for method, path, status in (("PUT", "/chat/messages", 405), ("GET", "/chat/nothing", 404)):
        answer = exchange(service, method, path)
        assert answer.status == status
        assert set(json.loads(answer.read())) == {"error"}


def test_the_script_is_compressed_and_asked_for_once(service: Service) -> None:
    answer = exchange(service, "GET", "/send-guide.js", Accept_Encoding="gzip")
    assert answer.getheader("Content-Encoding") == "gzip"
    assert answer.getheader("Content-Type") == "text/javascript; charset=utf-8"
    assert len(answer.read()) < 30_000
    again = exchange(service, "GET", "/send-guide.js", If_None_Match=answer.getheader("ETag") or "")
    assert again.status == 304
    assert exchange(service, "GET", "/pages/base.html").status == 404
    assert exchange(service, "GET", "/..%2fpyproject.toml").status == 404


def test_switched_off_it_says_where_to_get_help(tmp_path: Path) -> None:
    service = Service(tmp_path, WEB_OFF="true").wait()
    try:
        for path in ("/", "/guide", "/chat"):
            status, page = service.get(path)
            assert status == 503
            assert "switched off just now" in page
            assert "tel:999" in page
        status, answer = service.get("/chat/conversations", b"{}")
        assert status == 503
        assert "999" in answer["error"]
        assert service.get("/send-guide.js")[0] == 200
    finally:
        service.stop()


def test_a_wrong_origin_setting_is_said_at_the_start(tmp_path: Path) -> None:
    assert "SEND_GUIDE_WEB_ORIGINS" in Service(tmp_path, WEB_ORIGINS="www.council.example/page").refuses()


@pytest.mark.parametrize("path", ["/guide", "/guide/read"])
def test_the_head_of_a_page_can_be_asked_for(service: Service, path: str) -> None:
    assert service.get(path, method="HEAD") == (200, "")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/nowhere",
            "/healthz",
            "/readyz",
            "/helpline",
            "/sign-in",
            "/sign-in/single",
            "/webhooks/nobody",
        ),
        *("/send-guide.js", "/icon.svg", "/helpline/helpline.js"),
        *("/chat/messages", "/guide/topics", "/guide/nowhere"),
    ],
)
def test_no_answer_can_be_framed_or_taken_for_something_else(service: Service, path: str) -> None:
    for method in ("GET", "TRACE"):
        answer = exchange(service, method, path)
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert "frame-ancestors 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.status in (404, 405)  # nothing answers TRACE
