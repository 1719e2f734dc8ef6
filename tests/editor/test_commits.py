"""What is published becomes a commit of a real git repository, or what git says is told."""

import asyncio
from pathlib import Path

import pytest

from send_guide.editing.checkout import Checkout, NotCommittedError
from tests.editor.publishing import GitCheckout

FILE = "data/words.yml"
PATCH = f"""# Answer: words
# By: ed

diff --git a/{FILE} b/{FILE}
--- a/{FILE}
+++ b/{FILE}
@@ -1,2 +1,2 @@
 one: 1
-two: 2
+two: 22
"""


@pytest.fixture
def checkout(tmp_path: Path) -> GitCheckout:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.yml").write_text("one: 1\ntwo: 2\n")
    (tmp_path / "data" / "texts.yml").write_text("hello: Hello\n")
    return GitCheckout(tmp_path / "checkout", tmp_path / "data")


def commit(folder: Path, author: str = "ed") -> None:
    asyncio.run(Checkout(folder).commit(PATCH, author, "Two is more\n\nBy eve."))


def refused(folder: Path) -> str:
    """Return what is told where a change is not committed."""
    with pytest.raises(NotCommittedError) as told:
        commit(folder)
    return str(told.value)


def test_a_change_is_committed(checkout: GitCheckout) -> None:
    commit(checkout.folder, "Eve <eve@example.org>")
    assert checkout.git("log", "-1", "--format=%an|%s|%b") == "Eve eve@example.org|Two is more|By eve."
    assert (checkout.folder / FILE).read_text() == "one: 1\ntwo: 22\n"
    assert checkout.git("status", "--porcelain") == ""


def test_what_others_are_doing_in_the_checkout_stays_theirs(checkout: GitCheckout) -> None:
    (checkout.folder / "data" / "texts.yml").write_text("hello: Hi\n")
    checkout.git("add", "data/texts.yml")
    commit(checkout.folder)
    assert checkout.git("show", "--name-only", "--format=") == FILE
    assert checkout.git("status", "--porcelain") == "M  data/texts.yml"


def test_a_file_that_somebody_is_changing_is_left_alone(checkout: GitCheckout) -> None:
    (checkout.folder / FILE).write_text("one: 1\ntwo: 2\nthree: 3\n")
    assert "words.yml: does not match index" in refused(checkout.folder)
    assert (checkout.folder / FILE).read_text() == "one: 1\ntwo: 2\nthree: 3\n"


def test_a_hook_that_refuses_leaves_nothing_half_done(checkout: GitCheckout) -> None:
    checkout.refuses("Not on a Sunday")
    assert refused(checkout.folder) == "Not on a Sunday"
    assert checkout.git("status", "--porcelain") == ""
    assert checkout.git("rev-list", "--count", "HEAD") == "1"


def test_what_is_no_checkout_and_no_git_are_told(
    checkout: GitCheckout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No such file or directory" in refused(tmp_path / "nowhere")
    monkeypatch.setenv("SEND_GUIDE_DATA", str(checkout.folder / "data"))
    assert "must be another checkout" in refused(checkout.folder)
    monkeypatch.delenv("SEND_GUIDE_DATA")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(checkout.folder) == "git is not installed"
