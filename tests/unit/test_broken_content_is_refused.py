"""An editor who makes a slip is told the file, the line and what is wrong."""

import shutil
from pathlib import Path

import pytest

from send_guide.content import ContentError, load_content
from send_guide.content.checks import check
from send_guide.content.loader import read_content
from tests.conftest import ROOT


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small copy of the content: one section and what it points to."""
    for folder in ("answers", "nlu"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "data" / "contacts.yml", tmp_path)
    (tmp_path / "council.yml").write_text(COUNCIL)
    for name, nothing in (("languages", "{}"), ("topics", "[]")):
        (tmp_path / f"{name}.yml").write_text(f"{name}: {nothing}\n")
    (tmp_path / "triage.yml").write_text("time_limits: {}\n")
    for name in ("texts.yml", "text-words.yml", "words.yml"):
        shutil.copy(ROOT / "data" / name, tmp_path)
    (tmp_path / "urgent-words.yml").write_text("urgent.help-now:\n  - hit me\n")
    (tmp_path / "facts.yml").write_text("phase:\n  primary:\n    - YEAR [1-6]\nwords:\n  YEAR: year|yr\n")
    (tmp_path / "roles.yml").write_text(ROLES)
    (tmp_path / "answers" / "senco.yml").write_text(ANSWER)
    (tmp_path / "answers" / "urgent.yml").write_text(URGENT)
    (tmp_path / "nlu" / "senco.yml").write_text(EXAMPLES)
    (tmp_path / "nlu" / "urgent.yml").write_text(
        EXAMPLES.replace("senco.parents", "urgent.help-now").replace("question", "danger")
    )
    return tmp_path


ROLES = """\
roles:
  senco: {name: the SENCO, section: senco, checked_by: [senco.parents], reach: senco.parents}
"""
COUNCIL = """\
council:
  {name: Wexcombe Council, place: Wexcombe, offer: Wexcombe Offer, advice: iass, speak_to: [senco.parents],
   turn_to: "See {iass.web}.", withdrawn: "Not now. See {iass.web}.", ready_question: who talks to me, places: []}
"""
ANSWER = """\
answers:
  senco.parents:
    title: Should the SENCO talk to me?
    about: [senco]
    strength: should
    source: {offer: SENCOs should, point: 6}
    text: The offer says the SENCO should stay in touch with parents. See {iass.web}.
    short: The SENCO should stay in touch with you.
    easy_read: The SENCO should talk to you.
    contacts: [iass]
    related: [senco.parents]
    review: 2027-05-23
    duty: keep in touch with parents
"""
URGENT = """\
answers:
  urgent.help-now:
    title: Help now
    strength: information
    source: {guide: Wexcombe}
    evidence: {checked: 2026-11-28, confidence: high}
    text: Ring 999 now.
    short: Ring 999 now.
    easy_read: Ring 999 now.
    review: 2027-05-23
"""
EXAMPLES = (
    'version: "3.1"\nnlu:\n- intent: ask/senco.parents\n  examples: |\n'
    + "".join(f"    - question {word}\n" for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
)  # fmt: skip


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def complaints(data: Path) -> str:
    with pytest.raises(ContentError) as error:
        load_content(data)
    return str(error.value)


def test_the_small_copy_is_fine(data: Path) -> None:
    content = load_content(data)
    assert check(content) == []
    assert "bromleyiass.org.uk" in content.answers["senco.parents"].text


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("answers", "    title: Should the SENCO talk to me?\n", "", "senco.yml:3: answer 'senco.parents': title: Field required"),
        ("answers", "strength: should", "strength: maybe", "senco.yml:5: answer 'senco.parents': strength: Input should be 'must'"),
        ("answers", "{offer: SENCOs should, point: 6}", "{law: an act}", "evidence is missing"),
        ("answers", "{offer: SENCOs should, point: 6}", "{offer: a, law: b}", "senco.yml:6: answer 'senco.parents': source: give exactly one of offer, law or guide"),
        ("answers", "related: [senco.parents]", "related: [senco.nobody]", "senco.yml:11: senco.parents: related names 'senco.nobody', which does not exist"),
        ("answers", "contacts: [iass]", "contacts: [aunt]", "senco.yml:10: senco.parents: contacts names 'aunt'"),
        ("answers", "about: [senco]", "about: [caretaker]", "senco.yml:4: senco.parents: about names 'caretaker'"),
        ("answers", "{iass.web}", "{iass.fax}", "senco.yml:7: senco.parents: no {iass.fax} in contacts.yml"),
        ("answers", "{iass.web}", "{iass.phone}", "senco.yml:7: senco.parents: {iass.phone} is not confirmed"),
        ("answers", "    strength: should", "    strenght: should", "strenght: Extra inputs are not permitted"),
        ("answers", "title: Should", "title: [Should", "not valid YAML"),
        ("nlu", "ask/senco.parents", "ask/senco.nobody", "senco.yml:3: examples for 'senco.nobody', which has no answer"),
        ("nlu", "ask/senco.parents", "greet", "senco.yml:2: answer 'senco.parents' has no example of how people ask"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_file_and_line(data: Path, file: str, old: str, new: str, message: str) -> None:
    change(data / file / "senco.yml", old, new)
    assert message in complaints(data)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("urgent-words.yml", "urgent.help-now", "urgent.help-mow", "urgent-words.yml:1: 'urgent.help-mow' is no urgent answer"),
        ("urgent-words.yml", "hit me", "hit (me", "urgent-words.yml:2: 'hit (me' is no regular expression"),
        ("urgent-words.yml", "- hit me", "hit me", "urgent-words.yml:2: give a list"),
        ("urgent-words.yml", "hit me", "(hit me)?", "fits an empty message, and so every one"),
        ("facts.yml", "YEAR [1-6]", "YEAR [1-6", "facts.yml:3: '(?:year|yr) [1-6' is no regular expression"),
        ("text-words.yml", "  menu:\n", "  manu:\n", "'manu' is no command of text messages"),
        ("text-words.yml", "  menu:\n", "  manu:\n", "nothing asks for 'menu'"),
        ("text-words.yml", "|revoke|", "|", "'revoke' stops messages at the provider and stands not under 'stop'"),
        ("text-words.yml", "- s t o p", "- s t (o p", "'s t (o p' is no regular expression"),
        ("words.yml", "needs in {council.place}", "needs in {aunt.phone}", "greet: no {aunt.phone} in contacts.yml"),
        ("words.yml", "  greet:\n    text", "  greet:\n    txet", "words 'greet': text: Field required"),
    ],
)  # fmt: skip
def test_a_slip_in_the_words_that_are_looked_for_never_meets_a_message(
    data: Path, file: str, old: str, new: str, message: str
) -> None:
    change(data / file, old, new)
    assert message in complaints(data)


@pytest.mark.parametrize(("file", "line"), [("answers", 7), ("nlu", 9)])
@pytest.mark.parametrize("unseen", ["\x02", "\x08", "\x7f"])
def test_a_character_that_cannot_be_seen_is_named_with_file_and_line(
    data: Path, file: str, line: int, unseen: str
) -> None:
    old = "stay in touch with parents" if file == "answers" else "question five"
    change(data / file / "senco.yml", old, old.replace("s", f"s{unseen}", 1))
    said = f"senco.yml:{line}: holds a character that cannot be seen (U+{ord(unseen):04X})"
    assert said in complaints(data)


def test_an_answer_that_stands_twice_is_refused(data: Path) -> None:
    path = data / "answers" / "senco.yml"
    path.write_text(path.read_text() + ANSWER.removeprefix("answers:\n"))
    assert "senco.yml:14: answer 'senco.parents' stands twice, first in" in complaints(data)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "The offer says the SENCO should",
            "The SENCO must",
            "text: says 'must', but the strength is 'should'",
        ),
        ("should stay in touch with you.", "is in touch.", "short: never says 'should'"),
        ("stay in touch with you.", "stay in touch with you" + " again" * 60, "short: "),
        ("stay in touch with you.", "stay in touch – always.", "letters that text messages cannot hold: '–'"),
        ("See {iass.web}.", "Ring 020 8313 4444.", "'020 8313 4444' is not in contacts.yml"),
        ("See {iass.web}.", "word " * 90, "words, at most 90"),
        (
            "should talk to you",
            "should facilitate collaborative communication",
            "easy_read: reads at US grade",
        ),
    ],
)
def test_a_breach_of_the_writing_rules_is_named(data: Path, old: str, new: str, message: str) -> None:
    change(data / "answers" / "senco.yml", old, new)
    assert message in "\n".join(str(problem) for problem in check(load_content(data)))


@pytest.mark.parametrize(
    "typed",
    [
        "020 8461 7654", "01325-289350", "(01325) 289350", "+44 20 8461 7654", "+44 (0)20 8461 7654",
        "(020) 8461 7654", "0800 2222", "07700\u00a0900123", "www.bromley.gov.uk/iass", "https://example.com/a?b=c",
        "advice.bromley.gov.uk", "help@bromley.gov.uk",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["title", "since", "text", "short", "easy_read"])
def test_a_number_or_address_that_is_typed_is_refused_wherever_it_stands(
    data: Path, field: str, typed: str
) -> None:
    path = data / "answers" / "senco.yml"
    if field == "since":
        since = f"It is now {typed}."
        change(
            path,
            "    contacts:",
            f"    since: {since}\n    evidence: {{checked: 2026-11-23, confidence: high}}\n    contacts:",
        )
    else:
        line = next(line for line in path.read_text().splitlines() if line.startswith(f"    {field}: "))
        change(path, line, f"{line} {typed}")
    found = [str(problem) for problem in check(load_content(data))]
    assert [
        problem for problem in found if f"senco.parents: {field}: {typed!r} is not in contacts.yml" in problem
    ]


@pytest.mark.parametrize(
    "words", ["in 2014 and 2026-11-24", "£6,000 for 0 to 25", "GOV.UK says so", "of 01.09.2024, see"]
)
def test_years_sums_and_names_are_no_numbers_or_addresses(data: Path, words: str) -> None:
    change(data / "answers" / "senco.yml", "See {iass.web}.", f"See {{iass.web}}. It is {words}.")
    assert check(load_content(data)) == []


def test_too_few_examples_and_repeated_ones_are_named(data: Path) -> None:
    change(data / "nlu" / "senco.yml", "    - question twelve\n", "")
    change(data / "nlu" / "senco.yml", "question eleven", "Question TEN?")
    found = "\n".join(str(problem) for problem in check(load_content(data)))
    assert "senco.yml:5: senco.parents: 11 examples, at least 12" in found
    assert (
        "senco.yml:15: senco.parents: 'Question TEN?' stands already, as 'question ten' of senco.parents"
        in found
    )


STEP = """\
steps:
  talk:
    title: Talk to somebody
    do: Ask for a talk.
    who: the teacher
    say: what is hard
    keep: a note
    expect: a talk in two weeks
    says:
      text: The offer says you must talk first.
      strength: must
      source: {offer: a}
    next: The next one.
    short: "Ask for a talk. Help: {iass.web}"
    easy_read: Ask for a talk.
    contacts: [iass]
    end: true
    review: 2027-05-23
questions:
  topic:
    ask: What is it about?
    options:
      support: {title: Help, told: help}
routes:
  one:
    when: {topic: [support]}
    way: [talk]
"""
LETTER = """\
letters:
  note:
    title: A note
    words: [note]
    cites: [{strength: must, why: the law}]
    evidence: {checked: 2026-11-23, confidence: high}
    text: "You must help. {{ who }}"
    review: 2027-05-23
"""


@pytest.fixture
def path(data: Path) -> Path:
    for folder, text in (("path", STEP), ("letters", LETTER)):
        (data / folder).mkdir()
        (data / folder / "all.yml").write_text(text)
    return data


def test_the_small_path_is_fine(path: Path) -> None:
    assert check(load_content(path)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("path", "    who: the teacher\n", "", "all.yml:3: steps/talk: who: Field required"),
        ("path", "way: [talk]", "way: [walk]", "routes/one: way names 'walk', which does not exist"),
        ("path", "way: [talk]", 'way: ["?age", talk]', "routes/one: way names 'age', which does not exist"),
        ("path", "{topic: [support]}", "{topic: [money]}", "routes/one: when names 'money', which does not exist"),
        ("path", "contacts: [iass]", "contacts: [nobody]", "steps/talk: contacts names 'nobody', which does not exist"),
        ("path", "{iass.web}", "{iass.fax}", "no {iass.fax} in contacts.yml"),
        ("path", "source: {offer: a}", "source: {law: an act}", "evidence is missing"),
        ("letters", "{{ who }}", "{% if who %}", "of the template"),
        ("letters", "title: A note", "titel: A note", "letters/note: titel: Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_broken_path_is_refused(path: Path, file: str, old: str, new: str, message: str) -> None:
    change(path / file / "all.yml", old, new)
    assert message in complaints(path)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("path", "do: Ask for a talk.", "do: You must ask for a talk.", "what somebody has to do stands in `says`"),
        ("path", "you must talk first", "you should talk first", "says 'should', but the strength is 'must'"),
        ("path", "Help: {iass.web}", "Help.", "does not say where free help is"),
        ("path", "a note", "a note " + "word " * 120, "at most 120"),
        ("path", "    end: true\n", "", "the last step, and no other, has `end`"),
        ("path", "{title: Help, told: help}", "{title: Help, told: help}\n      money: {title: Money, told: money}", "fits no route, not one route"),
        ("path", "who: the teacher", "who: ring 020 8313 4444", "is not in contacts.yml"),
        ("letters", "You must help.", "You should help.", "says 'should', which `cites` does not explain"),
    ],
)  # fmt: skip
def test_a_breach_of_the_path_rules_is_named(path: Path, file: str, old: str, new: str, message: str) -> None:
    change(path / file / "all.yml", old, new)
    problems = check(load_content(path))
    assert any(message in str(problem) for problem in problems), [str(problem) for problem in problems]


def test_a_question_of_the_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    change(tmp_path / "data" / "path" / "questions.yml", "ask: What is it about?", "asks: What is it about?")
    content, problems = read_content(tmp_path / "data")
    assert any("questions.yml:7: questions/topic: asks" in str(problem) for problem in problems), problems
    assert isinstance(check(content), list)  # the rest is looked at all the same
