"""Letters on the path: which one, what it still needs to know, and where the draft is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from send_guide.content import get_content
from send_guide.dialogue.buttons import BACK_TO_STEPS, path_button
from send_guide.dialogue.path_replies import ask, ask_to_resume, free_help, keep, progress_of
from send_guide.dialogue.turn import Turn
from send_guide.domain.guided_path import LEFT_OUT, Progress, done_steps, needed_by_letter
from send_guide.domain.letters import FACTS
from send_guide.domain.reply import LetterReply, WordsReply

DRAFT = (
    "Here is a draft: {title}. What I do not know is a blank in [square brackets]. Fill these in, change "
    "what you like, and keep a copy of what you send. I do not keep the letter."
)


def letter_facts(progress: Progress) -> dict[str, str]:
    """Return what a letter may be filled from."""
    facts = {key: value for key, value in progress.facts.items() if value in FACTS.get(key, ())}
    done = done_steps(get_content(), progress)
    return facts | {step: when for step, when in done.items() if when != LEFT_OUT}


def say_letter(turn: Turn, progress: Progress, template: str) -> bool:
    """Say a draft and return True; False, with the question that is needed in ``progress``, where one is."""
    content = get_content()
    if template not in content.letters:
        progress.letter = ""
        return False
    if question := needed_by_letter(content, template, progress.facts):
        progress.letter, progress.asked = template, question.key
        return False
    title = content.letters[template].title
    turn.say(
        LetterReply(
            template=template,
            title=title,
            facts=letter_facts(progress),
            words=DRAFT.format(title=title),
            choices=(BACK_TO_STEPS, path_button("Another letter", "letter", "list")),
        )
    )
    keep(turn, progress)
    return True


def offer_letters(turn: Turn) -> None:
    """Offer every letter by title, first those of the answers that are near the last one."""
    known = get_content().letters
    order = dict.fromkeys([*_near_the_last_answer(turn), *known])
    letters = (path_button(known[key].title, "letter", key) for key in order)
    words = f"{get_content().words['which-letter'].text}\n{free_help()}"
    turn.say(WordsReply(words=words, says="escalation", choices=(*letters, BACK_TO_STEPS)))


def ask_for_letter(turn: Turn, progress: Progress) -> None:
    """Ask what a letter needs, or which letter it is to be."""
    if progress.letter:
        question = get_content().questions[progress.asked]
        ask(turn, progress, question, "So that the letter says the right thing:")
    else:
        offer_letters(turn)
    keep(turn, progress)


def write_letter(turn: Turn) -> None:
    """Draft the letter that is named, or that of the step somebody is at, or offer all of them."""
    if turn.situation.remembered_progress:
        ask_to_resume(turn)
        return
    progress = progress_of(turn)
    step = get_content().steps.get(progress.at)
    wanted = named_letter(turn.heard.text) or _of_last_answer(turn) or (step.letter if step else None)
    if not say_letter(turn, progress, wanted or ""):
        ask_for_letter(turn, progress)


def _of_last_answer(turn: Turn) -> str | None:
    """Return the letter of the answer that was said last; where none was said, of the one offered first."""
    situation = turn.situation
    return next(_letters_of(situation.said or situation.others[:1]), None)


def _near_the_last_answer(turn: Turn) -> Iterator[str]:
    """Return the letters of the answers that are related to the last one, in their order."""
    known = get_content().answers
    return _letters_of(key for one in turn.situation.said if one in known for key in known[one].related)


def _letters_of(answer_ids: Iterable[str]) -> Iterator[str]:
    """Yield the letters that answers lead to, in their order."""
    known = get_content().answers
    found = (known[key] for key in answer_ids if key in known)
    return (item.letter for one in found for item in one.do_next if item.letter)


def named_letter(text: str) -> str | None:
    """Return the letter that somebody names by whom or what it is for.

    What it is for comes after whom: "to the council, asking them to assess him".
    """
    words = f" {text.lower()} "
    found = {
        key: max(words.rfind(f" {word}") for word in letter.words)
        for key, letter in get_content().letters.items()
    }
    last = max(found, key=lambda key: found[key], default="")
    return last if found.get(last, -1) >= 0 else None
