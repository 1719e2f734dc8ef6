"""Notes of calls: kept only when saved, without who the caller is, for a time, by reference."""

import io
import re
import time
from collections.abc import Iterator

import docx
import pytest

from tests.helpline.conftest import ADVISER, EDITOR, Helpline, Person
from tests.servers import COMMAND, ROOT

NOTE = "Asked: who pays\nCaller: my son Tarquin Featherstone, 020 7946 0018, lives at 12 Elm Road BR1 4ZZ."


@pytest.fixture
def adviser(helpline: Helpline) -> Iterator[Person]:
    helpline.rows("DELETE FROM case_notes")
    somebody = Person(helpline)
    somebody.signs_in(ADVISER)
    yield somebody
    somebody.http.close()


def saved(adviser: Person, note: str = NOTE, follow_up: str = "", subject: str = "") -> str:
    """Save a note; return its reference."""
    text = adviser.sends("/helpline/notes", note=note, follow_up=follow_up, subject=subject).text
    found = re.search(r"Saved as (\w{4}-\w{4})", text)
    assert found, text
    return found.group(1)


def test_a_note_is_kept_without_what_says_who_the_caller_is(adviser: Person, helpline: Helpline) -> None:
    page = adviser.sends("/helpline/notes", note=NOTE)
    assert "Names and numbers were taken out" in page.text
    [(text,)] = helpline.rows("SELECT text FROM case_notes")
    for part in ("Tarquin", "Featherstone", "7946", "BR1"):
        assert part not in str(text)
    assert "who pays" in str(text)
    assert "Tarquin" not in helpline.log.read_text()


def test_nothing_is_kept_of_a_call_that_is_not_saved(adviser: Person, helpline: Helpline) -> None:
    adviser.sends("/helpline/answer", q="my son Tarquin has no senco", note=NOTE)
    adviser.sends("/helpline/note.docx", note=NOTE)
    adviser.sends("/helpline/notes", note="   ")
    assert helpline.rows("SELECT * FROM case_notes") == []
    everything = helpline.database.removeprefix("sqlite:///")
    assert b"Tarquin" not in open(everything, "rb").read()  # noqa: PTH123, SIM115 - a look at the bytes


def test_saved_notes_are_listed_opened_and_deleted_by_their_adviser(
    adviser: Person, helpline: Helpline
) -> None:
    reference = saved(adviser, follow_up="2026-12-01")
    listed = adviser.opens("/helpline/notes").text
    assert reference in listed
    assert "1 December 2026" in listed
    found = adviser.sends("/helpline/notes/find", find=reference.lower().replace("-", " "))
    assert found.url.path == f"/helpline/notes/{reference}"
    assert adviser.sends(f"/helpline/notes/{reference}/delete").url.path == "/helpline/notes"
    assert adviser.opens(f"/helpline/notes/{reference}").status_code == 404
    assert [what for _, what, about in helpline.audit() if about == reference] == [
        "note saved",
        "note deleted",
    ]


def test_a_colleague_may_open_a_note_by_its_reference_which_is_written_down_but_not_delete_it(
    adviser: Person, helpline: Helpline
) -> None:
    reference = saved(adviser)
    colleague = Person(helpline)
    colleague.signs_in(EDITOR)
    assert reference not in colleague.opens("/helpline/notes").text
    assert colleague.sends("/helpline/notes/find", find=reference).status_code == 200
    assert (EDITOR, "note of a colleague opened", reference) in helpline.audit()
    assert colleague.sends(f"/helpline/notes/{reference}/delete").status_code == 404
    assert helpline.rows("SELECT 1 FROM case_notes") == [(1,)]


def test_a_reference_that_is_wrong_says_so(adviser: Person) -> None:
    assert "no note with that reference" in adviser.sends("/helpline/notes/find", find="nonsense").text


def test_notes_are_found_by_topic_and_day_and_only_ones_own(adviser: Person, helpline: Helpline) -> None:
    transport = saved(adviser, "Asked: the bus to college", subject="Getting to college")
    plan = saved(adviser, "Asked: 100% of the plan", subject="Plan of Tarquin Featherstone")
    due = saved(adviser, "Asked: who pays", follow_up="2026-12-01")

    def found(**fields: str) -> set[str]:
        page = adviser.sends("/helpline/notes/find", **fields).text
        return {reference for reference in (transport, plan, due) if reference in page}

    assert found(find="COLLEGE") == {transport}
    assert found(find="bus getting") == {transport}  # every word, in the subject or in the note
    assert found(find="100%") == {plan}
    assert found(on="2026-12-01") == {due}
    assert found(find="who", on="2020-01-01") == set()
    assert found(on=time.strftime("%Y-%m-%d", time.gmtime())) == {transport, plan, due}
    assert "Tarquin" not in adviser.sends("/helpline/notes/find", find="plan").text
    colleague = Person(helpline)
    colleague.signs_in(EDITOR)
    assert transport not in colleague.sends("/helpline/notes/find", find="college").text


def test_what_was_taken_out_is_said(adviser: Person) -> None:
    page = adviser.sends("/helpline/notes", note=NOTE).text
    taken_out = page.split("taken out: ")[1][:80]
    assert "name" in taken_out
    assert "phone" in taken_out
    assert "Names and numbers" not in adviser.sends("/helpline/notes", note="Asked: who pays").text


def test_old_notes_old_lines_of_the_log_and_sessions_are_purged(adviser: Person, helpline: Helpline) -> None:
    import os
    import subprocess

    old, new = saved(adviser), saved(adviser)
    long_ago = time.time() - 91 * 86_400
    helpline.rows("UPDATE case_notes SET saved = :then WHERE reference = :old", then=long_ago, old=old)
    helpline.rows("INSERT INTO audit_log (at, who, what, about) VALUES (1.0, 'x', 'long ago', '')")
    done = subprocess.run(
        [*COMMAND, "purge"],
        cwd=ROOT,
        env=os.environ | {"SEND_GUIDE_DATABASE_URL": helpline.database},
        capture_output=True,
        text=True,
    )
    assert "1 notes of calls" in done.stdout, done.stderr
    assert helpline.rows("SELECT reference FROM case_notes") == [(new,)]
    assert not helpline.rows("SELECT 1 FROM audit_log WHERE what = 'long ago'")


def test_a_note_is_fetched_as_text_and_as_a_word_file(adviser: Person) -> None:
    fields = {"note": "Asked: who pays\nSaid: fine\x0b.", "follow_up": "2026-12-01", "subject": "Money"}
    text = adviser.sends("/helpline/note.txt", **fields)
    assert text.headers["content-disposition"] == 'attachment; filename="call.txt"'
    assert (
        text.content.decode("utf-8-sig")
        == "Subject: Money\r\nAsked: who pays\r\nSaid: fine.\r\nFollow up: 1 December 2026\r\n"
    )
    word = docx.Document(io.BytesIO(adviser.sends("/helpline/note.docx", **fields).content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert lines == [
        "Note of a call",
        "Subject: Money",
        "Asked: who pays",
        "Said: fine.",
        "Follow up: 1 December 2026",
    ]
    assert word.paragraphs[1].runs[0].bold
