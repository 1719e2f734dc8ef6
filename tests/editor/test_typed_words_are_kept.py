"""What an editor types outlives the session: it is kept in the tab until it is shown as a change."""

import pytest
from playwright.sync_api import Page, expect

from tests.editor.conftest import ANSWER, Open
from tests.helpline.conftest import EDITOR, PASSWORD, Helpline

BETTER = "A school and its SENCO: who, and why?"
OLD = "nobody does the special needs job at our nursery"


def signs_in_again(page: Page) -> None:
    page.get_by_label("Name").fill(EDITOR)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_event("load"):
        page.get_by_role("button", name="Sign in").click()


def end_sessions(guide: Helpline) -> None:
    guide.rows("DELETE FROM staff_sessions")


def test_what_was_typed_is_there_after_signing_in_again(signed_in: Open, guide: Helpline) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    taken = page.locator("input[name=leave_out]").nth(3)
    page.get_by_text("there are").click()
    taken.check()
    end_sessions(guide)
    page.get_by_label("Title").fill(BETTER)
    page.get_by_label("New ways of asking").fill(OLD)
    looked = page.locator("#looked")
    expect(looked).to_have_text(
        "You are signed out. Sign in again; what you typed is kept in this tab.", use_inner_text=True
    )
    looked.get_by_role("link", name="Sign in again").click()
    signs_in_again(page)
    expect(page).to_have_url(f"{guide.url}/editor/answers/{ANSWER}")
    expect(page.get_by_text("What you had typed here is back.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value(BETTER)
    expect(page.get_by_label("New ways of asking")).to_have_value(OLD)
    expect(taken).to_be_checked()
    expect(looked).to_contain_text("Nothing to mend")

    page.get_by_role("button", name="Show the answer as it is").click()
    expect(page.get_by_label("New ways of asking")).to_have_value("")
    expect(page.get_by_text("What you had typed here is back.")).to_be_hidden()


@pytest.mark.parametrize("button", ["Check and preview", "Go on: try it out and save it"])
def test_the_button_after_the_session_has_ended_loses_nothing(
    signed_in: Open, guide: Helpline, button: str
) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    page.get_by_label("Title").fill(BETTER)
    end_sessions(guide)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    signs_in_again(page)
    expect(page.get_by_label("Title")).to_have_value(BETTER)


def test_a_session_that_somebody_else_began_says_so_too(signed_in: Open, guide: Helpline) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    other = page.context.new_page()
    other.goto("/editor/")
    other.get_by_role("button", name="Sign out").click()
    signs_in_again(other)  # a new session, in the same browser: the first page's token is no good
    page.get_by_label("Title").fill(BETTER)
    page.locator("#looked").get_by_role("link", name="Sign in again").click()
    expect(page.get_by_label("Title")).to_have_value(BETTER)


def test_it_is_gone_once_the_change_is_shown(signed_in: Open) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    page.get_by_label("Title").fill(BETTER)
    expect(page.locator("#looked")).to_contain_text("Nothing to mend")
    page.get_by_role("button", name="Go on: try it out and save it").click()
    expect(page.get_by_role("heading", name="The difference")).to_be_visible()
    page.wait_for_function("sessionStorage.length === 0")  # the page's script runs after it is shown


def test_signing_out_asks_first_and_leaves_nothing(signed_in: Open) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    page.get_by_label("Title").fill(BETTER)
    page.goto("/editor/changes")
    page.get_by_role("button", name="Sign out").click()  # the question is answered with no
    expect(page.get_by_role("heading", name="Saved changes")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_nobody_else_gets_it(signed_in: Open) -> None:
    page = signed_in(f"/editor/answers/{ANSWER}")
    page.evaluate(
        """answer => sessionStorage.setItem("editor-typed", JSON.stringify({name: "somebody else",
           answers: {[answer]: {fields: [["title", "Not yours"]], goneOn: false}}}))""",
        ANSWER,
    )
    page.reload()
    expect(page.get_by_label("Title")).not_to_have_value("Not yours")
