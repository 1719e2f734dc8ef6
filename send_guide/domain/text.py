"""One way of writing what people type in many, and what may stand in a file and in its name."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from send_guide.content.files import UNPRINTABLE

LONGEST_NAME = 80
"""Characters of a file's name."""
MOST_OF_A_LETTER = 4
"""Letters that Unicode's NFKC may make of one; U+FDFA alone would become eighteen."""
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""What takes no room: control characters, and Unicode's Default_Ignorable_Code_Point."""
MARKS = "".join(chr(at) for at in range(0x300, 0xFFFF) if unicodedata.category(chr(at)).startswith("M"))
"""Marks on letters, accents and vowel signs: part of a word, though ``\\w`` leaves them out."""
_NO_ROOM = re.compile(f"[{_UNSEEN}]+")
_JOINING = f"{MARKS}{_UNSEEN}\u1161-\u11ff"  # the last: vowels and ends of Korean syllables
_CLUSTER = re.compile(rf"[!-~]+(?![{_JOINING}])|.[{_JOINING}]{{0,20}}", re.DOTALL)
"""Letters that are plain already, or one with what joins it: in no script more than a few marks."""
_STRAIGHT = {"’": "'", "‘": "'", "ʼ": "'"}


_SIGNED = re.compile(
    r"\n[^\S\n]*(?:(?:sent|get) (?:from|via|outlook)\b.*|"
    r"(?:many |kind |best |warm )?(?:thanks|thank you|regards|wishes)"
    r"(?:,[^\S\n]*\w+(?: \w+){0,2})?\W*(?:\n.*|$)|"
    r"-- ?\n.*|https?://\S+\s*$)",
    re.IGNORECASE | re.DOTALL,
)
"""A signature, what a telephone puts under a message, or an address by itself at the end."""
_STAMP = re.compile(
    r"^\[?\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?\]?(?: [-\u2013])? "
    r"[^:\n]{1,40}: ",
    re.IGNORECASE | re.MULTILINE,
)
"""What WhatsApp puts before a message that is copied, when and who: no date of what the message tells."""
_IDLE_WORD = re.compile(
    r"(?:https?://\S+|lol|lmao|haha+|xx*|thx|thanks|ty|cheers|please|pls|[:;][-']?[()/|DPp])?", re.IGNORECASE
)
"""A word at the end of a message that says nothing of its matter, or none."""
_IDLE_PAIRS = frozenset({("thank", "you"), ("many", "thanks")})
_PICTURES = re.compile(r"[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]+$")


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, without numbers: "it's", "my", "son"."""
    return _WORD.findall(text.lower())


def speaks_of(text: str, beginnings: Iterable[str]) -> bool:
    """Return whether a word, or words, of a text begin with one of these, in letters of any size.

    Args:
        text: a message.
        beginnings: for instance "refus" or "final plan"; apostrophes do not count, here and in the text.
    """
    plain = text.replace("'", "").replace("’", "")
    return any(re.search(rf"\b{re.escape(one.replace(chr(39), ''))}", plain, re.I) for one in beginnings)


@dataclass(frozen=True)
class PlainText:
    """A text in plain letters, and where each of them stands in the original.

    Attributes:
        text: the plain letters.
        starts: of each, the place in the original of its first letter.
        ends: of each, the place after its last.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of the letters from ``start`` to before ``end``, at least one."""
        return self.starts[start], self.ends[end - 1]


def plain_text(text: str) -> PlainText:
    """Return ``text`` in plain letters: what understanding and redaction read.

    Letters of another shape (bold, full width) become the plain ones (Unicode's NFKC), digits of every script
    0 to 9, quotes straight; what takes no room, such as a zero-width space, goes; spaces of every kind become
    one, and none stands at the beginning or end of a line. It takes time in proportion to the text, and has
    at most :data:`MOST_OF_A_LETTER` letters for each.
    """
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        start, end = match.span()
        if match.group().isascii() and match.group().isprintable() and match.group() != " ":
            letters += match.group()
            starts += range(start, end)
            ends += range(start + 1, end + 1)
            continue
        for letter in _plain_cluster(match.group()):
            if letter in " \n" and letters and letters[-1] == " ":
                del letters[-1], starts[-1], ends[-1]
            if letter == " " and letters[-1:] in ([], ["\n"]):
                continue
            letters.append(letter)
            starts.append(start)
            ends.append(end)
    return PlainText("".join(letters), starts, ends)


@functools.lru_cache(maxsize=1_024)
def _plain_cluster(cluster: str) -> str:
    """Return the plain letters for a letter with its marks."""
    seen = _NO_ROOM.sub("", cluster)
    if seen.isspace():
        return "\n" if seen == "\n" else " "
    plain = unicodedata.normalize("NFKC", seen)
    if len(plain) > max(MOST_OF_A_LETTER, len(seen)):
        plain = seen
    return "".join(_plain_letter(letter) for letter in plain)


def _plain_letter(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if "\ud800" <= letter <= "\udfff":
        return "\ufffd"  # half a pair is no letter, and the encoder takes none
    return _STRAIGHT.get(letter, letter)


def normalise(text: str, *, lines: bool = False) -> str:
    """Return ``text`` as :func:`plain_text` has it, in small letters: "h\u200bits" is "hits".

    Args:
        text: what was typed.
        lines: whether lines stay lines; else an end of line is a space.
    """
    plain = plain_text(text).text.lower().strip()
    return plain if lines else re.sub(r"\s+", " ", plain)


def printable(text: str) -> str:
    """Return ``text`` with lines for the breaks that word processors make, and no control characters.

    A Word file is XML, which holds none of them (XML 1.0, section 2.2).
    """
    lines = text.replace("\r\n", "\n").replace("\v", "\n").replace("\f", "\n")
    return UNPRINTABLE.sub("", lines)


def slug(title: str, leave_out: Collection[str] = ()) -> str:
    """Return a title as the name of a file: small plain letters and figures, with hyphens.

    Args:
        title: for instance "A complaint to the head".
        leave_out: small words that the name can do without.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain.replace("'", "")) if word not in leave_out]
    return "-".join(words)[:LONGEST_NAME].strip("-")


def own_words(text: str) -> str:
    """Return ``text`` without what stands around a message and says nothing of its matter: the time that
    WhatsApp puts before a copied one, a signature, an address, "lol".

    Args:
        text: what was typed. One that is nothing else stays as it is.
    """
    return _without_idle_end(_SIGNED.sub("", _STAMP.sub("", text))).rstrip() or text


def _without_idle_end(text: str) -> str:
    """Return ``text`` without the words and pictures at its end that say nothing of its matter.

    It goes from word to word, from the end: a pattern that looks for all of them takes time that grows with
    the cube of the blanks in a message.
    """
    words = list(re.finditer(r"\S+", text))
    end, closing = len(text), ".!"
    while words:
        word = words[-1].group().rstrip(closing)
        seen = _PICTURES.sub("", word)
        before = words[-2].group().lower() if len(words) > 1 else ""
        if (before, seen.lower()) in _IDLE_PAIRS:
            del words[-2:]
        elif len(words) > 1 and _IDLE_WORD.fullmatch(seen):
            del words[-1]
        elif seen != word:
            return text[: words[-1].start() + len(seen)]
        else:
            break
        end, closing = words[-1].end() if words else 0, ""
    return text[:end]
