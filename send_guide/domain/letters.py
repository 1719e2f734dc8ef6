"""Drafts of letters: templates of ``data/letters``, filled from structured facts, as text or Word file.

Facts are choices the person has made and months, never their words. What is not known stays a blank in
square brackets. Nothing is kept: a draft is made when it is shown or fetched, and forgotten.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import docx
import jinja2
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from jinja2.sandbox import SandboxedEnvironment

from send_guide.content import get_content
from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import today
from send_guide.domain.text import printable, slug
from send_guide.errors import SendGuideError

FACTS: dict[str, frozenset[str]] = {
    "setting": frozenset({"maintained", "academy", "independent", "college", "nursery", "childminder"}),
    "phase": frozenset({"nursery", "primary", "secondary", "college"}),
    "who": frozenset({"parent", "self"}),
    "delay": frozenset({"assessment", "plan", "review", "provision"}),
    "plan": frozenset({"yes", "no"}),
}
"""The facts a letter may be filled from, with their values. Beside them: the id of a step that is done,
with the month in which it was ("2026-03"), or "yes" where the month is not known."""

_PLACES = {"college": "college", "nursery": "nursery", "childminder": "setting"}
BLANK = re.compile(r"(\[[^\[\]\n]+\])")
"""What somebody fills in, or a note, in square brackets; in time that grows with the letter."""
_DATE_LINE = re.compile(r"^\[date\]$", re.M)
"""Where a letter is dated. A "[date]" within a sentence is the date of something else."""
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")

_environment = SandboxedEnvironment(
    autoescape=False,  # plain text; a page that shows it escapes it itself
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class UnknownLetterError(SendGuideError):
    """There is no template of that name."""


@dataclass(frozen=True)
class Letter:
    """A draft.

    Attributes:
        template: the id of its template.
        title: what kind of letter it is.
        text: the draft, blanks in square brackets.
    """

    template: str
    title: str
    text: str


def templates() -> dict[str, str]:
    """Return the title of every letter by the id of its template."""
    return {key: letter.title for key, letter in get_content().letters.items()}


def render(template: str, facts: Mapping[str, str]) -> Letter:
    """Return a draft.

    Args:
        template: the id of the template.
        facts: what is known (:data:`FACTS`); anything else is left out, not trusted.

    Raises:
        UnknownLetterError: no such template.
    """
    found = get_content().letters.get(template)
    if found is None:
        raise UnknownLetterError(f"there is no letter {template!r}")
    text = _environment.from_string(found.text).render(_context(facts))
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()
    text = _DATE_LINE.sub(spoken(today()), text)
    return Letter(template, found.title, text + "\n")


def _context(facts: Mapping[str, str]) -> dict[str, object]:
    """Return what templates may use: every fact (an empty text where not known), ``place``, ``done``."""
    known = {name: facts.get(name, "") for name in FACTS}
    known = {name: value if value in FACTS[name] else "" for name, value in known.items()}
    place = _PLACES.get(known["setting"] or known["phase"], "school")
    done = {
        step: _month(when)
        for step, when in facts.items()
        if step in get_content().steps and (when == "yes" or _MONTH.fullmatch(when))
    }
    return {**known, "place": place, "done": done}


def _month(when: str) -> str:
    """Return " in March 2026" for "2026-03", and an empty text where the month is not known."""
    match = _MONTH.fullmatch(when)
    return f" in {date(int(match[1]), int(match[2]), 1):%B %Y}" if match else ""


def with_text(custom: Mapping[str, object]) -> dict[str, object]:
    """Return a reply's metadata as it is delivered: a letter with its text, which is never stored."""
    letter = custom.get("letter")
    if not isinstance(letter, dict):
        return dict(custom)
    text = render(str(letter.get("template")), letter.get("facts") or {}).text
    return {**custom, "letter": {**letter, "text": text}}


def as_text(letter: Letter) -> bytes:
    """Return a draft as a text file that Windows' Notepad shows right as well: UTF-8 with a mark."""
    return letter.text.replace("\n", "\r\n").encode("utf-8-sig")


def file_name(title: str, extension: str) -> str:
    """Return the name of a letter's file, made of its title; it says nothing of the person."""
    return f"{slug(title, ('a', 'an', 'the')) or 'letter'}.{extension}"


def parts(text: str) -> int:
    """Return how many lines and blanks a letter has: each is a piece of work in a Word file."""
    return text.count("\n") + 1 + len(BLANK.findall(text))


def has_blanks(text: str) -> bool:
    """Return whether there is a blank still to be filled in."""
    return BLANK.search(text) is not None


def as_docx(letter: Letter) -> bytes:
    """Return a draft as a Word file in British English, of now; the blanks are marked yellow."""
    document = docx.Document()
    _describe(document, letter.title)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    normal.paragraph_format.space_after = Pt(8)
    for block in printable(letter.text).strip().split("\n\n"):
        paragraph = document.add_paragraph()
        for number, line in enumerate(block.split("\n")):
            if number:
                paragraph.add_run().add_break()
            _add_line(paragraph, line)
        if block.startswith("Yours "):  # room to sign, on the page of the name
            paragraph.paragraph_format.space_after, paragraph.paragraph_format.keep_with_next = Pt(40), True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: Document, title: str) -> None:
    """Say what the file is: the library's template is American English, of 2013, with a picture of itself."""
    properties = document.core_properties
    properties.title, properties.language = printable(title), "en-GB"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    relations = document.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _add_line(paragraph: Paragraph, line: str) -> None:
    for part in filter(None, BLANK.split(line)):
        run = paragraph.add_run(part)
        if BLANK.fullmatch(part):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        elif line.startswith("Subject:"):
            run.bold = True
