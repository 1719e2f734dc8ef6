"""Letters on the path: which one, what it still needs to know, and where the draft is."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.path_replies import ask, ask_to_resume, free_help, keep, progress_of
from actions.replies import BACK_TO_STEPS, Events, path_button, say
from send_guide.content import get_content
from send_guide.domain.guided_path import LEFT_OUT, Progress, done_steps, needed_by_letter
from send_guide.domain.letters import FACTS

DRAFT = (
    "Here is a draft: {title}. What I do not know is a blank in [square brackets]. Fill these in, change "
    "what you like, and keep a copy of what you send. I do not keep the letter."
)


def letter_facts(progress: Progress) -> dict[str, str]:
    """Return what a letter may be filled from."""
    facts = {key: value for key, value in progress.facts.items() if value in FACTS.get(key, ())}
    done = done_steps(get_content(), progress)
    return facts | {step: when for step, when in done.items() if when != LEFT_OUT}


def say_letter(dispatcher: CollectingDispatcher, progress: Progress, template: str) -> Events:
    """Say a draft; an empty list, with the question that is needed in ``progress``, where one is."""
    content = get_content()
    if template not in content.letters:
        progress.letter = ""
        return []
    if question := needed_by_letter(content, template, progress.facts):
        progress.letter, progress.asked = template, question.key
        return []
    title = content.letters[template].title
    say(
        dispatcher,
        "letter",
        DRAFT.format(title=title),
        letter={"template": template, "title": title, "facts": letter_facts(progress)},
        buttons=[BACK_TO_STEPS, path_button("Another letter", "letter", "list")],
    )
    return keep(progress)


def offer_letters(dispatcher: CollectingDispatcher) -> Events:
    """Offer every letter by title."""
    buttons = [path_button(letter.title, "letter", key) for key, letter in get_content().letters.items()]
    text = f"Which letter shall I draft?\n{free_help()}"
    say(dispatcher, "escalation", text, buttons=[*buttons, BACK_TO_STEPS])
    return []


def ask_for_letter(dispatcher: CollectingDispatcher, progress: Progress) -> Events:
    """Ask what a letter needs, or which letter it is to be."""
    if not progress.letter:
        return [*offer_letters(dispatcher), *keep(progress)]
    question = get_content().questions[progress.asked]
    ask(dispatcher, progress, question, "So that the letter says the right thing:")
    return keep(progress)


class ActionWriteLetter(Action):
    """Draft the letter that is named, or that of the step somebody is at, or offer all of them."""

    def name(self) -> str:
        """Return the name used in rules and domain."""
        return "action_write_letter"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Say the draft, the question it still needs an answer to, or the list."""
        if tracker.get_slot("remembered_path"):
            return ask_to_resume(dispatcher, tracker)
        progress = progress_of(tracker)
        step = get_content().steps.get(progress.at)
        wanted = named_letter(str(tracker.latest_message.get("text") or "")) or (
            step.letter if step else None
        )
        return say_letter(dispatcher, progress, wanted or "") or ask_for_letter(dispatcher, progress)


def named_letter(text: str) -> str | None:
    """Return the letter that somebody names by whom or what it is for."""
    words = f" {text.lower()} "
    found = (
        key
        for key, letter in get_content().letters.items()
        if any(f" {word}" in words for word in letter.words)
    )
    return next(found, None)
