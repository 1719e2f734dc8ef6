"""Topics, answers and letters by themselves: for everybody, without JavaScript, each at an address of its own."""

import html
import http.client
import re
import urllib.parse
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from send_guide.content import Content
from send_guide.domain.dates import spoken
from tests.servers import Service

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LETTER = {"title": "A complaint to the head", "text": "Dear [name],\n\nPlease help."}


def opened(service: Service, path: str) -> str:
    status, page = service.get(path)
    assert status == 200, path
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", str(page))))


def exchanged(
    service: Service, method: str, path: str, body: bytes | None = None
) -> tuple[int, str | bytes, http.client.HTTPMessage]:
    """Send a request as a browser does; return status, body (a page as text) and headers of the answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)) as connection:
        connection.request(method, path, body, FORM if body is not None else {})
        answer = connection.getresponse()
        content = answer.read()
        page = answer.headers.get_content_type() == "text/html"
        return answer.status, content.decode() if page else content, answer.headers


def posted(service: Service, path: str, fields: dict[str, str]) -> tuple[int, Any, http.client.HTTPMessage]:
    """Send a form."""
    return exchanged(service, "POST", path, urllib.parse.urlencode(fields).encode())


def robots(service: Service, path: str) -> str | None:
    """Return what search engines are told."""
    return exchanged(service, "GET", path)[2]["X-Robots-Tag"]


def test_every_answer_has_a_page_with_its_sources_and_its_review_date(
    service: Service, content: Content
) -> None:
    for answer in content.answers.values():
        path = f"/guide/answers/{answer.id}"
        text, page = opened(service, path), html.unescape(str(service.get(path)[1]))
        for said in (
            answer.title,
            *answer.points,
            *(item.say for item in answer.do_next),
            str(answer.source),
        ):
            assert " ".join(said.split()) in text, (answer.id, said)
        assert " ".join((answer.lead or answer.text).split()) in text, answer.id
        assert f"To be read again by {spoken(answer.review)}." in text
        for link in answer.evidence.links if answer.evidence else ():
            assert f'href="{link}"' in page, (answer.id, link)
        assert "<script" not in page


def test_it_is_said_as_it_is_for_the_person(service: Service, content: Content) -> None:
    answer = content.answers["ehc.who-can-ask"]
    young = answer.for_person({"who": "self"})
    page = opened(service, "/guide/topics/i-am-16-or-over")
    assert young.lead
    assert young.lead in page
    assert str(answer.lead) not in page
    (path,) = re.findall(r'href="(/guide/answers/ehc\.who-can-ask\?[^"]+)"', service.get("/guide/topics/i-am-16-or-over")[1])  # fmt: skip
    assert young.lead in opened(service, path)
    assert "If you are the young person" in opened(service, "/guide/answers/ehc.who-can-ask")
    assert "For everybody else" in opened(service, path)


@pytest.mark.parametrize("asked", ["who=nobody", "who=self&who=x", "x=%00", "=", "who=" + "y" * 3000])
def test_any_address_of_an_answer_shows_it(service: Service, asked: str) -> None:
    assert service.get(f"/guide/answers/ehc.who-can-ask?{asked}")[0] == 200


def test_situations_and_words_lead_to_every_answer(service: Service, content: Content) -> None:
    page = service.get("/guide/topics")[1]
    linked = set(re.findall(r'href="/guide/answers/([^"]+)"', page))
    assert linked == content.answers.keys()
    for key, topic in content.topic_pages.items():
        assert f'href="/guide/topics/{key}"' in page
        text = opened(service, f"/guide/topics/{key}")
        for said in (topic.title, topic.says, *(content.letters[one].title for one in topic.letters)):
            assert said in text
    assert {topic.title for topic in content.topic_pages.values()} >= {
        "School is not helping", "The council said no", "The plan is not followed", "Sent home or excluded",
        "Cannot go to school", "Moving up or moving in", "I am 16 or over",
    }  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/guide/topics/none", "/guide/answers/none", "/guide/letters/none", "/guide/none"]
)
def test_an_address_that_is_none_leads_on(service: Service, path: str) -> None:
    status, page = service.get(path)
    assert status == 404
    assert "This page is not here" in page
    assert 'href="/guide/topics"' in page
    assert 'action="/guide/leave"' in page


@pytest.mark.parametrize(
    "path", ["/guide/topics", "/guide/topics/the-council-said-no", "/guide/answers/ehc.six-weeks"]
)
def test_who_checks_links_is_answered(service: Service, path: str) -> None:
    assert exchanged(service, "HEAD", path)[0] == 200


def test_search_engines_find_them_only_where_the_council_says_so(service: Service, tmp_path: Path) -> None:
    public = ("/guide/topics", "/guide/topics/the-council-said-no", "/guide/answers/ehc.six-weeks")
    others = ("/", "/guide", "/chat", "/guide/none", "/guide/answers/none")
    for path in (*public, *others):
        assert robots(service, path) == "noindex", path
    listed = Service(tmp_path, WEB_INDEX="true").wait()
    try:
        for path in public:
            assert robots(listed, path) == "all", path
        for path in others:
            assert robots(listed, path) == "noindex", path
    finally:
        listed.stop()


def test_every_letter_has_a_page_and_is_saved_under_its_name(service: Service, content: Content) -> None:
    for key, letter in content.letters.items():
        assert letter.title in opened(service, f"/guide/letters/{key}")
    status, body, headers = posted(service, "/guide/letter", LETTER | {"format": "docx"})
    assert (status, body[:2]) == (200, b"PK")
    assert headers["Content-Disposition"] == 'attachment; filename="complaint-to-head.docx"'


@pytest.mark.parametrize("form", ["docx", "txt", "print"])
def test_characters_that_no_file_may_hold_are_left_out(service: Service, form: str) -> None:
    controls = "".join(map(chr, range(32))) + "\x7f\ufffe\ud800".encode("utf-8", "replace").decode()
    fields = {"title": f"A\v{controls}b", "text": f"Dear{controls}\v\vhead,\x00\x1b", "format": form}
    assert posted(service, "/guide/letter", fields)[0] == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 20_001, "The letter is too long: at most 20,000 characters"),
        ("a\n" * 1_500, "The letter is too long"),
        ("[a] " * 1_500, "The letter is too long"),
        ("[" * 19_000, "The letter is too long"),
        ("  \n ", "Write the letter first."),
        ("", "Write the letter first."),
    ],
    ids=["characters", "lines", "blanks", "open brackets", "white space", "empty"],
)
def test_a_letter_that_cannot_be_made_stays_on_the_screen(service: Service, text: str, said: str) -> None:
    status, body, _ = posted(
        service, "/guide/letter", {"title": "To the head", "text": text, "format": "docx"}
    )
    page = html.unescape(body)
    assert status == 400
    assert said in page
    assert "<h1>To the head</h1>" in page
    assert text.strip() in page
    assert "internal" not in page.lower()


def test_a_letter_is_saved_after_the_conversation_is_over(service: Service) -> None:
    fields = LETTER | {"format": "docx", "token": "of yesterday"}
    assert posted(service, "/guide/letter", fields)[0] == 200


def test_a_letter_is_printed_with_what_belongs_to_it(service: Service, content: Content) -> None:
    status, body, _ = posted(service, "/guide/letter", LETTER | {"format": "print"})
    page = html.unescape(body)
    assert status == 200
    assert '<div class="paper">Dear [name],\n\nPlease help.</div>' in page
    keep = page[page.index('class="keep"') :]
    for said in (content.council.name, content.contacts["iass"].name, "bromleyiass.org.uk"):
        assert said in keep
    assert re.search(r"printed on \d+ \w+ 20\d\d", keep)
    edited = posted(service, "/guide/letter", LETTER | {"format": "edit"})[1]
    assert "Please help.</textarea>" in edited


def test_what_goes_wrong_on_a_page_is_said_on_a_page(service: Service) -> None:
    status, body, headers = posted(service, "/guide", {"text": "x" * 100_000, "id": "message-1"})
    assert (status, headers.get_content_type()) == (413, "text/html")
    assert "That is too long. Please go back and change it." in body
    status, body, headers = posted(service, "/guide/topics", {})
    assert (status, headers.get_content_type()) == (405, "text/html")


def said(service: Service, text: str, **more: str) -> tuple[int, str, str]:
    """Say something on the plain pages; return status, page and the conversation's token."""
    status, body, _ = posted(service, "/guide", {"text": text, "id": "a-message-of-mine"} | more)
    page = body
    return status, page, re.findall(r'name="token" value="([^"]+)"', page)[0]


def test_an_error_is_what_the_page_opens_at(service: Service) -> None:
    token = said(service, "how often should school meet with me")[2]
    status, page, _ = said(service, "  ", token=token, id="another-message")
    assert status == 400
    assert "<title>Problem: " in page
    (form,) = re.findall(r'<form [^>]*id="newest".*?</form>', page, re.S)
    assert page.count('id="newest"') == 1  # where the address of the form leads
    assert form.index("Write your question first.") < form.index("<textarea")
    assert 'aria-invalid="true"' in form


def test_after_something_went_wrong_there_is_a_way_back(service: Service) -> None:
    token = said(service, "how often should school meet with me")[2]
    status, body, _ = posted(service, "/guide/feedback", {"token": token, "kind": "nonsense"})
    page = body
    assert status == 400
    assert "Back to the conversation" in page
    assert token in page


def test_how_long_it_is_kept_is_said_as_it_is_set(tmp_path: Path) -> None:
    service = Service(tmp_path, KEEP_DAYS="12").wait()
    try:
        assert "It is deleted by itself 12 days after your last message." in said(service, "hello")[1]
        assert "deleted 12 days after its last message" in opened(service, "/")
    finally:
        service.stop()
