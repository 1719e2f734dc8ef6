"""What people find by themselves: everything is found, and each wording has an address."""

import dataclasses
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qsl, urlsplit

import pytest

from send_guide.channels.web.public_pages import address, by_letter
from send_guide.content import Content, load_content
from send_guide.content.checks import check
from send_guide.content.schema import Answer, When, Withdrawn
from send_guide.content.wording import in_situation
from tests.unit.test_broken_content_is_refused import complaints, data  # noqa: F401 - a fixture

SITUATIONS = """\
situations:
  not-kept-in-touch:
    title: Nobody talks to me
    says: What you can ask for.
    answers: [senco.parents]
a_to_z:
  Talking: [senco.parents]
"""


def found(content: Content) -> dict[str, list[Answer]]:
    """Answers by the word of the A to Z that they stand under."""
    return {term.word: list(term.answers) for _, terms in by_letter(content) for term in terms}


def test_every_answer_stands_in_the_a_to_z(content: Content) -> None:
    listed = {answer.id for answers in found(content).values() for answer in answers}
    assert listed == content.answers.keys()


def test_letters_and_words_are_in_order(content: Content) -> None:
    letters = [letter for letter, _ in by_letter(content)]
    assert letters == sorted(set(letters))
    for letter, terms in by_letter(content):
        words = [term.word for term in terms]
        assert words == sorted(words, key=str.casefold)
        assert all(word.upper().startswith(letter) for word in words)


def test_what_no_word_leads_to_stands_under_its_title(content: Content) -> None:
    without = dataclasses.replace(content, a_to_z={})
    answer = content.answers["school-life.bullying"]
    assert found(without)[answer.title] == [answer]
    assert len(found(without)) == len(content.answers)


def test_what_is_withdrawn_is_not_listed(content: Content) -> None:
    withdrawn = Withdrawn(since="2026-11-25", reason="x")  # type: ignore[arg-type]
    gone = content.answers["school-life.bullying"].model_copy(update={"withdrawn": withdrawn})
    answers = content.answers | {gone.id: gone}
    assert "Bullying" not in found(dataclasses.replace(content, answers=answers))


def test_every_wording_of_an_answer_has_an_address_that_leads_to_it(content: Content) -> None:
    for answer in content.answers.values():
        assert address(answer) == f"/guide/answers/{answer.id}"
        for variant in answer.variants:
            said = answer.as_in(variant)
            known = dict(parse_qsl(urlsplit(address(said)).query))
            assert answer.for_person(known).text == said.text, address(said)


def test_every_situation_is_put_in_words() -> None:
    for name, field in When.model_fields.items():
        for value in get_args(get_args(field.annotation)[0]):
            assert in_situation(When.model_validate({name: [value]})).startswith("If ")
    both = When(setting=("nursery", "childminder"), who=("parent",))
    assert in_situation(both) == "If it is a nursery or it is a childminder and you are a parent or carer"


def test_a_council_can_do_without(data: Path) -> None:  # noqa: F811
    content = load_content(data)
    assert content.topic_pages == {}
    assert found(content).keys() == {answer.title for answer in content.answers.values()}


def test_what_is_written_for_them_is_loaded(data: Path) -> None:  # noqa: F811
    (data / "situations.yml").write_text(SITUATIONS)
    content = load_content(data)
    assert check(content) == []
    assert content.topic_pages["not-kept-in-touch"].answers == ("senco.parents",)
    assert content.a_to_z == {"Talking": ("senco.parents",)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("answers: [senco.parents]", "answers: [senco.nobody]", "situations.yml:5: situations/not-kept-in-touch: answers names 'senco.nobody'"),
        ("answers: [senco.parents]", "answers: []", "situations.yml:5: situation 'not-kept-in-touch': answers: Tuple should have at least 1 item"),
        ("answers: [senco.parents]", "answers: [senco.parents]\n    letters: [none]", "situations.yml:6: situations/not-kept-in-touch: letters names 'none'"),
        ("says: What", "sais: What", "situation 'not-kept-in-touch': sais: Extra inputs are not permitted"),
        ("not-kept-in-touch", "Not kept", "situations.yml:3: situation 'Not kept': key: String should match pattern"),
        ("Talking: [senco.parents]", "Talking: [senco.nobody]", "situations.yml:7: a_to_z/Talking: answers names 'senco.nobody'"),
        ("Talking: [senco.parents]", "Talking: [senco.parents]\n  Talking: [senco.parents]", "situations.yml:8: a_to_z 'Talking' stands twice"),
        ("a_to_z:", "  not-kept-in-touch: {title: x, says: x, answers: [senco.parents]}\na_to_z:", "situations.yml:6: situation 'not-kept-in-touch' stands twice"),
        ("Talking: [senco.parents]", "Talking: []", "situations.yml:7: a_to_z 'Talking': give a list of answers"),
        ("Talking: [senco.parents]", "1 talk: [senco.parents]", "situations.yml:7: a_to_z '1 talk': begins with no letter"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_file_and_line(data: Path, old: str, new: str, message: str) -> None:  # noqa: F811
    (data / "situations.yml").write_text(SITUATIONS.replace(old, new))
    assert message in complaints(data)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("What you can ask for.", "What the school must do.", "says: says ['must']"),
        ("What you can ask for.", "Ring 020 7946 0000.", "says: '020 7946 0000': leave it out"),
        ("What you can ask for.", "Prerequisites characterising multidisciplinary accountability.", "says: reads at US grade"),
        ("[senco.parents]\na_to", "[senco.parents, senco.parents]\na_to", "'senco.parents' stands twice"),
    ],
)  # fmt: skip
def test_a_breach_of_the_rules_is_named(data: Path, old: str, new: str, message: str) -> None:  # noqa: F811
    (data / "situations.yml").write_text(SITUATIONS.replace(old, new))
    problems = [str(problem) for problem in check(load_content(data))]
    assert any("situations.yml:" in problem and message in problem for problem in problems), problems
