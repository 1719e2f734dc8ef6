"""An editor is told, with file and line, which words do not do as a text message; ours do."""

import shutil
from pathlib import Path

import pytest

from send_guide.channels.content_checks import check_folder
from send_guide.content import Content
from send_guide.editing.drafts import draft_of
from send_guide.editing.validation import validate_draft
from tests.conftest import ROOT
from tests.unit.test_broken_content_is_refused import change, data  # noqa: F401 - a fixture

SHORT = "    short: The SENCO should stay in touch with you.\n"
LONG = "The SENCO should stay in touch with you. " + "Ask what helps now. " * 13
TEXT = "The offer says the SENCO should stay in touch with parents."
MENU = "menu:\n  - {title: Meals, says: meals}\n  - {title: Meals, says: food}\n"
WHOLE = f"    text: {TEXT} See {{iass.web}}.\n{SHORT}"


def said(folder: Path) -> str:
    """Return what `send-guide check` prints of a folder."""
    _, problems = check_folder(folder)
    return "\n".join(str(problem) for problem in problems)


def test_the_small_copy_fits(data: Path) -> None:  # noqa: F811
    assert said(data) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        # 280 letters fit two texts; with "Reply MORE." below them they do not
        ("answers/senco.yml", WHOLE, f"    text: {TEXT} {LONG}\n    short: {LONG}\n", "senco.yml:8: senco.parents: short: by text message, 3 texts long with its hint"),
        ("answers/senco.yml", TEXT, f"{TEXT} It is 20 m².", "senco.yml:7: senco.parents: text: by text message, letters that text messages cannot hold: '²'"),
        ("answers/senco.yml", TEXT, f"{TEXT} You can stop.", "senco.yml:7: senco.parents: text: by WhatsApp, says 'You can stop'"),
        ("answers/senco.yml", "easy_read: The", "easy_read: Write STOP. The", "senco.yml:9: senco.parents: easy_read: by text message, says 'Write STOP'"),
        ("answers/senco.yml", TEXT, f"{TEXT} Ring {{iass.phone}}, {'and ask for help, ' * 16}it is not confirmed.", "senco.yml:7: senco.parents: text: by text message, gives '020 8461 7630', which is not confirmed"),
        ("answers/senco.yml", "title: Should the SENCO talk to me?", "title: Should I say STOP?", "senco.yml:3: senco.parents: title: by text message, says 'say STOP'"),
        ("texts.yml", "texts:\n", f"{MENU}texts:\n", "texts/menu: by text message, two choices read the same: 'Meals'"),
        ("texts.yml", "texts:\n", f"{MENU.replace('Meals', 'Stop please', 1)}texts:\n", "texts/menu: by WhatsApp, who picks 'Stop please' by its words stops all messages"),
        ("languages.yml", "languages: {}", "languages:\n  fr: Bonjour", "languages.yml:2: languages/fr: does not say 999"),
        ("languages.yml", "languages: {}", f"languages:\n  zh: 999 {'电话' * 300}", "languages.yml:2: languages/zh: by text message, 10 texts long, at most 8"),
        ("words.yml", "Hello. I am", "Hello. Please type quit. I am", "words.yml:5: words/greet: text: by text message, says 'type quit'"),
        ("words.yml", "Hello. I am", f"Hello. {'I am here for you. ' * 14}I am", "words.yml:5: words/greet: by text message, 4 texts long: give it a `short`"),
        ("words.yml", "Hello. I am", "Hello. Tap it. I am", "words.yml:5: words/greet: by text message, says 'Tap', but there is nothing to tap"),
    ],
)  # fmt: skip
def test_words_that_do_not_do_as_a_text_message_are_named(
    data: Path,  # noqa: F811
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    change(data / file, old, new)
    assert message in said(data)


def test_the_path_and_a_variant_are_looked_at_too(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    folder = tmp_path / "data"
    change(
        folder / "path" / "steps-school.yml",
        '    short: "Ask for a talk',
        '    short: "Ask again and again for a good long talk',
    )
    change(
        folder / "path" / "questions.yml", "ask: What is it about?", f"ask: {'What is it about now? ' * 16}"
    )
    change(folder / "answers" / "law.yml", "so disabled children", "so that the disabled children")
    found = said(folder)
    assert (
        "steps-school.yml:17: steps/talk: short: by text message, 3 texts long with its hint, at most 2"
        in found
    )
    assert "questions.yml:8: questions/topic: options: by text message" in found
    assert "law.reasonable-adjustments: short: by text message, 3 texts long with its hint" in found


def test_an_editor_is_told_of_it_before_a_draft_is_saved(content: Content) -> None:
    draft = draft_of(content, "schools.appoint-senco", {"short": f"A school must have one. {LONG}"}, [])
    found = validate_draft(ROOT / "data", draft).findings
    assert any("Text message: by text message, 3 texts long" in str(one) for one in found), found
