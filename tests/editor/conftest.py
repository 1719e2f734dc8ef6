"""A running service with people's questions in it, and editors at a browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser  # noqa: F401 - a fixture
from tests.helpline.conftest import EDITOR, PASSWORD, Helpline

ALIKE = ["good ipad apps for kids who dont talk", "which ipad apps are good for a child who cant talk"]
"""Questions that get no answer and are alike."""
DANGER = "my dad hits me when im bad"
ANSWERED = "how often should school meet with me"
ADDED = [
    "nobody is doing the special needs job at our primary",
    "the special needs post at school has been vacant since summer, is that ok",
    "our infants has had no special needs lead for ages",
]
"""Ways of asking that an editor adds."""
ANSWER = "schools.appoint-senco"
TITLE = "Does a school have to have a SENCO?"
MEASURED = "does every school have a senco"
"""One word away from a question of tests/questions."""


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    running = Helpline(tmp_path_factory.mktemp("editor"), PER_CONVERSATION="600/minute")
    running.wait()
    for number, question in enumerate([*ALIKE, ANSWERED]):
        running.asks(f"parent-{number}", question)
    running.asks("child", DANGER)
    running.asks("child", ALIKE[0] + " please")
    yield running
    running.stop()


Open = Callable[..., Page]


@pytest.fixture
def signed_in(browser: Browser, guide: Helpline) -> Iterator[Open]:  # noqa: F811
    """Sign in and open a page; what it breaks or its policy refuses fails the test."""
    contexts, wrong = [], []

    def opened(path: str = "/editor/", name: str = EDITOR, **options: object) -> Page:
        context = browser.new_context(base_url=guide.url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.goto("/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_event("load"):  # signed in, before the next page is asked for
            page.get_by_role("button", name="Sign in").click()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


expect.set_options(timeout=60_000)
