"""While an editor works, the files change, somebody else saves, a trial fails: it is said in words, not as a 500."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.editor.conftest import ADDED, ANSWER, TITLE
from tests.helpline.conftest import EDITOR, Helpline, Person, staff
from tests.servers import wait_until

OTHER = "eve"
PASSWORD = "three words together"
PAGE = f"/editor/answers/{ANSWER}"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the content, which is changed while the service runs."""
    return Path(shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("content") / "data"))


@pytest.fixture(scope="module")
def guide(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    folder = tmp_path_factory.mktemp("meanwhile")
    (folder / "questions").mkdir()  # none in it: every trial fails
    model = str(ROOT / "models" / "send-guide.tar.gz")
    running = Helpline(folder, DATA=str(data), MODEL=model, QUESTIONS=str(folder / "questions"))
    staff(running.database, "add", OTHER, "--role", "editor", typed=PASSWORD + "\n")
    yield running.wait()
    running.stop()


@pytest.fixture(autouse=True)
def as_it_was(data: Path, guide: Helpline) -> Iterator[None]:
    yield
    shutil.copytree(ROOT / "data", data, dirs_exist_ok=True)
    guide.rows("DELETE FROM answer_changes")


@pytest.fixture
def editor(guide: Helpline) -> Person:
    somebody = Person(guide)
    somebody.signs_in(EDITOR)
    return somebody


def fields(person: Person, **typed: str) -> dict[str, str]:
    """What the form of the answer holds, with what is typed into it."""
    shown = person.opens(PAGE).text
    found = dict(re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', shown))
    found |= dict(re.findall(r'<input (?:type="date" )?id="(\w+)" name="\w+" value="([^"]*)"', shown))
    found |= dict(re.findall(r'<select id="(\w+)".*?<option selected>([^<]*)</option>', shown, re.S))
    plain = {
        name: words.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
        for name, words in found.items()
    }
    return {**plain, "do": "go-on", **typed}


def drafts(person: Person, **typed: str) -> str:
    """Draft a change; return the address of its page."""
    shown = person.sends(PAGE, **fields(person, **typed))
    assert "/editor/changes/" in str(shown.url), shown.text
    return shown.url.path


def test_an_answer_that_has_gone_or_is_broken_meanwhile_is_said(editor: Person, data: Path) -> None:
    page = drafts(editor, title="A school and its SENCO")
    path = data / "answers" / "schools.yml"
    whole = path.read_text()
    for broken in (
        whole.replace(f"  {ANSWER}:", "  schools.renamed:"),
        whole.replace(f"  {ANSWER}:\n    title: {TITLE}\n", f"  {ANSWER}:\n"),
    ):
        assert broken != whole
        path.write_text(broken)
        shown = editor.opens(page)
        assert (shown.status_code, "does not fit any more" in shown.text) == (200, True)
        refused = editor.sends(page, reason="It reads better.")
        assert refused.status_code == 422
        assert "this change does not fit any more" in refused.text
        assert editor.sends(f"{PAGE}/look", title="x").status_code == 404


def test_characters_that_nobody_sees_are_left_out(editor: Person) -> None:
    unseen = "the special\x02 needs post\x08 at school has been va\x7fcant since summer"
    page = drafts(editor, title="A school and its\x02 SENCO", add=unseen)
    shown = editor.opens(page).text
    assert "+    - the special needs post at school has been vacant since summer" in shown
    assert "A school and its SENCO" in shown


def test_nothing_is_saved_before_its_trial_is_done(editor: Person, guide: Helpline) -> None:
    page = drafts(editor, add=ADDED[0])
    early = editor.sends(page, reason="Asked three times.")
    assert early.status_code == 422
    assert "The trial is not done. Wait until it is, or start it again" in early.text
    assert 'value="Asked three times."' in early.text
    wait_until(lambda: "no questions to measure with" in editor.opens(page).text, 120)
    assert "Start the trial again" in editor.opens(page).text
    assert editor.sends(page, reason="Asked three times.").status_code == 422
    assert guide.rows("SELECT count(*) FROM answer_changes WHERE saved IS NOT NULL") == [(0,)]
    again = editor.sends(page, do="try")
    assert again.url.path != page


def test_two_editors_at_one_answer_are_told_of_each_other(
    editor: Person, guide: Helpline, data: Path, tmp_path: Path
) -> None:
    eve = Person(guide)
    eve.signs_in(OTHER)
    mine, hers = (drafts(editor, title="A school and its SENCO"), drafts(eve, title="Has a school a SENCO?"))
    saved = editor.sends(mine, reason="It reads better.")
    assert saved.status_code == 200
    for page in (PAGE, hers):
        shown = eve.opens(page).text
        assert "Saved changes of this answer wait to be put in" in shown
        assert f'<a href="{mine}">by {EDITOR}, ' in shown
    assert "wait to be put in" not in editor.opens(mine).text

    path = data / "answers" / "schools.yml"  # it is put in
    path.write_text(path.read_text().replace(f"title: {TITLE}", "title: A school and its SENCO"))
    assert "wait to be put in" not in eve.opens(PAGE).text
    path.write_text(path.read_text().replace("A school and its SENCO", "Another title"))  # and changed again
    assert "wait to be put in" not in eve.opens(PAGE).text
    again = editor.opens(f"{PAGE}?change={mine.rsplit('/', 1)[1]}")
    assert 'value="A school and its SENCO"' in again.text
