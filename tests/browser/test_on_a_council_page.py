"""The widget on somebody else's page: one script tag, a strict policy, wild styles, another origin."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from send_guide.channels.web.replies import shown
from tests.browser.conftest import ANSWER, QUESTION, Open, Person
from tests.browser.test_tools import LETTER
from tests.servers import Service, free_port

WILD = "* { color: red !important; font-size: 40px !important; display: inline !important } button { display: none }"


class Council:
    """A council's site: one page with the script tag, its own styles and a strict policy."""

    def __init__(self) -> None:
        self.script = ""
        self.guide = ""
        council = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                style = self.path == "/style.css"
                body = (
                    WILD
                    if style
                    else f"<!doctype html><title>Council</title><link rel=stylesheet href=/style.css>{council.script}<p>Schools"
                )
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if style else "text/html")
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; style-src 'self'; script-src {council.guide}; connect-src {council.guide}",
                )
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """A council's site whose address the guide has been told."""
    council, port = Council(), free_port()
    service = Service(tmp_path_factory.mktemp("council"), port, WEB_ORIGINS=council.address).wait()
    council.guide = f"http://127.0.0.1:{port}"
    yield council
    service.stop()
    council.server.shutdown()


def test_one_script_tag_is_all(council: Council, open_page: Open) -> None:
    council.script = (
        f'<script src="{council.guide}/send-guide.js" defer data-label="Ask about SEND"></script>'
    )
    page = open_page(council.address)
    page.get_by_role("button", name="Ask about SEND").click()
    person = Person(page).asks(QUESTION)
    expect(person.last).to_contain_text(ANSWER)
    page.reload()  # open as before, in the same tab
    expect(person.said).to_have_count(1)


def test_files_have_their_own_names_there_too(council: Council, open_page: Open) -> None:
    council.script = f'<script src="{council.guide}/send-guide.js" defer></script>'
    page = open_page(council.address)
    person = Person(page).opens().asks(QUESTION)
    person.widget.evaluate("(guide, reply) => guide.showGuide(reply)", shown(LETTER))
    with page.expect_download() as download:
        person.last.get_by_role("button", name="Get a text file").click()
    assert download.value.suggested_filename == "asking-for-ehc-needs-assessment.txt"


def test_styles_of_the_page_do_not_reach_it(council: Council, open_page: Open) -> None:
    council.script = f'<script src="{council.guide}/send-guide.js" defer></script>'
    page = open_page(council.address)
    Person(page).opens()
    size, colour = page.get_by_role("heading", name="SEND Guide").evaluate(
        "each => [getComputedStyle(each).fontSize, getComputedStyle(each).color]"
    )
    assert size == "20px"  # 1.25 of what the browser is set to
    assert colour == "rgb(255, 255, 255)"


def test_it_is_light_on_a_page_that_does_not_say_otherwise(council: Council, open_page: Open) -> None:
    council.script = f'<script src="{council.guide}/send-guide.js" defer></script>'
    person = Person(open_page(council.address, color_scheme="dark")).opens()
    paper = person.widget.locator(".panel").evaluate("each => getComputedStyle(each).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


def test_a_page_that_is_not_listed_cannot_speak_to_the_guide(council: Council, open_page: Open) -> None:
    stranger = Council()
    stranger.guide = council.guide
    stranger.script = f'<script src="{council.guide}/send-guide.js" defer></script>'
    page = open_page(stranger.address)
    person = Person(page).opens()
    with page.expect_event("requestfailed", lambda sent: sent.url.endswith("/chat/conversations")):
        person.box.fill(QUESTION)
        person.box.press("Enter")
    expect(person.status).to_contain_text("The connection was lost.")
    stranger.server.shutdown()


def test_without_scripts_what_the_council_wrote_inside_stays(council: Council, open_page: Open) -> None:
    council.script = '<send-guide><a href="/guide">Ask the guide</a></send-guide>'
    page = open_page(council.address, java_script_enabled=False)
    expect(page.get_by_role("link", name="Ask the guide")).to_be_visible()
