"""Numbers and addresses that say who somebody is, in text as
:func:`send_guide.domain.text.plain_text` has it.

Every pattern begins where a word begins and has an end to what it repeats, so that looking takes time in
proportion to the text.

Formats: telephone numbers, the numbering plans in ``phonenumbers``; postcodes, BS 7666 and Royal Mail's
areas; NHS number, ten digits with a modulus 11 check (NHS data dictionary); UPN, a letter and twelve
characters (DfE UPN guide); National Insurance number, two letters, six digits and a letter (HMRC NIM39110).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers

from send_guide.content import get_content, of_content
from send_guide.privacy import vocabulary
from send_guide.privacy.found import Found

HOME = "GB"
"""Where a number is from that says no country."""
_SHORTEST_NUMBER = 7
_BEFORE = 60
"""Letters before a number that are looked at for what it is."""
_AREAS = frozenset(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX
    FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE
    NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ
    TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
    """.split()  # noqa: SIM905 - a list of this length reads better as words
)
"""With which a postcode begins: MP3 4GB is none."""
_REFERENCE = re.compile(
    r"\b(?:order|ref|reference|case|claim|invoice|ticket|booking|parcel|tracking|serial)"
    r"(?: (?:number|num|no\.?|id))?(?: (?:is|was))?[ :#.]*$",
    re.I,
)
"""What stands before a number that is no person's."""

_EMAIL_AT = r"(?:\s?@\s?|%40|\s?[(\[]\s?at\s?[)\]]\s?)"
_DOT = r"(?:\.| \. |\s?[(\[]?\bdot\b[)\]]?\s?)"
_EMAILS = (
    re.compile(rf"(?<![\w.+%-])[\w.+-]{{1,64}}{_EMAIL_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}", re.I),
    re.compile(
        r"(?<![\w.+%-])[\w.+-]{1,64}(?:\s?@\s?| at )"
        r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|aol|btinternet|live|sky|protonmail|virginmedia)\b"
        rf"(?:(?:{_DOT}|,)[\w-]{{1,63}}){{0,3}}",
        re.I,
    ),
)
_UPN = re.compile(r"(?<![^\W_])[A-HJ-NP-RT-Z](?:[ -]?\d){11}[ -]?[\dA-HJ-NP-RT-Z](?![^\W_])", re.I)
_NATIONAL_INSURANCE = (
    re.compile(r"\b[A-Z][ .-]?[A-Z](?:[ .-]{0,2}\d){6}[ .-]{0,2}[A-D]\b", re.I),
    re.compile(
        r"\b(?:ni|nino|national insurance)(?: number| no\.?)?(?: is)?[ :]{1,3}(?P<it>[A-Z]{2}\d{6}\b)", re.I
    ),
)
_TEN = re.compile(r"(?<![\w£.])\d(?:[\s.\-]{0,2}\d){9}(?!\w)")
_NHS_GROUPS = re.compile(r"\d{3}[\s.-]{0,2}\d{3}[\s.-]{0,2}\d{4}")
_SPOKEN = "oh?|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred"
_PHONES = (
    re.compile(r"(?<![\w£$€])(?:(?:\+|%2B)\(?\d|\(?00 ?[1-9])(?:[\s().\-_]{0,3}\d){6,14}", re.I),
    re.compile(r"(?<![^\W_])(?<![£$€.])44(?:[\s().\-_]{0,3}\d){10}(?!\d)"),
    re.compile(r"(?<![^\W_])(?<![£$€.])\(?0\d\d(?:[\s().\-_/]{0,3}\d){7,8}(?!\d)"),
    re.compile(r"(?<![\w£$€.])0(?:[ .\-_]\d){1,2}(?:[\s().\-_/]{0,3}\d){7,9}(?!\d)"),
    re.compile(r"(?<![\w£$€.])7\d{3}[ .-]?\d{3}[ .-]?\d{3}(?!\d)"),
    re.compile(r"(?<![\w£$€.])0\d(?: ?\d){8,9}(?!\d)"),
    re.compile(
        r"\b(?:tel|telephone|phone|mob|mobile|ring|call|text|whatsapp|get me)\b"
        r"[^\d\n]{0,20}(?P<it>\d(?: ?\d){7,9})(?!\w)",
        re.I,
    ),
    re.compile(r"(?<!\w)[0o](?: ?[\dol]){9,10}(?<=\d)(?!\w)", re.I),
    re.compile(rf"\b(?:{_SPOKEN})(?:[ ,-]{{1,2}}(?:{_SPOKEN})){{6,14}}\b", re.I),
)
_INWARD = "[ABD-HJLNP-UW-Z]"
_POSTCODES = (
    re.compile(rf"(?<![^\W_])(?P<area>[A-Z]{{1,2}})\d[A-Z\d]?[\s.-]{{0,2}}\d{_INWARD}{{2}}(?![^\W_])", re.I),
    re.compile(rf"\b(?P<area>[A-Z](?: [A-Z])?) \d(?: [A-Z\d])? \d {_INWARD} {_INWARD}\b", re.I),
    re.compile(rf"\b(?P<area>[A-Z]{{2}}) \d{{1,2}} \d{_INWARD}{{2}}\b"),
)

_DAY = r"\d{1,2}(?: ?(?:st|nd|rd|th)\b)?"
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_BETWEEN = r"[ ./,\-]{1,3}(?:of )?"
_YEAR = r"'?(?:\d{4}|\d{2})\b"
DATE = (
    rf"(?:{_DAY}{_BETWEEN}(?:\d{{1,2}}|{_MONTH_NAME}){_BETWEEN}{_YEAR}"
    rf"|{_MONTH_NAME} (?:the )?{_DAY}{_BETWEEN}{_YEAR}"
    rf"|(?:19|20)\d\d[./-](?:\d{{1,2}}|{_MONTH_NAME})[./-]\d{{1,2}}\b)"
)
"""A whole date, as a pattern."""
_BORN = re.compile(
    r"(?<![^\W_])(?:d[ ._]?o[ ._]?b\b\.?|born\b|birth[ _-]?(?:day|date)\b|date[ _]of[ _]birth\b)(?:'s)?"
    r"(?:[\s:=,.(-]{0,4}\b(?:is|was|on|the)\b){0,3}[\s:=,.(-]{0,4}"
    rf"(?:{DATE}|[a-z]{{2,9}}(?:st|nd|rd|th) (?:of )?{_MONTH_NAME}(?: {_YEAR})?|\d{{8}}\b"
    rf"|{_DAY}{_BETWEEN}(?:{_MONTH_NAME}\b|\d{{1,2}}\b)|{_MONTH_NAME} (?:the )?{_DAY})",
    re.I,
)
_BARE_DATE = re.compile(r"(?<!\w)\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b")

_STREET = r"road|rd|street|st|avenue|ave|lane|crescent|cres|gardens|gdns|grove|terrace|mews|close|cl|drive"
_STREET_TOO = r"way|place|pl|hill|walk|row|rise|square|court|park|green|parade|yard|wharf|vale|view|fairway"
"""Streets are called so, and much else is."""
_BUILDING = r"house|court|lodge|heights|towers?|mansions|buildings?|point"
_HOME = r"(?:flat|apartment|apt|unit|room|no\.?) ?\d{1,4}[a-z]?,?\s(?:[A-Za-z' ]{1,30},\s)?"
_NUMBER = r"(?:no\.? ?)?\d{1,4}[a-z]?,?\s"
_WORDS = r"(?:[^\W\d_][\w'.-]{0,20}\s){1,3}?"
_ADDRESSES = (
    re.compile(rf"\b{_HOME}(?P<words>{_WORDS})(?:{_BUILDING})\b", re.I),
    re.compile(rf"\b(?:{_HOME})?{_NUMBER}(?P<words>{_WORDS})(?P<sure>{_STREET})\b", re.I),
    re.compile(rf"\b(?:{_HOME})?{_NUMBER}(?P<words>{_WORDS}|the )(?:{_STREET_TOO})\b", re.I),
    re.compile(
        rf"\b(?P<words>(?:[A-Z][\w'-]{{1,20}}\s){{1,2}})(?:Cottage|House|Lodge|Farm),\s{_WORDS}(?i:{_STREET})\b"
    ),
    re.compile(
        rf"\b(?:live|lives|living|address is|moved|moving) (?:at|on|in|to) (?P<it>(?P<words>{_WORDS})"
        rf"(?P<sure>{_STREET}))\b",
        re.I,
    ),
)
_NO_STREET = frozenset(
    """
    a an the this that these those in on at of to by for from with and or per into my his her our their your
    its minute minutes min mins hour hours hr hrs day days week weeks month months year years term terms mile
    miles metre metres times children child kids pupils people person staff places lessons schools is are was
    """.split()  # noqa: SIM905 - a list of this length reads better as words
)
"""Words that stand between a number and "road" or "way" where it is no address: "5 minutes on the road"."""


def find_numbers(text: str) -> Iterator[Found]:
    """Yield e-mail addresses, numbers, postcodes, dates of birth and addresses in ``text``, the surest first.

    What is found twice is found as what comes first. Numbers that the guide gives out are public.
    """
    for kind, look in _LOOKS:
        for start, end in look(text):
            yield Found(kind, start, end)


Places = Iterator[tuple[int, int]]


def _emails(text: str) -> Places:
    for pattern in _EMAILS:
        for match in pattern.finditer(text):
            if match.group().lower() not in _public():
                yield match.span()


def _upns(text: str) -> Places:
    return (match.span() for match in _UPN.finditer(text))


def _national_insurance(text: str) -> Places:
    for pattern in _NATIONAL_INSURANCE:
        for match in pattern.finditer(text):
            yield match.span("it" if "it" in pattern.groupindex else 0)


def _nhs_numbers(text: str) -> Places:
    for match in _TEN.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        said = re.search(r"\bnhs\b", before, re.I)
        grouped = _NHS_GROUPS.fullmatch(match.group()) and not _REFERENCE.search(before)
        if said or (grouped and nhs_check(match.group())):
            yield match.span()


def _phones(text: str) -> Places:
    abroad, *home = _PHONES
    for match in abroad.finditer(text):
        if end := _end_of_number(text, *match.span()):
            yield match.start(), end
    for pattern in home:
        for match in pattern.finditer(text):
            span = match.span("it" if "it" in pattern.groupindex else 0)
            before = text[max(0, span[0] - _BEFORE) : span[0]]
            if not _REFERENCE.search(before) and _digits(match.group()) not in _public():
                yield span


def _end_of_number(text: str, start: int, end: int) -> int | None:
    """Return where a telephone number with its country ends: with the last digits that make one, or None."""
    while _count_digits(text[start:end]) >= _SHORTEST_NUMBER:
        written = re.sub("(?i:%2B)|^\\(?00", "+", text[start:end])
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(written, HOME)):
                return None if _digits(written) in _public() else end
        except phonenumbers.NumberParseException:
            return None
        end = start + len(re.sub(r"[^\d]*\d$", "", text[start:end]))
    return None


def _postcodes(text: str) -> Places:
    for pattern in _POSTCODES:
        for match in pattern.finditer(text):
            if match["area"].replace(" ", "").upper() in _AREAS:
                yield match.span()


def _dates_of_birth(text: str) -> Places:
    for pattern in (_BORN, _BARE_DATE):
        for match in pattern.finditer(text):
            yield match.span()


def _addresses(text: str) -> Places:
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            words = re.findall(r"[\w']+", match["words"])
            small = [word.lower() for word in words]
            named = small == ["the"] or not _NO_STREET.intersection(small)
            # "Way" in a name, or after a word that the guide and its examples do not use
            sure = groups.get("sure") or any(word[0].isupper() for word in words)
            if named and (sure or not vocabulary.everyday_words().issuperset(words)):
                yield match.span("it" if groups.get("it") else 0)


_LOOKS: tuple[tuple[str, Callable[[str], Places]], ...] = (
    ("email", _emails),
    ("UPN", _upns),
    ("NI number", _national_insurance),
    ("NHS number", _nhs_numbers),
    ("date of birth", _dates_of_birth),
    ("phone", _phones),
    ("postcode", _postcodes),
    ("address", _addresses),
)


def nhs_check(text: str) -> bool:
    """Return whether the ten digits of ``text`` pass the check of NHS numbers (NHS data dictionary)."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    check = 11 - sum(digit * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return check % 11 == digits[9] and check != 10


@of_content
def _public() -> frozenset[str]:
    """Return what the guide gives out: e-mail addresses, and telephone numbers as digits."""
    contacts = get_content().contacts.values()
    shown = [detail.shown for contact in contacts for detail in contact.details.values()]
    return frozenset(one.lower() for one in shown if "@" in one) | frozenset(map(_digits, shown)) - {""}


def _digits(number: str) -> str:
    """Return the digits of a telephone number, those of Britain as they are rung there."""
    return re.sub(r"^(?:00)?44(?:0(?=\d{10}))?", "0", re.sub(r"\D", "", number))


def _count_digits(text: str) -> int:
    return sum(letter.isdigit() for letter in text)
