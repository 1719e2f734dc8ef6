"""An editor changes an answer: only the lines that change differ, and `git apply` takes the difference."""

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from send_guide.content import Content, load_content
from send_guide.editing.changes import difference, patch_of
from send_guide.editing.drafts import (
    OF_EVIDENCE,
    Draft,
    UnknownAnswerError,
    UnknownFieldError,
    draft_of,
    tidied,
    words_of,
)
from send_guide.editing.trial import Difference, Fared, Trial
from send_guide.editing.yaml_patch import edited_files, edited_folder

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
ANSWER = "funding.notional-budget"
OTHER = "funding.banded-guides"
TODAY = datetime.date(2026, 11, 25)


def lines(content: Content, draft: Draft) -> tuple[list[str], list[str]]:
    """The lines that go and the lines that come."""
    changed = difference(content, DATA, draft).splitlines()
    return (
        [line[1:] for line in changed if line.startswith("-") and not line.startswith("---")],
        [line[1:] for line in changed if line.startswith("+") and not line.startswith("+++")],
    )


def test_one_word_of_an_answer_changes_one_line(content: Content) -> None:
    lead = words_of(content, ANSWER)["lead"]
    gone, new = lines(content, draft_of(content, ANSWER, {"lead": lead.replace("no test", "a test")}))
    assert [line.replace("a test", "no test") for line in new] == gone
    assert len(gone) == 1


def test_a_point_that_is_added_is_one_line_more(content: Content) -> None:
    for answer_id in (ANSWER, OTHER, "contacts.tribunal"):
        points = words_of(content, answer_id)["points"]
        draft = draft_of(content, answer_id, {"points": f"{points}\nNote: it is so."})
        assert lines(content, draft) == ([], ["      - 'Note: it is so.'"])


def test_an_answer_that_is_one_text_is_changed_as_one(content: Content) -> None:
    assert "lead" not in words_of(content, "signpost.benefits")
    _, new = lines(content, draft_of(content, "signpost.benefits", {"text": "Ask somebody else."}))
    assert new == ["      Ask somebody else."]
    with pytest.raises(UnknownFieldError, match="text"):
        draft_of(content, ANSWER, {"text": "All in one."})


def test_ways_of_asking_are_added_at_the_end_and_taken_away_where_they_stand(content: Content) -> None:
    leaving = content.examples[ANSWER][3].text
    draft = draft_of(
        content, ANSWER, {}, ["- what is the six grand for ", "", "what is the six grand for"], [leaving]
    )
    assert lines(content, draft) == ([f"    - {leaving}"], ["    - what is the six grand for"])


def test_what_is_typed_as_it_was_changes_nothing(content: Content) -> None:
    for answer_id in content.answers:
        typed = {name: f" {words}\r\n" for name, words in words_of(content, answer_id).items()}
        assert not draft_of(content, answer_id, typed)


@pytest.mark.parametrize("typed", ["{} And: more # words.", 'A "quoted" - word', "2031-01-02", "'{}"])
def test_whatever_is_typed_the_file_holds_it_and_nothing_else_in_it_differs(
    content: Content, typed: str
) -> None:
    answers = {answer.section: answer.id for answer in content.answers.values() if answer.evidence}
    for answer_id in answers.values():
        before = words_of(content, answer_id)
        draft = draft_of(content, answer_id, {name: typed.format(words) for name, words in before.items()})
        for _, after in edited_files(content, draft).values():
            answer = yaml.load(after, Loader=yaml.CSafeLoader)["answers"][answer_id]
            for name, words in draft.fields.items():
                found = (answer["evidence"] if name in OF_EVIDENCE else answer).get(name, "")
                found = "\n".join(map(str, found)) if isinstance(found, list) else str(found)
                assert tidied(name, found) == words


def test_what_has_changed_since_can_be_added_with_its_evidence(content: Content) -> None:
    draft = draft_of(
        content,
        OTHER,
        {
            "since": "It is not so any more.",
            "checked": "2026-11-25",
            "links": "https://www.gov.uk/a\nhttps://b.uk",
        },
    )
    assert lines(content, draft) == (
        [],
        [
            "    since: >-",
            "      It is not so any more.",
            "    evidence:",
            "      checked: 2026-11-25",
            "      confidence: high",
            "      links:",
            "        - https://www.gov.uk/a",
            "        - https://b.uk",
        ],
    )


def test_comments_and_order_of_the_file_stay(content: Content, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / "answers" / "funding.yml"
    text = path.read_text().replace("    strength: should\n", "    strength: should  # as printed\n", 1)
    text = text.replace("    short: >-\n", "    # for texts\n    short: >-\n", 1)
    path.write_text(text)
    found = load_content(data)
    draft = draft_of(found, ANSWER, {"strength": "must", "lead": "Other words.", "title": "Is £6,000 there?"})
    _, after = edited_files(found, draft)[path]
    assert "    strength: must  # as printed\n" in after
    assert "    lead: >-\n      Other words.\n    points:\n" in after
    assert "    # for texts\n    short: >-\n" in after


def test_the_folder_with_the_draft_is_a_copy(content: Content) -> None:
    before = {path: path.read_bytes() for path in DATA.rglob("*.yml")}
    draft = draft_of(content, ANSWER, {"title": "Another title"}, ["one more way to put this"])
    with edited_folder(DATA, draft) as folder:
        changed = load_content(folder)
        assert changed.answers[ANSWER].title == "Another title"
        assert changed.examples[ANSWER][-1].text == "one more way to put this"
    assert not folder.exists()
    assert {path: path.read_bytes() for path in DATA.rglob("*.yml")} == before


def test_git_takes_the_patch_and_the_files_are_as_drafted(content: Content, tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    draft = draft_of(
        content,
        ANSWER,
        {"title": "Is there £6,000 for my child?", "easy_read": "One.\nTwo.", "review": "2028-02-01"},
        ["where did the six thousand go"],
    )
    trial = Trial(
        (Fared("covered", 10, 8, 9),), (Difference("q", "covered", (), "a", "b", True),), 4000, 20.0
    )
    reason = "Asked often.\n--- a/data/council.yml\n+++ b/data/council.yml"
    patch = patch_of(content, DATA, draft, who="ed", reason=reason, trial=trial, today=TODAY)
    (tmp_path / "change.patch").write_text(patch)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "--whitespace=error-all", "change.patch"], cwd=tmp_path, check=True)
    assert "# By: ed, 25 November 2026\n" in patch
    assert "# Trial: 1 better, 0 worse, of 10 questions\n" in patch
    changed = load_content(tmp_path / "data")
    assert changed.answers[ANSWER].title == "Is there £6,000 for my child?"
    assert changed.answers[ANSWER].review == datetime.date(2028, 2, 1)
    assert changed.examples[ANSWER][-1].text == "where did the six thousand go"


def test_an_answer_or_a_field_that_is_not_there_is_named(content: Content) -> None:
    with pytest.raises(UnknownAnswerError, match=r"no\.such"):
        draft_of(content, "no.such", {})
    with pytest.raises(UnknownFieldError, match="colour"):
        draft_of(content, ANSWER, {"colour": "red"})
