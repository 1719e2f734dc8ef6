"""One-time links: what is too long for a text message, shown once to whoever holds the message."""

import io
import re
import sqlite3
from collections.abc import Callable

import docx
import pytest

from send_guide.channels.texts.links import Links, code_hash
from tests.channels.providers import KEY, PUBLIC, TwilioPhone
from tests.servers import Service

LETTER = {"letter": {"template": "head-complaint", "title": "A letter", "facts": {"setting": "academy"}}}


@pytest.fixture
def address(service: Service, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Return the path of a new link, as a turn makes it."""

    def make(shows: dict[str, object], expires: float = 4e9) -> str:
        links = Links(PUBLIC, KEY, f"sms/{request.node.name}")
        url = links(shows)
        ((hashed, _),) = links.made
        kept = sqlite3.connect(service.log.with_name("conversations.db"))
        with kept:
            import json

            kept.execute(
                "INSERT INTO one_time_links (code_hash, sender_id, shows, expires) VALUES (?, 'sms-x', ?, ?)",
                (hashed, json.dumps(shows), expires),
            )
        return url.removeprefix(PUBLIC)

    return make


def fetch(service: Service, path: str, method: str = "GET") -> tuple[int, str]:
    return service.get(path, b"" if method == "POST" else None, {}, method)


def test_a_letter_is_shown_once_and_can_be_saved(service: Service, address: Callable[..., str]) -> None:
    path = address(LETTER)
    status, page = fetch(service, path)  # so do programs that look at links before people do
    assert status == 200
    assert "Dear" not in page
    assert fetch(service, path)[0] == 200
    status, page = fetch(service, path, "POST")
    assert status == 200
    assert "Dear" in page
    status, text = fetch(service, f"{path}/txt", "POST")
    assert status == 200
    assert "Dear" in text
    for method in ("GET", "POST"):
        status, page = fetch(service, path, method)
        assert status == 410
        assert "does not work any more" in page
        assert "Dear" not in page


def test_a_letter_is_a_word_file_too(service: Service, address: Callable[..., str]) -> None:
    import urllib.request

    path = address(LETTER)
    fetch(service, path, "POST")
    request = urllib.request.Request(f"http://127.0.0.1:{service.port}{path}/docx", data=b"", method="POST")
    with urllib.request.urlopen(request) as answer:
        assert (
            answer.headers["Content-Disposition"]
            == 'attachment; filename="complaint-to-head-principal-or-manager.docx"'
        )
        assert answer.headers["Cache-Control"] == "no-store"
        found = docx.Document(io.BytesIO(answer.read()))
    assert any("Dear" in paragraph.text for paragraph in found.paragraphs)


def test_a_file_needs_a_link_that_was_just_used(service: Service, address: Callable[..., str]) -> None:
    path = address(LETTER)
    assert fetch(service, f"{path}/docx", "POST")[0] == 410
    assert fetch(service, f"{path}/exe", "POST")[0] in (404, 405)


def test_a_link_that_is_too_old_or_made_up_shows_nothing(
    service: Service, address: Callable[..., str]
) -> None:
    old = address(LETTER, expires=1.0)
    for path in (old, "/t/aaaabbbbccccdddd"):
        for method in ("GET", "POST"):
            assert fetch(service, path, method)[0] == 410
    assert fetch(service, "/t/short")[0] == 404


def test_a_step_is_shown_in_full(service: Service, address: Callable[..., str]) -> None:
    status, page = fetch(service, address({"step": "talk"}), "POST")
    assert status == 200
    assert "Talk to the teacher, the SENCO or the head" in page
    assert "Source:" in page


def test_neither_the_code_nor_the_letter_is_stored() -> None:
    links = Links(PUBLIC, KEY, "sms/SM1")
    text = f"Here: {links(LETTER)} and {links(LETTER)}"
    codes = re.findall(r"/t/([a-z2-7]{16})", text)
    assert len(set(codes)) == 2
    assert [hashed for hashed, _ in links.made] == [code_hash(code) for code in codes]
    hidden = links.hidden(text)
    assert not any(code in hidden for code in codes)
    assert Links(PUBLIC, KEY, "sms/SM1").shown(hidden) == text
    assert Links(PUBLIC, KEY, "sms/SM2").shown(hidden) != text


def test_more_of_a_step_is_a_link_first(phone: TwilioPhone, service: Service) -> None:
    phone.says("the school is not helping my child what can i do")
    for _ in range(8):
        heard = phone.hears("more")
        if found := re.search(re.escape(PUBLIC) + r"(/t/[a-z2-7]{16})", heard):
            assert fetch(service, found[1], "POST")[0] == 200
            return
        phone.says("1")
    raise AssertionError("no step came")
