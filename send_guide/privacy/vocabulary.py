"""Words that are names, and words that are none though they look like one."""

from __future__ import annotations

import calendar
import functools
import importlib
import importlib.resources
import pkgutil
import re
import unicodedata
from collections import Counter

import faker.providers.person
from spacy.lang.en.stop_words import STOP_WORDS

from send_guide.content import get_content, of_content
from send_guide.domain.text import MARKS

NOT_NAMES = frozenset(
    """
    a an and are at be been but can cant do does doesnt for from gets given goes got had has hasnt have he her
    his i if in into is isnt it just keeps may me my needs never no not now of off on only or out over really
    refuses school she sick so still struggles that the their them they this to too told under up very wants
    was wasnt we went were what when where who whos why will with without wont year you your autistic
    disabled dyslexic deaf blind senco send sen ehcp ehc plan head teacher mum dad sorry worried upset
    desperate asking looking trying being going getting falling failing struggling about after again also
    always because before by both did either even every how like more nearly need next once one other own
    please
    hello hi hiya dear sir madam thanks
    right same should some since such than then there these those though through together two until us
    while would yes yet the is iep pda adhd asd sometimes
    fw fwd re mustnt shouldnt couldnt wouldnt havent arent werent weve theyve youve hed shed
    im ive id dont didnt its thats theyre hes shes youre unique number nhs upn nino
    """.split()  # noqa: SIM905 - a list of this length reads better as words
)
"""Words that follow "my son" and the like and are no names."""
_MORE_FIRST_NAMES = frozenset(
    """
    aanya albie amrit ananya anil avraham ayo barnaby bartosz baz bola carys caz cerys chidi chioma darcey daz
    deano debs digby eesa elliemae esme fatimah femi ffion finlay fionn folake funmi gaz gethin gurleen
    gurpreet harleen harpreet ieuan jago jasleen jaspreet jem jenson jez jonno jonty joss kaylum kaz kemi kev
    kiran lerato lilymae lozza lyra macsen maisie manpreet mendel nkechi oliwia olly oluwadamilola oluwaseun
    oluwaseyi oluwatobi owain rafferty raffy rayyan sanjay seren shaz shazza shlomo simba simran sipho sumaya
    sunil tatenda temitope tendai thabo thuy trang trev vikram wilf yitzchak zayn zebedee zuri zuzanna
    """.split()  # noqa: SIM905 - a list of this length reads better as words
)
"""First names that families in England have and Faker's lists lack."""
_WORDS_TOO = frozenset(
    """
    bitten buck faith ginger golden hence lavender mercy pastor patience ransom server sunny sunshine valid
    """.split()  # noqa: SIM905 - as above
)
"""First names that are words oftener, though few examples use them."""
OFTEN = 4
"""Examples from which a word that is a first name too counts as a word: "will", but not "callum"."""
_COUNTRY = frozenset({"england", "london", "scotland", "wales", "britain"})
_LETTER = rf"[^\W\d_]|[{MARKS}]"
WORD = rf"(?:{_LETTER})+"
"""A word of any script, as a pattern."""
_SHORTEST_NAME = 3
_FOLDED_FROM = 5
"""Letters from which a name counts without its accents too; short ones are words of English."""
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "ð": "d", "þ": "th"})


def folded(word: str) -> str:
    """Return a word in small letters without accents: "Łukasz" is "lukasz"."""
    apart = unicodedata.normalize("NFKD", word.lower().translate(_STROKES))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def is_first_name(word: str) -> bool:
    """Return whether ``word``, however it is cased or accented, is a first name and no everyday word."""
    small = word.lower()
    if small in first_names():
        return True
    return not small.isascii() and folded(small) in first_names()


@of_content
def first_names() -> frozenset[str]:
    """Return first names without those that are everyday words."""
    return all_first_names() - everyday_words() - places()


@functools.cache
def called_names() -> frozenset[str]:
    """Return first names, everyday words among them: what follows "she is called" is one."""
    return all_first_names() - NOT_NAMES


@functools.cache
def all_first_names() -> frozenset[str]:
    """Return first names of many countries in small letters, long ones without accents as well."""
    names = _MORE_FIRST_NAMES | _listed("first_names")
    names |= {folded(name) for name in names if len(name) >= _FOLDED_FROM}
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME or not name.isascii())


def _listed(lists: str) -> frozenset[str]:
    """Return the names of Faker's lists of one kind (``first_names``), of all countries, in small letters."""
    names: set[str] = set()
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"{faker.providers.person.__name__}.{module.name}").Provider
        for found in (getattr(provider, name) for name in dir(provider) if name.startswith(lists)):
            if isinstance(found, tuple | list | dict):
                names |= {name.lower() for name in found if re.fullmatch(WORD, name)}
    return frozenset(names)


@of_content
def places() -> frozenset[str]:
    """Return names of places that say little about a person."""
    return _COUNTRY | get_content().council.places


@of_content
def known_words() -> frozenset[str]:
    """Return words that look like names and are none: the guide's own."""
    answers = get_content().answers.values()
    words = " ".join(f"{answer.title} {answer.text} {answer.source}" for answer in answers)
    words += " " + " ".join(contact.name for contact in get_content().contacts.values())
    return frozenset(re.findall(r"[a-z]+", words.lower()))


@of_content
def everyday_words() -> frozenset[str]:
    """Return words that are no names: those of the guide, of English at its easiest, and of those who ask; of
    the last a first name only where several type it as a word.
    """
    examples = [example.text for found in get_content().examples.values() for example in found]
    asked = Counter(word for text in examples for word in set(re.findall(r"\b[a-z]+\b", text)))
    with_capital = {word.lower() for text in examples for word in re.findall(r"\b[A-Z][a-z]+\b", text)}
    names = all_first_names()
    dates = " ".join((*calendar.month_name, *calendar.month_abbr, *calendar.day_name)).lower()
    return frozenset(
        {word for word, times in asked.items() if word not in names or times >= OFTEN}
        | (with_capital - names - _listed("last_names"))
        | set(dates.split())
        | (_easy_words() - names)
        | (_easy_words() & asked.keys())
        | _WORDS_TOO
        | known_words()
        | NOT_NAMES
        | frozenset(STOP_WORDS)
    )


@functools.cache
def _easy_words() -> frozenset[str]:
    """Return the words that children of ten know (Dale and Chall, 1948), of textstat's list."""
    listed = importlib.resources.files("textstat") / "resources" / "en" / "easy_words.txt"
    return frozenset(listed.read_text(encoding="utf-8").lower().split())
