"""A change is approved, published and heard in the chat without a restart; and taken back."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser  # noqa: F401 - a fixture
from tests.browser.test_axe_finds_nothing import OPTIONS
from tests.conftest import ROOT
from tests.editor.publishing import LONGEST, Council, Editor, GitCheckout, Keyboard
from tests.helpline.conftest import PASSWORD, staff
from tests.servers import COMMAND, PostgreSQL, wait_until
from tests.test_another_council import wexcombe

BOOK = "what is the support plan for schools"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second borough's content and a model trained on it: half a minute in place of three."""
    folder = tmp_path_factory.mktemp("installed")
    wexcombe(folder / "data")
    done = subprocess.run(
        [*COMMAND, "train", "--model", str(folder / "model.tar.gz")],
        cwd=ROOT,
        env=os.environ | {"SEND_GUIDE_DATA": str(folder / "data")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def checkout(installed: Path, tmp_path: Path) -> GitCheckout:
    """Where the council keeps its files."""
    return GitCheckout(tmp_path / "checkout", installed / "data")


@pytest.fixture
def council(installed: Path, tmp_path: Path, checkout: GitCheckout) -> Iterator[Council]:
    running = Council(tmp_path, installed, CHECKOUT=str(checkout.folder))
    running.wait()
    yield running
    running.stop()


DONE = (
    "saved a change of an answer",
    "approved a change",
    "published a change",
    "went back to the version before",
)
OLD, NEW = "is a small book", "is a small blue book"
FIRST = (
    "The {council.offer} is a small blue book. It says what help a child can get at school in "
    "{council.place} without an EHC plan (a legal plan for extra help)."
)


def test_a_day_from_the_change_to_the_chat_and_back(council: Council, checkout: GitCheckout) -> None:
    ed, eve = Editor(council, "ed"), Editor(council, "eve")
    number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)

    # one alone does not publish: whoever made it cannot approve it, and it is not approved yet
    assert "Somebody else than you has to approve it" in ed.opens(f"/editor/changes/{number}").text
    assert ed.approves(number).status_code == 409
    assert ed.publishes(number).status_code == 409
    assert "Approved by eve" in eve.approves(number).text

    assert "Being published" in ed.publishes(number).text
    assert ed.publishes(number).status_code == 409  # pressed twice, it is published once
    assert OLD in council.says(BOOK)  # answered as before meanwhile
    council.comes_into_service(1)
    assert NEW in council.says(BOOK)
    assert NEW in ed.opens("/guide/answers/offer.what-is").text
    assert council.process.poll() is None

    # who, when, why, and the difference
    versions = eve.opens("/editor/versions").text
    assert "Version 1: “What is the Support Plan for Schools?”, since" in versions
    assert "People ask what colour it is." in versions
    assert "<td>ed, eve</td>" in versions
    assert f'href="/editor/changes/{number}"' in versions
    assert "+      The {council.offer} is a small blue book." in ed.opens(f"/editor/changes/{number}").text
    assert "small blue book" in ed.opens("/editor/answers/offer.what-is").text  # what is edited next

    # and a commit of its own: who, why, and the difference
    wait_until(lambda: checkout.git("log", "--format=%an") == "ed\nCouncil", LONGEST)
    assert checkout.git("log", "-1", "--format=%s") == "People ask what colour it is."
    assert "Approved by eve, published by ed." in checkout.git("log", "-1", "--format=%b")
    assert "+      The {council.offer} is a small blue book." in checkout.git("show")

    # one press goes back; pressed twice, it goes back once
    assert "What was installed." in eve.goes_back(versions).text
    council.comes_into_service(None)
    assert OLD in council.says(BOOK)
    assert eve.goes_back(versions).status_code == 409
    assert checkout.git("log", "-1", "--format=%an: %s") == "eve: Back to what was installed"
    assert checkout.git("diff", "HEAD~2") == ""
    assert checkout.git("status", "--porcelain") == ""
    done = [(who, what) for who, what, _ in council.audit() if str(what) in DONE]
    assert done == [
        ("ed", "saved a change of an answer"),
        ("eve", "approved a change"),
        ("ed", "published a change"),
        ("eve", "went back to the version before"),
    ]


def test_the_same_day_at_a_keyboard(
    council: Council,
    checkout: GitCheckout,
    browser: Browser,  # noqa: F811
) -> None:
    """Two editors and a parent, each in a browser of their own; nobody touches a mouse, and git is no help."""
    checkout.refuses("Not on a Sunday")
    ed = Keyboard(browser.new_page(viewport={"width": 1366, "height": 768}), council)
    eve = Keyboard(browser.new_page(viewport={"width": 820, "height": 1180}), council)
    a_parent_hears(OLD, council, browser)

    ed.signs_in("ed").follows("Answers")
    ed.follows("What is the Support Plan for Schools?")
    ed.types("Whole answer", FIRST)
    ed.presses("Go on: try it out and save it")
    ed.types("Why?", "People ask what colour it is.")
    ed.presses("Save the change for review")
    expect(ed.page.get_by_text("Somebody else than you has to approve it.")).to_be_visible()

    eve.signs_in("eve").follows("Saved changes")
    expect(eve.page.get_by_role("row", name="People ask what colour")).to_contain_text("not approved yet")
    eve.follows("What is the Support Plan for Schools?")
    eve.presses("Approve")
    eve.presses("Publish")
    change = "Change of “What is the Support Plan for Schools?”"
    publishing = eve.page.locator("#publishing")
    expect(publishing).to_contain_text("Being published")
    assert_in_order(eve.page, change)
    a_parent_hears(OLD, council, browser)
    expect(publishing).to_contain_text("Published.", timeout=LONGEST * 1000)  # the page follows by itself
    expect(eve.page.get_by_role("status")).to_contain_text("Published.")
    assert_in_order(eve.page, change)
    eve.page.reload()
    expect(publishing).to_contain_text("Git has not committed it")
    expect(publishing).to_contain_text("Not on a Sunday")
    assert checkout.git("status", "--porcelain") == ""  # nothing half done
    council.comes_into_service(1)
    a_parent_hears(NEW, council, browser)

    ed.follows("Saved changes")
    expect(ed.page.get_by_role("row", name="People ask what colour")).to_contain_text("in service")
    assert_in_order(ed.page, "Saved changes")
    eve.follows("the versions")
    assert_in_order(eve.page, "Versions")
    ed.follows("Versions")
    assert_in_order(ed.page, "Versions")
    ed.presses("Go back to what was installed")
    expect(ed.page.locator("#in-service")).to_contain_text("What was installed.")
    council.comes_into_service(None)
    a_parent_hears(OLD, council, browser)
    ed.follows("Saved changes")
    expect(ed.page.get_by_role("row", name="People ask what colour")).to_contain_text(
        "not in service any more"
    )
    ed.page.close()
    eve.page.close()


def a_parent_hears(words: str, council: Council, browser: Browser) -> None:  # noqa: F811
    """Somebody who was never there before asks in the chat."""
    parent = Keyboard(browser.new_page(), council)
    parent.asks(BOOK)
    expect(parent.page.get_by_role("log")).to_contain_text(words)
    parent.page.close()


def assert_in_order(page: Page, heading: str) -> None:
    """axe finds nothing on a page, and nothing goes over its edge."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert Axe().run(page, options=OPTIONS).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_half_made_is_never_in_service_and_goes(council: Council, tmp_path: Path) -> None:
    """Killed while it trains: the next start answers as before, and the change can be published then."""
    ed, eve = Editor(council, "ed"), Editor(council, "eve")
    number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)
    eve.approves(number)
    ed.publishes(number)
    wait_until(lambda: "Training" in ed.opens(f"/editor/changes/{number}").text, LONGEST)
    assert list(council.releases.glob("1.*.part"))
    council.is_killed()
    council.rows("UPDATE publications SET touched = 0")  # two minutes later

    again = council.starts_again()
    assert OLD in again.says(BOOK)
    assert list(council.releases.iterdir()) == []
    assert "Publishing ended before it was done" in ed.opens(f"/editor/changes/{number}").text
    ed.publishes(number)
    again.comes_into_service(1)
    assert NEW in again.says(BOOK)

    # killed after that, it begins with the new; where the folder is broken, with what was installed
    again.is_killed()
    again = council.starts_again()
    assert NEW in again.says(BOOK)
    again.is_killed()
    file = again.releases / "1" / "data" / "words.yml"
    file.write_text(file.read_text() + "# half\n")
    again = council.starts_again()
    assert OLD in again.says(BOOK)
    assert "release.not_loaded" in again.log.read_text()


def test_a_whole_folder_that_was_never_brought_into_service_goes(council: Council) -> None:
    """Killed between the name of the folder and the row that counts."""
    ed, eve = Editor(council, "ed"), Editor(council, "eve")
    eve.approves(ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST))
    (council.releases / "1").mkdir(parents=True)
    council.rows("UPDATE publications SET state = 'building', touched = 0")
    council.is_killed()
    again = council.starts_again()
    assert OLD in again.says(BOOK)
    assert list(again.releases.iterdir()) == []


def test_what_breaks_a_rule_is_not_published(council: Council) -> None:
    """What got past the pages is found before anything is trained."""
    ed, eve = Editor(council, "ed"), Editor(council, "eve")
    number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)
    eve.approves(number)
    for column in ("draft", "patch"):
        council.rows(f"UPDATE answer_changes SET {column} = replace({column}, 'blue', 'must')")
    ed.publishes(number)
    wait_until(lambda: "was not published" in ed.opens(f"/editor/changes/{number}").text, LONGEST)
    assert "but the strength is" in ed.opens(f"/editor/changes/{number}").text
    assert OLD in council.says(BOOK)
    assert council.loaded() == [None]


def test_what_does_not_fit_any_more_is_not_published(council: Council) -> None:
    ed, eve = Editor(council, "ed"), Editor(council, "eve")
    number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)
    eve.approves(number)
    council.rows("UPDATE answer_changes SET patch = replace(patch, 'small blue', 'small red')")
    ed.publishes(number)
    wait_until(lambda: "does not fit any more" in ed.opens(f"/editor/changes/{number}").text, LONGEST)
    assert OLD in council.says(BOOK)


@pytest.mark.parametrize("why", ["actions run in a server", "what training needs", "cannot be written to"])
def test_where_nothing_can_be_published_it_is_said_before_the_work(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """With an action server of its own; in an image without what only training needs; on a read-only disk."""
    settings = {}
    if why == "actions run in a server":
        settings["ACTIONS_URL"] = "http://127.0.0.1:9/webhook"
    elif why == "what training needs":
        (tmp_path / "sitecustomize.py").write_text('import sys\nsys.modules["onnx"] = None\n')
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    else:
        (tmp_path / "file").touch()
        settings["RELEASES"] = str(tmp_path / "file" / "releases")
    council = Council(tmp_path, installed, **settings)
    council.wait()
    try:
        ed, eve = Editor(council, "ed"), Editor(council, "eve")
        assert why in ed.opens("/editor/answers/offer.what-is").text
        assert why in ed.opens("/editor/versions").text
        number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)
        eve.approves(number)
        page = eve.opens(f"/editor/changes/{number}").text
        assert why in page
        assert "<button>Publish" not in page
        assert "git apply" in page
        assert why in eve.publishes(number).text
        assert council.rows("SELECT state FROM publications") == [("approved",)]
    finally:
        council.stop()


def test_one_editor_alone_where_the_council_says_so(installed: Path, tmp_path: Path) -> None:
    council = Council(tmp_path, installed, APPROVALS="1")
    council.wait()
    try:
        ed = Editor(council, "ed")
        number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)
        assert "Being published" in ed.publishes(number).text
    finally:
        council.stop()  # and who is told to stop says so
    assert council.rows("SELECT state, progress FROM publications")[0][0] == "failed"
    assert list(council.releases.iterdir()) == []


def test_replicas_follow(installed: Path, tmp_path: Path, postgres: PostgreSQL) -> None:
    """Two replicas over one PostgreSQL and one folder: what one publishes, both say."""
    url = postgres.new()
    both = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shared = {"DATABASE_URL": url, "RELEASES": str(tmp_path / "releases")}
        both.append(Council(tmp_path / name, installed, **shared).wait())
    try:
        one, two = both
        for name in ("ed", "eve"):
            assert staff(url, "add", name, "--role", "editor", typed=PASSWORD + "\n").returncode == 0
        ed, eve = Editor(one, "ed"), Editor(two, "eve")
        number = ed.saves("offer.what-is", "People ask what colour it is.", text=FIRST)
        eve.approves(number)
        ed.publishes(number)
        assert eve.publishes(number).status_code == 409  # one of them builds it already
        for replica in both:
            replica.comes_into_service(1)
            assert NEW in replica.says(BOOK)

        # back: whoever asks meanwhile is answered, by the one or by the other
        eve.goes_back(eve.opens("/editor/versions").text)
        heard: list[list[str]] = [[], []]
        end = time.monotonic() + LONGEST
        while any(replica.loaded()[-1] is not None for replica in both):
            assert time.monotonic() < end, "a replica does not follow"
            for replica, said in zip(both, heard, strict=True):
                said.append(replica.says(BOOK))
        for replica, said in zip(both, heard, strict=True):
            said.append(replica.says(BOOK))
            kinds = [NEW in words for words in said]
            assert all(NEW in words or OLD in words for words in said)
            assert kinds == sorted(kinds, reverse=True)  # never the old one again, once it has changed
            assert OLD in said[-1]
    finally:
        for replica in both:
            replica.stop()
