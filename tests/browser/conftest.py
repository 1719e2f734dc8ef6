"""A real Chromium, and people who use the chat with it."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright

from tests.servers import Service, missing

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = "how often should school meet with me"
ANSWER = "At least three times a year"
PHONE = {"width": 360, "height": 640}
LANDSCAPE = {"width": 640, "height": 360}
OVERTAKEN = "do they have to spend 6000 before i can ask for an ehcp"
WRITE = "Write: Asking for an EHC needs assessment"
"""What stands under the answer to that."""
UNDER_A_QUESTION = [
    "Is there an EHC plan",
    "Yes, there is an EHC plan",
    "I am not sure",
    "Go back",
    "Free help at any step",
]
"""What stands in a question of the path and under it, in this order."""
ON_THE_PATH = "my daughter is at a secondary academy and the school will not help her"
"""What the guide takes for a beginning of the steps."""
DANGER = "my son says he wants to die"
KIND = "It is good that you said this. Ring 999"
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The guide, with limits that a quick succession of tests does not reach."""
    limits = {"PER_ADDRESS": "60000/minute", "PER_CONVERSATION": "600/minute"}
    returns = {"PER_RETURN": "600/minute", "ALL_RETURNS": "6000/hour"}
    found = Service(tmp_path_factory.mktemp("web"), **limits, **returns).wait()
    yield found
    if found.process.poll() is None:
        found.stop()


@pytest.fixture(scope="session")
def address(service: Service) -> str:
    return f"http://127.0.0.1:{service.port}"


# of a module: while Playwright runs, nothing else of this thread can run an event loop
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a screen, and without anything that it does by itself."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        missing("Chromium")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Open an address of the guide in a new context; what the page breaks or its policy refuses fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(path: str = "/", **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith(
                    ("http://127.0.0.1:", "blob:", "data:", "https://www.bbc.co.uk/weather")
                )
                else wrong.append(f"went to {sent.url}")
            ),
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


class Person:
    """Somebody at the widget."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget = page.locator("send-guide")

    def opens(self) -> "Person":
        self.page.get_by_role("button", name="Ask the SEND guide").click()
        return self

    def asks(self, text: str) -> "Person":
        """Type a question, send it, and wait for the answer."""
        before = self.replies.count()
        self.box.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()
        return self.hears(before)

    def taps(self, title: str) -> "Person":
        before = self.replies.count()
        self.widget.get_by_role("button", name=title).last.click()
        return self.hears(before)

    def hears(self, before: int) -> "Person":
        expect(self.replies.nth(before)).to_be_visible()
        expect(self.page.get_by_role("button", name="Send", exact=True)).to_have_attribute(
            "aria-disabled", "false"
        )
        return self

    def more(self, at: int = -1) -> Locator:
        """Return what else can be done with a message of the guide, the last one unless said, opened."""
        more = self.replies.nth(at).locator("details.more")
        if more.get_attribute("open") is None:
            more.locator("summary").click()
        return more

    def option(self, name: str) -> Locator:
        """Return a control of the menu, which is opened first."""
        options = self.widget.locator("details.options")
        if options.get_attribute("open") is None:
            options.locator("summary").click()
        return options.get_by_role("switch" if name == "Simpler words" else "button", name=name)

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Your question")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def replies(self) -> Locator:
        return self.log.locator(".message:not(.person)")

    @property
    def said(self) -> Locator:
        return self.log.locator(".message.person")

    @property
    def last(self) -> Locator:
        return self.replies.last

    @property
    def status(self) -> Locator:
        return self.widget.get_by_role("status")


@pytest.fixture
def person(open_page: Open) -> Person:
    """Somebody who has opened the chat on the demonstration page."""
    return Person(open_page("/")).opens()
