"""Notes of calls as files: a text file, and a Word file."""

from __future__ import annotations

import datetime
import io

import docx
from docx.shared import Cm, Pt


def as_text(text: str, follow_up: datetime.date | None, subject: str = "") -> bytes:
    """Return a note as a text file that Windows' Notepad shows right as well: UTF-8 with a mark."""
    return "\r\n".join(_lines(text, follow_up, subject)).encode("utf-8-sig")


def as_docx(text: str, follow_up: datetime.date | None, subject: str = "") -> bytes:
    """Return a note as a Word file; what comes before a colon is in bold."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.title = "Note of a call"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    document.add_heading("Note of a call", level=1)
    for line in filter(None, _lines(text, follow_up, subject)):
        label, colon, rest = line.partition(": ")
        paragraph = document.add_paragraph()
        paragraph.add_run(label + colon).bold = bool(colon) and len(label) < 20
        paragraph.add_run(rest)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lines(text: str, follow_up: datetime.date | None, subject: str) -> list[str]:
    # a Word file is XML, and XML holds no control characters
    about = f"Subject: {' '.join(subject.split())}\n" if subject.strip() else ""
    plain = "".join(letter for letter in about + text if letter >= " " or letter in "\n\t")
    ending = [f"Follow up: {follow_up.day} {follow_up:%B %Y}"] if follow_up else []
    return [*plain.strip().splitlines(), *ending, ""]
