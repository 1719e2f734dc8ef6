"""A letter as a form: a field for each of its blanks. The widget and the plain pages make the same of it.

What stands in [brackets] is one of two things. With a small letter, or a number, it is a blank, and says
what belongs there; the same words are filled in once, wherever they stand. With a capital, or "or:", it is a
note to whoever writes: it stays until it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from send_guide.domain.letters import BLANK

_NOTE = re.compile(r"[A-Z]|or:")
_HEADING = re.compile(r"(?:^|\. )([A-Z][^.:\[\]]+ [^.:\[\]]+): ?$")
"""What stands before a blank that is all the rest of its line: "What has happened:"."""
_AROUND = 5
"""Words of its sentence that are shown with a blank which says little by itself."""
_LONG = 40
"""Characters of a blank that asks for more than a line."""
_NEAR = 300
"""Characters on each side that are looked at: a line of 20,000 with a thousand blanks costs no more."""


@dataclass(frozen=True)
class Blank:
    """Something to fill in, or a note that can be left out.

    Attributes:
        label: what the field is called; all of a note.
        hint: what belongs there, or where it stands; empty where the label says it.
        kind: a field of one line, one of several, or a note.
        stands: what the letter has in its place as long as nothing is filled in.
        value: what is filled in beforehand: a number that is proposed.
    """

    label: str
    hint: str
    kind: Literal["line", "lines", "note"]
    stands: str
    value: str = ""


@dataclass(frozen=True)
class LetterForm:
    """A letter in its parts.

    Attributes:
        parts: its text, in order, with the number of a blank where one stands.
        blanks: each blank once.
    """

    parts: tuple[str | int, ...]
    blanks: tuple[Blank, ...]

    def filled(self, values: Mapping[int, str]) -> str:
        """Return the text of the letter.

        Args:
            values: what is filled in, by the number of the blank; an empty text leaves a note out. What is
                not there stays as it stands.
        """
        return "".join(
            part if isinstance(part, str) else values.get(part, self.blanks[part].stands)
            for part in self.parts
        )


def letter_form(text: str) -> LetterForm:
    """Return the parts of a letter.

    Args:
        text: the letter, with blanks and notes in square brackets.
    """
    parts: list[str | int] = []
    found: dict[tuple[str, str], int] = {}
    blanks: list[Blank] = []
    at = 0
    for match in BLANK.finditer(text):
        blank, begins = _blank(text, match)
        key = (blank.stands, blank.label)
        if blank.kind == "note" or key not in found:
            found[key] = len(blanks)
            blanks.append(blank)
        parts += [text[at:begins], found[key]]
        at = match.end()
    return LetterForm((*(part for part in (*parts, text[at:]) if part != ""),), tuple(blanks))


def _blank(text: str, match: re.Match[str]) -> tuple[Blank, int]:
    """Return what stands in brackets, and where it begins: white space before a note goes with it."""
    words, begins = match[0][1:-1], match.start()
    if _NOTE.match(words):
        begins -= _goes_too(text[max(0, begins - 2) : begins], text[match.end() : match.end() + 2])
        return Blank(words, "", "note", text[begins : match.end()]), begins
    before = text[max(0, begins - _NEAR) : begins].rpartition("\n")[2]
    after = text[match.end() : match.end() + _NEAR].partition("\n")[0]
    heading = _HEADING.search(before)
    if heading and after in ("", "."):
        return Blank(heading[1], words, "line" if words.startswith("name") else "lines", match[0]), begins
    label, around = words[0].upper() + words[1:], _around(before, after)
    if words.isdigit():
        return Blank(around, "", "line", match[0], words), begins
    hint = "" if " " in words.partition(",")[0] else around  # a word alone says little
    return Blank(label, hint, "lines" if len(words) > _LONG else "line", match[0]), begins


def _goes_too(before: str, after: str) -> int:
    """Return how much of the white space before a note is left out with it, so that no gap stays."""
    if (before, after) == ("\n\n", "\n\n"):
        return 2
    alone = before.endswith("\n") and after.startswith("\n")
    return int(alone or before.endswith(" "))


def _around(before: str, after: str) -> str:
    """Return the words around a blank, or nothing where it stands alone."""
    before, after = (BLANK.sub("…", side).strip() for side in (before, after))
    words = " ".join([*before.split()[-_AROUND:], "…", *after.split()[:_AROUND]])
    words = re.sub(r" (?=[,.:])", "", words)
    return f"“{words}”" if re.search(r"\w", words) else ""
