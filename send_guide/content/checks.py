"""The rules of ``docs/content.md`` that a schema cannot say: strength, length, reading age, letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import textstat

from send_guide.content.files import Problem
from send_guide.content.loader import Content
from send_guide.content.schema import Answer

MAX_TEXT_WORDS = 90
MAX_SINCE_WORDS = 60
MAX_SHORT_CHARACTERS = 306
"""Two GSM-7 segments of 153 characters each (3GPP TS 23.040, concatenated messages)."""
MIN_EXAMPLES = 12
SHORT_SENTENCE_WORDS = 5
MAX_TEXT_GRADE = 8.0
MAX_EASY_READ_GRADE = 5.0

# Answers whose words cannot be made shorter without making them wrong, each with the reason.
HARD_TO_READ: dict[str, str] = {}

GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic GSM 7-bit alphabet, one septet a letter (3GPP TS 23.038); the extension table is left out."""

_FREE = re.compile(
    r"\b(?:(?:do|does|did) not|don't|doesn't|didn't) (?:have|need) to\b|\bneed not\b|\bneedn't\b", re.I
)
_FAMILIES = {
    "required": re.compile(r"\brequired\b", re.I),
    "must": re.compile(r"\b(?:must|have to|has to|had to|needs? to|needed to)\b", re.I),
    "should": re.compile(r"\b(?:should|ought to|expected to|good practice)\b", re.I),
}
_ALLOWED = {
    "must": {"must", "required"},
    "should": {"should"},
    "is-required-to": {"required"},
    "information": set(),
}
_ADDRESS = re.compile(
    r"\b[\w.+-]+@[\w.-]+\b|\b(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}\b(?:/[\w./-]*)?|\b\d[\d /]{2,}\d\b"
)
_TYPED_NUMBER = re.compile(r"\b0\d{2,4}(?: ?\d{3,4}){2}\b|[\w.+-]+@[\w-]+\.\w+")


def strength_words(text: str) -> set[str]:
    """Return the families of strength words (``must``, ``should``, ``required``) that ``text`` holds.

    "Do not have to" and "need not" take a duty away and are no strength of their own.
    """
    text = _FREE.sub(" ", text)
    return {family for family, pattern in _FAMILIES.items() if pattern.search(text)}


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid US grade of ``text``, addresses and numbers counted as one short word."""
    lines = [line.strip() for line in _ADDRESS.sub("this", text).splitlines() if line.strip()]
    sentences = " ".join(line if line[-1] in ".!?:" else line + "." for line in lines)
    return float(textstat.flesch_kincaid_grade(sentences))


def not_gsm_7(text: str) -> str:
    """Return the letters of ``text`` that a GSM-7 text message cannot hold at one septet each."""
    return "".join(sorted(set(text) - GSM_7))


def check(content: Content) -> list[Problem]:
    """Return every breach of the content rules, with file and line."""
    said = [answer for answer in content.answers.values() if not answer.withdrawn]
    problems = [problem for answer in said for problem in check_answer(answer, content)]
    return problems + list(check_examples(content))


def _duties(answer: Answer, content: Content) -> Iterator[tuple[str, str]]:
    listed = answer.section in {role.section for role in content.roles.values()}
    if listed and answer.duty is None:
        yield "title", "a duty of a role needs `duty`, its words in the list of the role's duties"
    if answer.duty is not None and (not listed or strength_words(answer.duty)):
        yield "duty", "only for the duties of a role, and without must, should or required"


def check_answer(answer: Answer, content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the wordings of one answer."""
    for field_name, message in [
        *_lengths(answer),
        *_strengths(answer),
        *_readability(answer),
        *_typed(answer, content),
        *_duties(answer, content),
    ]:
        path, line = content.place(answer.id, field_name)
        yield Problem(path, line, f"{answer.id}: {field_name}: {message}")


def _lengths(answer: Answer) -> Iterator[tuple[str, str]]:
    for field_name, most in (("text", MAX_TEXT_WORDS), ("since", MAX_SINCE_WORDS)):
        words = len((getattr(answer, field_name) or "").split())
        if words > most:
            yield field_name, f"{words} words, at most {most}"
    if len(answer.short) > MAX_SHORT_CHARACTERS:
        yield "short", f"{len(answer.short)} characters, at most {MAX_SHORT_CHARACTERS}"
    if strange := not_gsm_7(answer.short):
        yield "short", f"letters that text messages cannot hold: {strange!r}"


def _strengths(answer: Answer) -> Iterator[tuple[str, str]]:
    own = _ALLOWED[answer.strength]
    allowed = own.union(*(_ALLOWED[also.strength] for also in answer.also))
    for field_name in ("title", "text", "short", "easy_read"):
        found = strength_words(getattr(answer, field_name))
        for family in sorted(found - allowed):
            yield (
                field_name,
                f"says {family!r}, but the strength is {answer.strength!r} (see `also` in docs/content.md)",
            )
        if own and field_name != "title" and not found & own:
            yield field_name, f"never says {answer.strength!r}"


def _readability(answer: Answer) -> Iterator[tuple[str, str]]:
    if answer.id in HARD_TO_READ:
        return
    limits = (
        ("text", MAX_TEXT_GRADE),
        ("since", MAX_TEXT_GRADE),
        ("short", MAX_TEXT_GRADE),
        ("easy_read", MAX_EASY_READ_GRADE),
    )
    for field_name, most in limits:
        text = getattr(answer, field_name)
        if text and (grade := reading_grade(text)) > most:
            yield field_name, f"reads at US grade {grade:.1f}, at most {most:.0f}"


def _typed(answer: Answer, content: Content) -> Iterator[tuple[str, str]]:
    known = {detail.shown for contact in content.contacts.values() for detail in contact.details.values()}
    for field_name in ("since", "text", "short", "easy_read"):
        for match in _TYPED_NUMBER.finditer(getattr(answer, field_name) or ""):
            if not any(match.group() in value for value in known):
                yield field_name, f"{match.group()!r} is not in contacts.yml; write {{contact.phone}} instead"


def sentence_keys(text: str) -> list[frozenset[str]]:
    """Return the words of ``text``, then those words with each one left out in turn.

    Two sentences of five words and more that share a key are the same with one word changed, added
    or left out. Shorter ones share words by necessity and have one key only.
    """
    words = frozenset(re.findall(r"[a-z0-9£]+", text.lower().replace("'", "").replace("’", "")))
    if len(words) < SHORT_SENTENCE_WORDS:
        return [words]
    return [words, *(words - {word} for word in sorted(words))]


def check_examples(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the ways of asking: too few of them, or two that are nearly the same."""
    sentences: dict[frozenset[str], str] = {}
    for answer_id, examples in content.examples.items():
        if examples and len(examples) < MIN_EXAMPLES:
            first = examples[0]
            yield Problem(
                first.path, first.line, f"{answer_id}: {len(examples)} examples, at least {MIN_EXAMPLES}"
            )
        own: dict[frozenset[str], str] = {}
        for example in examples:
            words, *others = sentence_keys(example.text)
            if words in sentences:
                message = f"{answer_id}: {example.text!r} stands already, as {sentences[words]}"
                yield Problem(example.path, example.line, message)
            elif twin := next((own[key] for key in (words, *others) if key in own), None):
                message = f"{answer_id}: {example.text!r} is one word away from {twin!r}"
                yield Problem(example.path, example.line, message)
            sentences[words] = f"{example.text!r} of {answer_id}"
            own.update(dict.fromkeys((words, *others), example.text))
