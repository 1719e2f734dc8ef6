"""Loads answers, contacts, the guided path, letters and the examples of ``data/nlu`` as one whole."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from send_guide.content.files import ContentError, Problem, SourceFile, to_python
from send_guide.content.path_schema import Entry, LetterTemplate, Question, Route, Step
from send_guide.content.patterns import Facts, UrgentWords, fact_words, urgent_words
from send_guide.content.schema import (
    URGENT,
    Answer,
    Contact,
    Council,
    MenuItem,
    Prompt,
    Role,
    TopicPage,
    Triage,
    UsualFollowUp,
    Words,
)
from send_guide.content.text_words import TextWords, text_words

ASK = "ask/"
"""Intents that ask for an answer are called ``ask/<id>``, as Rasa's retrieval intents are."""

SHORT_TURNS = "short-turns.yml"
"""The file of ``nlu`` whose examples are whole messages, taken word for word."""

Model = TypeVar("Model", bound=BaseModel)
Made = TypeVar("Made")


def whole_message(text: str) -> str:
    """Return a short message as :attr:`Content.short_turns` knows it: small letters, no punctuation around.

    "OK!!" and "ok" are one message; "?" stays what it is.
    """
    plain = " ".join(text.lower().replace("’", "").replace("'", "").split())
    return plain.strip(" .,!?;:-") or plain[:1]


_PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)\.([a-z0-9-]+)\}")
_WORDINGS = frozenset({"since", "lead", "points", "say", "text", "short", "easy_read"})
"""Fields of an answer, and of its variants, whose placeholders are filled in."""


@dataclass(frozen=True)
class Example:
    """One way of asking and the line on which it stands."""

    text: str
    path: Path
    line: int


@dataclass(frozen=True)
class Story:
    """A message that tells what happened, and where it stands.

    Attributes:
        text: the message.
        also: other answers that would be right for it.
    """

    text: str
    also: tuple[str, ...]
    path: Path
    line: int


NEXT = "next"
"""Stands for what to do next of the answer before, where a follow-up leads to that."""


@dataclass(frozen=True)
class FollowUpExample:
    """What somebody types after an answer, and where it leads.

    Attributes:
        says: what is typed.
        then: the id of the answer that it goes on to; None where it asks for a part of the answer before.
        here: that part: 0 is the lead, 1 the first point and so on, "next" what to do next.
    """

    says: str
    then: str | None
    here: int | str | None


@dataclass
class Content:
    """Everything that can be said, found by id.

    Attributes:
        answers: every answer by id, contact placeholders filled in.
        contacts: every contact by key.
        council: who the guide speaks for.
        roles: everybody who carries duties, by key.
        languages: what people hear who write in another language, by its ISO 639-1 code.
        topics: what the sections are called where answers are browsed, in order.
        prompts: what an adviser may ask the caller, in the order of the file.
        texts: the fixed words of text messages, by name.
        text_words: what a text message can mean for the medium: STOP, MENU, the reply of a machine.
        menu: what MENU offers in text messages.
        triage: what is done with a story where no answer is sure.
        start_here: what people most often come with, in the order in which it is shown.
        topic_pages: the situations that people find by themselves, by the end of their page's address.
        a_to_z: answers by the words that people look for.
        short_turns: the intent of a whole message, by its words in small letters (``nlu/short-turns.yml``).
        words: words of the guide's own, by name: greetings, what it says when it is not sure.
        urgent_words: words of danger, a pattern by the id of the urgent answer.
        possible_words: words of danger that is only possible, in the same way.
        fact_words: what people tell of themselves, (value, pattern) by fact.
        examples: the ways of asking, by answer id.
        follow_ups: what people type after an answer, by its id.
        usual_follow_ups: what people ask after many answers, by its key.
        stories: messages that tell what happened, by the id of the answer that comes first.
        clear_danger: messages of people in danger, by the id of the urgent answer.
        possible_danger: messages of people who may be, in the same way.
        steps: the steps of the guided path, by id.
        questions: what decides the next step, by key, in the order of asking.
        routes: the way for each kind of situation.
        entries: what is known of somebody who begins the path from an answer, by the answer's id.
        letters: the templates of letters, by id.
        places: where each answer stands, by id; of the rest, by "steps/<id>" and so on.
        folder: the folder that all of it comes from.
        made: what has been made of it, by what makes it; it goes when the content goes.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    council: Council = field(init=False)
    roles: dict[str, Role] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    prompts: list[Prompt] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    text_words: TextWords = field(default_factory=TextWords)
    menu: list[MenuItem] = field(default_factory=list)
    triage: Triage = field(default_factory=Triage)
    start_here: list[MenuItem] = field(default_factory=list)
    topic_pages: dict[str, TopicPage] = field(default_factory=dict)
    a_to_z: dict[str, tuple[str, ...]] = field(default_factory=dict)
    short_turns: dict[str, str] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    urgent_words: UrgentWords = field(default_factory=dict)
    possible_words: UrgentWords = field(default_factory=dict)
    fact_words: Facts = field(default_factory=dict)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    stories: dict[str, list[Story]] = field(default_factory=dict)
    follow_ups: dict[str, list[FollowUpExample]] = field(default_factory=dict)
    usual_follow_ups: dict[str, UsualFollowUp] = field(default_factory=dict)
    clear_danger: dict[str, list[Story]] = field(default_factory=dict)
    possible_danger: dict[str, list[Story]] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    letters: dict[str, LetterTemplate] = field(default_factory=dict)
    places: dict[str, tuple[SourceFile, yaml.Node, int]] = field(default_factory=dict)
    folder: Path = Path()
    made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def duties_of(self, role: str) -> list[Answer]:
        """Return what ``role`` has to do as the offer lists it: the musts, then the shoulds; nothing that
        is withdrawn.
        """
        order = {"must": 0, "is-required-to": 1, "should": 2, "information": 3}
        section = self.roles[role].section
        duties = [
            answer for answer in self.answers.values() if answer.section == section and not answer.withdrawn
        ]
        return sorted(duties, key=lambda answer: order[answer.strength])

    def place(self, answer_id: str, field_name: str = "") -> tuple[Path, int]:
        """Return file and line of an answer, or of one of its fields."""
        file, node, line = self.places[answer_id]
        return file.path, file.line_of(node, (field_name,)) if field_name else line


def project_directory() -> Path:
    """Return the folder of Rasa's files and the actions: the checkout, or what the wheel holds of it."""
    package = Path(__file__).parents[1]
    packaged = package / "project"  # hatch_build.py puts it there
    return packaged if packaged.is_dir() else package.parent


def installed_data() -> Path:
    """Return the folder of what was installed: ``SEND_GUIDE_DATA``, or ``data`` of the project."""
    return Path(os.environ.get("SEND_GUIDE_DATA", project_directory() / "data"))


def data_directory() -> Path:
    """Return the folder of the content: that of what is in hand, else :func:`installed_data`."""
    held = _IN_HAND.get()
    return held.folder if held else installed_data()


_IN_HAND: ContextVar[Content | None] = ContextVar("content in hand", default=None)


def take_in_hand(content: Content) -> None:
    """Have :func:`get_content` return ``content`` to the end of this context: a request and all its tasks.

    A newer content may come into service meanwhile; what has begun ends with what it began with.
    """
    _IN_HAND.set(content)


def get_content() -> Content:
    """Return the content that is in hand, else that of :func:`installed_data`, loaded once a process."""
    return _IN_HAND.get() or _installed_content()


@functools.cache
def _installed_content() -> Content:
    return load_content(installed_data())


def of_content(make: Callable[[], Made]) -> Callable[[], Made]:
    """Make something of :func:`get_content` once for each content; it goes when the content goes."""

    @functools.wraps(make)
    def made() -> Made:
        kept = get_content().made
        if make not in kept:
            kept[make] = make()
        found: Made = kept[make]
        return found

    return made


def load_content(data: Path) -> Content:
    """Load and validate everything below ``data``.

    Args:
        data: the folder that holds ``answers/``, ``nlu/``, ``path/``, ``letters/``, ``contacts.yml`` and
            ``council.yml``.

    Raises:
        ContentError: with every problem found, each with file and line.
    """
    content, problems = read_content(data)
    if problems:
        raise ContentError(problems)
    return content


def read_content(data: Path, *, as_written: bool = False) -> tuple[Content, list[Problem]]:
    """Return what could be loaded from ``data``, and what is wrong with the rest.

    Args:
        data: the folder.
        as_written: whether answers that are withdrawn have the words of their file, as if they were not.
    """
    problems: list[Problem] = []
    content = Content(folder=data)
    _load_contacts(data / "contacts.yml", content, problems)
    if not _load_council(data / "council.yml", content, problems):
        return content, problems  # the rest cannot be filled in
    _load_roles(data / "roles.yml", content, problems)
    _load_languages(data / "languages.yml", content, problems)
    _load_texts(data / "texts.yml", content, problems)
    _load_words(data / "words.yml", content, problems)
    for path in sorted((data / "answers").glob("*.yml")):
        _load_answers(path, content, problems)
    for answer in [answer for answer in content.answers.values() if answer.withdrawn]:
        _check_withdrawn(answer, content, problems)
        content.answers[answer.id] = (
            answer.model_copy(update={"withdrawn": None}) if as_written else _switched_off(answer, content)
        )
    for folder, load in _FOLDERS.items():
        for path in sorted((data / folder).glob("*.yml")):
            load(path, content, problems)
    _load_usual_follow_ups(data / "usual-follow-ups.yml", content, problems)
    _load_told(data, content, problems)
    _load_patterns(data, content, problems)
    _load_start_here(data / "topics.yml", content, problems)
    _load_triage(data / "triage.yml", content, problems)
    _load_topic_pages(data / "situations.yml", content, problems)
    problems += _references(content)
    _load_prompts(data / "helpline.yml", content, problems)
    return content, problems


def _load_contacts(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, key, node, line in _top_entries(path, "contacts", problems):
        if key in content.contacts:
            problems.append(Problem(path, line, f"contact {key!r} stands twice"))
            continue
        raw = to_python(node)
        if isinstance(raw, dict):
            shape = {name: raw.pop(name) for name in ("name", "helps_with", "hours") if name in raw}
            raw = {"key": key, **shape, "details": raw}
        contact = _validated(Contact, raw, file, node, f"contact {key!r}", problems)
        if contact is not None:
            content.contacts[key] = contact
            content.places[f"contacts/{key}"] = (file, node, line)


def _load_council(path: Path, content: Content, problems: list[Problem]) -> bool:
    """Load the council; return whether that could be done."""
    file = _read(path, problems)
    node = file.under("council") if file else None
    if file is None or node is None:
        problems.append(Problem(path, 1, "the file holds no 'council'"))
        return False
    raw = to_python(node)
    for name in ("turn_to", "withdrawn"):
        if isinstance(raw, dict) and isinstance(raw.get(name), str):
            at = Problem(path, file.line_of(node, (name,)), "council")
            raw[name] = _filled(raw[name], content, at, problems)
    council = _validated(Council, raw, file, node, "council", problems)
    if council is None:
        return False
    content.council = council
    content.places["council"] = (file, node, node.start_mark.line + 1)
    return True


def _load_roles(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, key, node, _ in _top_entries(path, "roles", problems):
        role = _validated(Role, {"key": key, **to_python(node)}, file, node, f"role {key!r}", problems)
        if role is not None:
            content.roles[key] = role
            content.places[f"roles/{key}"] = (file, node, node.start_mark.line + 1)


def _load_languages(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, code, node, line in _top_entries(path, "languages", problems):
        content.places[f"languages/{code}"] = (file, node, line)
        content.languages[code] = _filled(str(to_python(node)), content, Problem(path, line, code), problems)


def _load_prompts(path: Path, content: Content, problems: list[Problem]) -> None:
    if not path.exists():  # a council without a helpline has none
        return
    topics = [(key, node) for _, key, node, _ in _top_entries(path, "topics", problems)]
    content.topics |= {key: str(to_python(node)) for key, node in topics}
    for file, key, node, line in _top_entries(path, "prompts", problems):
        prompt = _validated(Prompt, to_python(node), file, node, f"prompt {key!r}", problems)
        if prompt is None:
            continue
        content.prompts.append(prompt)
        for unknown in sorted(prompt.answer_ids - set(content.answers)):
            problems.append(Problem(path, line, f"prompt {key!r} names {unknown!r}, which does not exist"))


def _load_texts(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, name, node, line in _top_entries(path, "texts", problems):
        words = str(to_python(node)).strip()
        content.texts[name] = _filled(words, content, Problem(path, line, name), problems)
        content.places[f"texts/{name}"] = (file, node, line)
    content.menu = _menu(path, "menu", problems) or []


def _load_patterns(data: Path, content: Content, problems: list[Problem]) -> None:
    """Compile the words of danger, of facts and of text messages."""
    if file := _read(data / "urgent-words.yml", problems):
        content.urgent_words, content.possible_words = urgent_words(file, content.answers, problems)
    if file := _read(data / "facts.yml", problems):
        options = {key: frozenset(question.options) for key, question in content.questions.items()}
        content.fact_words = fact_words(file, options, problems)
    if file := _read(data / "text-words.yml", problems):
        content.text_words = text_words(file, problems)


def _load_start_here(path: Path, content: Content, problems: list[Problem]) -> None:
    topics = _menu(path, "topics", problems)
    if topics is None:
        problems.append(Problem(path, 1, "the file holds no list of 'topics'"))
        return
    content.start_here = topics


def _menu(path: Path, key: str, problems: list[Problem]) -> list[MenuItem] | None:
    """Return what can be picked from a list of a file; None where the file has no such list."""
    file = _read(path, problems)
    items = file.under(key) if file else None
    if file is None or not isinstance(items, yaml.SequenceNode):
        return None
    found = [_validated(MenuItem, to_python(item), file, item, key, problems) for item in items.value]
    return [item for item in found if item is not None]


def _load_topic_pages(path: Path, content: Content, problems: list[Problem]) -> None:
    """Load what people find by themselves; a council that has none lists its answers by their titles."""
    file = _read(path, problems) if path.exists() else None
    if file is None:
        return
    for key, node, line in file.entries(file.under("situations")):
        raw = to_python(node)
        raw = {"key": key, **raw} if isinstance(raw, dict) else raw
        if key in content.topic_pages:
            problems.append(Problem(path, line, f"situation {key!r} stands twice"))
        found = _validated(TopicPage, raw, file, node, f"situation {key!r}", problems)
        content.places[f"situations/{key}"] = (file, node, line)
        if found is not None:
            content.topic_pages[key] = found
    for word, node, line in file.entries(file.under("a_to_z")):
        raw = to_python(node)
        content.places[f"a_to_z/{word}"] = (file, node, line)
        if word in content.a_to_z:
            problems.append(Problem(path, line, f"a_to_z {word!r} stands twice"))
        elif not isinstance(raw, list) or not raw:
            problems.append(Problem(path, line, f"a_to_z {word!r}: give a list of answers"))
        elif not word[:1].isalpha():
            problems.append(Problem(path, line, f"a_to_z {word!r}: begins with no letter"))
        else:
            content.a_to_z[word] = tuple(map(str, raw))


def _load_triage(path: Path, content: Content, problems: list[Problem]) -> None:
    file = _read(path, problems)
    found = _validated(Triage, to_python(file.root), file, file.root, "triage", problems) if file else None
    if found is None:
        return
    content.triage = found
    named = [key for one in found.deciding for side in one.options.values() for key in side.answers]
    for unknown in sorted({*named, *found.sounds_like, *found.time_limits.values()} - set(content.answers)):
        problems.append(Problem(path, 1, f"triage names {unknown!r}, which does not exist"))


def _load_words(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, name, node, line in _top_entries(path, "words", problems):
        raw = to_python(node)
        if isinstance(raw, dict):
            at = Problem(path, line, name)
            raw = {key: _filled(str(value), content, at, problems) for key, value in raw.items()}
        words = _validated(Words, raw, file, node, f"words {name!r}", problems)
        if words is not None:
            content.words[name] = words
            content.places[f"words/{name}"] = (file, node, line)


def _load_answers(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, answer_id, node, line in _top_entries(path, "answers", problems):
        if answer_id in content.answers:
            other, other_line = content.place(answer_id)
            problems.append(
                Problem(path, line, f"answer {answer_id!r} stands twice, first in {other}:{other_line}")
            )
            continue
        raw = to_python(node)
        if isinstance(raw, dict):
            raw = {"id": answer_id, **raw}
            _name_the_offer(raw, content)
            for name, value in raw.items():
                at = Problem(path, file.line_of(node, (name,)), answer_id)
                raw[name] = _filled_in(name, value, content, at, problems)
        answer = _validated(Answer, raw, file, node, f"answer {answer_id!r}", problems)
        if answer is not None:
            content.places[answer_id] = (file, node, line)
            content.answers[answer_id] = answer


def _filled_in(name: str, value: Any, content: Content, at: Problem, problems: list[Problem]) -> Any:
    """Return a field of an answer with the placeholders of every wording in it filled in."""
    if isinstance(value, dict):
        return {key: _filled_in(key, item, content, at, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled_in(name, item, content, at, problems) for item in value]
    wording = isinstance(value, str) and name in _WORDINGS
    if wording and name == "easy_read":
        problems += _unconfirmed_in(value, content, at)
    return _filled(value, content, at, problems) if wording else value


def _unconfirmed_in(text: str, content: Content, at: Problem) -> Iterator[Problem]:
    """Yield telephone numbers and e-mails of easy read that are not confirmed: it shows the website."""
    for match in _PLACEHOLDER.finditer(text):
        contact = content.contacts.get(match[1])
        detail = contact.details.get(match[2]) if contact else None
        if detail and not detail.confirmed and not match[2].startswith("web"):
            yield Problem(
                at.path, at.line, f"{at.message}: {match[0]} is not confirmed; easy read shows the website"
            )


def _name_the_offer(raw: Any, content: Content) -> None:
    """Put the name of the council's offer into a source that is a section of it."""
    source = raw.get("source") if isinstance(raw, dict) else None
    if isinstance(source, dict) and "offer" in source:
        source.setdefault("document", content.council.offer)


def _check_withdrawn(answer: Answer, content: Content, problems: list[Problem]) -> None:
    if answer.section == URGENT:
        path, line = content.place(answer.id, "withdrawn")
        message = f"{answer.id}: withdrawn: what is said in danger cannot be switched off, only mended"
        problems.append(Problem(path, line, message))


def _switched_off(answer: Answer, content: Content) -> Answer:
    """Return a withdrawn answer as people hear it: it says so in every wording."""
    words = content.council.withdrawn
    gone = {"since": None, "lead": None, "points": (), "do_next": (), "variants": ()}
    return answer.model_copy(update=gone | {"text": words, "short": words, "easy_read": words})


def _load_path(path: Path, content: Content, problems: list[Problem]) -> None:
    """Load steps, questions, routes and entries, whichever of them a file holds."""
    file = _read(path, problems)
    if file is None:
        return
    kinds: list[tuple[str, type[BaseModel], dict[str, Any]]] = [
        ("steps", Step, content.steps),
        ("questions", Question, content.questions),
        ("routes", Route, content.routes),
        ("entries", Entry, content.entries),
    ]
    for name, model, known in kinds:
        for key, node, line in file.entries(file.under(name)):
            _load_entry(file, name, key, node, line, model, known, content, problems)


def _load_letters(path: Path, content: Content, problems: list[Problem]) -> None:
    for file, key, node, line in _top_entries(path, "letters", problems):
        _load_entry(file, "letters", key, node, line, LetterTemplate, content.letters, content, problems)


def _load_entry(
    file: SourceFile,
    name: str,
    key: str,
    node: yaml.Node,
    line: int,
    model: type[BaseModel],
    known: dict[str, Any],
    content: Content,
    problems: list[Problem],
) -> None:
    """Add one entry of a kind to those that are known, its contact placeholders filled in."""
    if key in known:
        problems.append(Problem(file.path, line, f"{name}/{key} stands twice"))
        return
    raw = to_python(node)
    if isinstance(raw, dict):
        raw |= (
            {"id": key} if "id" in model.model_fields else {"key": key} if "key" in model.model_fields else {}
        )
        if name == "steps":
            _name_the_offer(raw.get("says"), content)
            for wording, text in raw.items():
                if isinstance(text, str):
                    at = Problem(file.path, file.line_of(node, (wording,)), key)
                    raw[wording] = _filled(text, content, at, problems)
            if isinstance(raw.get("says"), dict):
                at = Problem(file.path, file.line_of(node, ("says",)), key)
                says = _filled(str(raw["says"].get("text")), content, at, problems)
                raw["says"] = raw["says"] | {"text": says}
    found = _validated(model, raw, file, node, f"{name}/{key}", problems)
    if found is not None:
        known[key] = found
        content.places[f"{name}/{key}"] = (file, node, line)


def _filled(text: str, content: Content, at: Problem, problems: list[Problem]) -> str:
    """Replace ``{contact.kind}`` by what may be shown, and insist on "not confirmed" where it is not.

    ``{council.name}``, ``{council.place}``, ``{council.offer}`` and ``{council.advice}`` (the name of who
    gives advice) come from ``council.yml``.
    """

    def value(match: re.Match[str]) -> str:
        key, kind = match.groups()
        if key == "council" and kind in ("name", "place", "offer"):
            return str(getattr(content.council, kind))
        if key == "council" and kind == "advice" and (advice := content.contacts.get(content.council.advice)):
            return advice.name
        contact = content.contacts.get(key)
        if contact is None or kind not in contact.details:
            problems.append(Problem(at.path, at.line, f"{at.message}: no {match.group()} in contacts.yml"))
            return match.group()
        detail = contact.details[kind]
        if not detail.confirmed and "confirm" not in _sentence_around(text, match.start()):
            problems.append(
                Problem(
                    at.path,
                    at.line,
                    f"{at.message}: {match.group()} is not confirmed; the same sentence says so",
                )
            )
        return detail.shown

    return _PLACEHOLDER.sub(value, text)


def _sentence_around(text: str, position: int) -> str:
    """Return the sentence that holds ``position`` (a line end counts as an end)."""
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)|\n\s*\n", text)]
    start = max((end for end in ends if end <= position), default=0)
    stop = min((end for end in ends if end > position), default=len(text))
    return text[start:stop]


def _load_examples(path: Path, content: Content, problems: list[Problem]) -> None:
    file = _read(path, problems)
    items = file.under("nlu") if file else None
    if file is None or not isinstance(items, yaml.SequenceNode):
        return
    for item in items.value:
        fields = {key: value for key, value, _ in file.entries(item)}
        intent = getattr(fields.get("intent"), "value", "")
        if path.name == SHORT_TURNS:
            for example in _examples(path, fields.get("examples")):
                content.short_turns.setdefault(whole_message(example.text), intent)
        if not intent.startswith(ASK):
            continue
        answer_id = intent.removeprefix(ASK)
        line = item.start_mark.line + 1
        if answer_id not in content.answers:
            problems.append(Problem(path, line, f"examples for {answer_id!r}, which has no answer"))
        if answer_id in content.examples:
            problems.append(Problem(path, line, f"examples for {answer_id!r} stand twice"))
        content.examples[answer_id] = list(_examples(path, fields.get("examples")))


def _examples(path: Path, node: yaml.Node | None) -> Iterator[Example]:
    """Yield the ``- `` lines of a block of examples with their line numbers."""
    if not isinstance(node, yaml.ScalarNode):
        return
    first = node.start_mark.line + 2  # the block starts on the line after the `|`
    for offset, text in enumerate(node.value.splitlines()):
        if text.startswith("- "):
            yield Example(text[2:].strip(), path, first + offset)


def _load_told(data: Path, content: Content, problems: list[Problem]) -> None:
    """Load what people tell: calm messages by their answer, and those of danger."""
    for path in sorted((data / "messages").glob("*.yml")):
        _load_stories(path, content, content.stories, problems)
    for name, told in (("clear", content.clear_danger), ("possible", content.possible_danger)):
        for path in sorted((data / "danger").glob(f"{name}*.yml")):
            _load_stories(path, content, told, problems)


def _load_stories(
    path: Path, content: Content, stories: dict[str, list[Story]], problems: list[Problem]
) -> None:
    """Load messages that tell what happened: a text, or a text with the other answers that fit it."""
    for _, answer_id, node, line in _top_entries(path, "messages", problems):
        if answer_id not in content.answers:
            problems.append(Problem(path, line, f"messages for {answer_id!r}, which has no answer"))
        if not isinstance(node, yaml.SequenceNode):
            problems.append(Problem(path, line, f"messages for {answer_id!r}: give a list"))
            continue
        for item in node.value:
            raw, at = to_python(item), item.start_mark.line + 1
            told = {"text": raw} if isinstance(raw, str) else raw
            if (
                not isinstance(told, dict)
                or not isinstance(told.get("text"), str)
                or set(told) - {"text", "also"}
            ):
                problems.append(Problem(path, at, f"{answer_id}: a message is a text, or has text and also"))
                continue
            also = tuple(map(str, told.get("also") or ()))
            for unknown in set(also) - set(content.answers):
                problems.append(
                    Problem(path, at, f"{answer_id}: also names {unknown!r}, which does not exist")
                )
            stories.setdefault(answer_id, []).append(Story(told["text"].strip(), also, path, at))


def _load_follow_ups(path: Path, content: Content, problems: list[Problem]) -> None:
    """Load what people type after an answer."""
    for _, answer_id, node, line in _top_entries(path, "follow_ups", problems):
        if answer_id not in content.answers:
            problems.append(Problem(path, line, f"follow-ups of {answer_id!r}, which has no answer"))
            continue
        for item in node.value if isinstance(node, yaml.SequenceNode) else []:
            raw, at = to_python(item), item.start_mark.line + 1
            then, here = (raw.get("then"), raw.get("here")) if isinstance(raw, dict) else (None, None)
            if (then is None) == (here is None) or not isinstance(raw.get("says"), str):
                message = f"{answer_id}: a follow-up has says, and one of then and here"
                problems.append(Problem(path, at, message))
            elif then is not None and then not in content.answers:
                problems.append(Problem(path, at, f"{answer_id}: then names {then!r}, which does not exist"))
            else:
                found = FollowUpExample(raw["says"].strip(), then, here)
                content.follow_ups.setdefault(answer_id, []).append(found)


def _load_usual_follow_ups(path: Path, content: Content, problems: list[Problem]) -> None:
    if not path.exists():  # a new council has none yet
        return
    known = {*content.answers, *(answer.section for answer in content.answers.values()), "*"}
    for file, key, node, line in _top_entries(path, "usual", problems):
        usual = _validated(UsualFollowUp, to_python(node), file, node, f"usual follow-up {key!r}", problems)
        if usual is None:
            continue
        content.usual_follow_ups[key] = usual
        leads = set(usual.then.values()) - {*content.answers, NEXT}
        for unknown in sorted((set(usual.then) - known) | leads):
            problems.append(Problem(path, line, f"usual/{key}: then names {unknown!r}, which does not exist"))


def _references(content: Content) -> list[Problem]:
    """Check what one file says of another: related answers, contacts, roles, examples."""
    problems = []

    def check(owner: str, field_name: str, named: Iterable[str], known: Container[str]) -> None:
        for other in named:
            if other not in known:
                path, line = content.place(owner, field_name)
                problems.append(
                    Problem(path, line, f"{owner}: {field_name} names {other!r}, which does not exist")
                )

    check("council", "advice", [content.council.advice], content.contacts)
    check("council", "speak_to", content.council.speak_to, content.answers)
    for role in content.roles.values():
        check(f"roles/{role.key}", "checked_by", role.checked_by, content.answers)
        check(f"roles/{role.key}", "reach", [role.reach], content.answers)
    for answer in content.answers.values():
        check(answer.id, "related", answer.related, content.answers)
        check(answer.id, "contacts", answer.contacts, content.contacts)
        check(answer.id, "about", answer.about, content.roles)
        for item in [*answer.do_next, *(item for one in answer.variants for item in one.do_next or ())]:
            check(answer.id, "do_next", filter(None, [item.answer]), content.answers)
            check(answer.id, "do_next", filter(None, [item.contact]), content.contacts)
            check(answer.id, "do_next", filter(None, [item.letter]), content.letters)
        for one in answer.variants:
            check(answer.id, "variants", one.contacts or (), content.contacts)
        if not content.examples.get(answer.id):
            path, line = content.place(answer.id)
            problems.append(
                Problem(path, line, f"answer {answer.id!r} has no example of how people ask, in data/nlu")
            )
    _topic_references(content, check)
    _path_references(content, check)
    return problems


Check = Callable[[str, str, Iterable[str], Container[str]], None]
"""Takes who names, in which field, what is named, and what there is."""


def _topic_references(content: Content, check: Check) -> None:
    """Check what the pages of topics lead to."""
    for key, topic in content.topic_pages.items():
        check(f"situations/{key}", "answers", topic.answers, content.answers)
        check(f"situations/{key}", "letters", topic.letters, content.letters)
    for word, named in content.a_to_z.items():
        check(f"a_to_z/{word}", "answers", named, content.answers)


def _path_references(content: Content, check: Check) -> None:
    """Check what the path's files say of each other."""
    for key, step in content.steps.items():
        check(f"steps/{key}", "contacts", step.contacts, content.contacts)
        check(f"steps/{key}", "asks_again", filter(None, [step.asks_again]), content.questions)
        check(f"steps/{key}", "letter", filter(None, [step.letter]), content.letters)
    for key, question in content.questions.items():
        done = [step for option in question.options.values() for step in option.done]
        check(f"questions/{key}", "options", done, content.steps)
    for key, route in content.routes.items():
        asked = [item[1:] for item in route.way if item.startswith("?")]
        check(f"routes/{key}", "way", [*route.when, *asked], content.questions)
        check(f"routes/{key}", "way", route.steps, content.steps)
        for asked_key, values in route.when.items():
            known = content.questions.get(asked_key)
            check(f"routes/{key}", "when", values, known.options if known else ())
    for key, entry in content.entries.items():
        check(f"entries/{key}", "", [key], content.answers)
        check(f"entries/{key}", "facts", entry.facts, content.questions)
        check(f"entries/{key}", "done", entry.done, content.steps)
    for key, letter in content.letters.items():
        check(f"letters/{key}", "asks", letter.asks, content.questions)


def _read(path: Path, problems: list[Problem]) -> SourceFile | None:
    try:
        return SourceFile.read(path)
    except ContentError as error:
        problems += error.problems
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(path, 1, f"cannot be read: {error}"))
    return None


def _top_entries(
    path: Path, name: str, problems: list[Problem]
) -> Iterator[tuple[SourceFile, str, yaml.Node, int]]:
    file = _read(path, problems)
    if file is None:
        return
    node = file.under(name)
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(path, 1, f"the file holds no {name!r}"))
        return
    for key, value, line in file.entries(node):
        yield file, key, value, line


def _validated(
    model: type[Model], raw: Any, file: SourceFile, node: yaml.Node, what: str, problems: list[Problem]
) -> Model | None:
    """Return the validated model, or None after adding what is wrong to ``problems``."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            location = tuple(part for part in detail["loc"] if part != "details")
            where = ".".join(str(part) for part in location)
            message = f"{what}: {where + ': ' if where else ''}{detail['msg'].removeprefix('Value error, ')}"
            problems.append(Problem(file.path, file.line_of(node, location), message))
    return None


_FOLDERS: dict[str, Callable[[Path, Content, list[Problem]], None]] = {
    "nlu": _load_examples,
    "follow-ups": _load_follow_ups,
    "path": _load_path,
    "letters": _load_letters,
}
"""What reads the files of each folder, in this order; answers come before them."""
