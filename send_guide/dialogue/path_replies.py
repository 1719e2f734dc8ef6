"""What is said on the guided path: a question, a step, where somebody stands, my steps.

Every one of these replies says where free help is and what comes next.
"""

from __future__ import annotations

from datetime import date

from send_guide.content import get_content
from send_guide.content.path_schema import Question, Step
from send_guide.dialogue.buttons import (
    BACK,
    BACK_TO_STEPS,
    CHANGE,
    DONE,
    GO_ON,
    MY_STEPS,
    OTHER_WAYS,
    SKIP,
    START_AFRESH,
    path_button,
)
from send_guide.dialogue.turn import Turn
from send_guide.domain import deadlines as limits
from send_guide.domain.dates import spoken
from send_guide.domain.guided_path import (
    LEFT_OUT,
    Progress,
    date_of,
    deadlines,
    done_steps,
    follows,
    next_move,
    place_of,
    steps_to_come,
)
from send_guide.domain.reply import QuestionReply, StepReply, StepsReply, WordsReply


def progress_of(turn: Turn) -> Progress:
    """Return where somebody stands; a new progress where they are not on the path."""
    return turn.situation.progress or Progress()


def keep(turn: Turn, progress: Progress) -> None:
    """Remember where somebody stands: they are on the path, and nothing else is open."""
    situation = turn.situation
    situation.progress, situation.remembered_progress = progress, None
    situation.said, situation.duties_shown, situation.unsure = [], 0, False


def say_next(turn: Turn, progress: Progress, intro: str = "") -> None:
    """Say what comes next, and remember it."""
    progress.letter = ""  # a letter that waited for an answer is not waited for any more
    move = next_move(get_content(), progress)
    if isinstance(move, Question):
        ask(turn, progress, move, intro)
    else:
        progress.asked = ""
        say_step(turn, progress, move, intro)
    keep(turn, progress)


def ask(turn: Turn, progress: Progress, question: Question, intro: str = "") -> None:
    """Ask one question; its options are buttons, and free text does as well."""
    progress.asked, asked = question.key, turn.situation.asked
    asked[question.key] = asked.get(question.key, 0) + 1
    options = tuple(
        path_button(option.title, question.key, value) for value, option in question.options.items()
    )
    turn.say(
        QuestionReply(
            key=question.key,
            ask=question.ask if asked[question.key] == 1 else _in_other_words(question),
            help=free_help(),
            intro=intro,
            choices=(*options, *((BACK,) if progress.trail else ())),
        )
    )


def was_just_asked(turn: Turn, progress: Progress) -> bool:
    """Return whether the open question of the path was asked with the last reply."""
    if not progress.asked:
        return False
    options = get_content().questions[progress.asked].options
    tapped = {path_button("", progress.asked, value).payload for value in options}
    return any(payload in tapped for _, payload in turn.situation.last_choices)


def _in_other_words(question: Question) -> str:
    """Return a question that was asked before: never twice in the same words."""
    titles = [f"“{option.title}”" for option in question.options.values()]
    nearest = f" Which is nearest: {', '.join(titles[:-1])} or {titles[-1]}?" if len(titles) > 1 else ""
    return f"{get_content().words['another-way'].text}{nearest or f' {question.ask}'}"


def say_step(turn: Turn, progress: Progress, step: Step, intro: str = "") -> None:
    """Say one step in full."""
    progress.at = step.id
    number, of = place_of(get_content(), progress, step)
    letter = (path_button("Write the letter for me", "letter", step.letter),) if step.letter else ()
    choices = (
        *(() if step.end else (DONE,)),
        *letter,
        OTHER_WAYS,
        MY_STEPS,
        *((BACK,) if progress.trail else ()),
        START_AFRESH if step.end else SKIP,
    )
    turn.say(
        StepReply(
            step=step,
            by_when=by_when(progress, step),
            after=follows(get_content(), progress, step),
            number=number,
            of=of,
            help=free_help(),
            intro=intro,
            choices=choices,
        )
    )


def by_when(progress: Progress, step: Step) -> tuple[str, ...]:
    """Return the last day for a step and how far away it is, a line each; none where none is known."""
    if not step.deadline:
        return ()
    return tuple(
        f"{deadline.title}: {spoken(deadline.last_day)}. {how_far(deadline.last_day)}"
        for deadline in deadlines(get_content(), progress, [step.deadline])
    )


def how_far(last_day: date) -> str:
    """Return how many days are left until a day."""
    days = (last_day - limits.today()).days
    if days < 0:
        return "That day has passed."
    return {0: "That is today.", 1: "That is tomorrow."}.get(days, f"That is in {days} days.")


def free_help() -> str:
    """Return where free help is, at any step."""
    iass = get_content().contacts["iass"]
    return f"Free help at any step: {iass.name}, {iass.details['web'].shown}."


def what_was_told(progress: Progress) -> dict[str, str]:
    """Return what somebody told, in words, by the key of the question."""
    told = {}
    for key, question in get_content().questions.items():
        value = progress.facts.get(key, "")
        if value in question.options:
            told[key] = question.options[value].told
        elif day := date_of(progress.facts, key):
            told[key] = f"{question.told} {spoken(day)}"
    return told


def ask_to_resume(turn: Turn) -> None:
    """Say what is remembered of the session before, and ask whether it is theirs and to go on."""
    progress = turn.situation.remembered_progress or Progress()
    step = get_content().steps.get(progress.at)
    where = f"Your step was “{step.title}”." if step else "I had asked you a question."
    words = (
        f"Welcome back. Last time we went through some steps. {where} "
        f"{get_content().questions['resume'].ask}\n{free_help()}"
    )
    turn.say(WordsReply(words=words, says="choices", choices=(GO_ON, START_AFRESH)))
    turn.situation.progress = Progress(asked="resume")


def resume(turn: Turn) -> None:
    """Go on with the steps of the session before."""
    say_where(turn, turn.situation.remembered_progress or Progress(), intro="Good to have you back.")


def say_where(turn: Turn, progress: Progress, intro: str = "") -> None:
    """Say the open question again, or the step somebody is at and what follows it."""
    content = get_content()
    move = next_move(content, progress)
    if isinstance(move, Question) or move.end or move.id != progress.at or progress.asked:
        say_next(turn, progress, intro)
        return
    number, of = place_of(content, progress, move)
    again = path_button("Tell me the step again", "step", move.id)
    turn.say(
        StepReply(
            step=move,
            form="here",
            by_when=by_when(progress, move),
            after=follows(content, progress, move),
            number=number,
            of=of,
            have_you=content.questions["finished"].ask,
            help=free_help(),
            intro=intro,
            choices=(DONE, again, OTHER_WAYS, MY_STEPS, BACK, SKIP),
        )
    )
    keep(turn, progress)


def begin_or_resume(turn: Turn) -> None:
    """Say that there are no steps yet, or ask whether those of the session before are theirs."""
    if turn.situation.remembered_progress:
        ask_to_resume(turn)
        return
    begin = path_button("Begin step by step", "other", "ways")
    words = f"You have no steps yet. Shall we begin?\n{free_help()}"
    turn.say(WordsReply(words=words, says="escalation", choices=(begin,)))


def step_of(turn: Turn) -> Step | None:
    """Return the step that was told last, where nothing else has been said since."""
    if turn.situation.progress is None or turn.situation.said:
        return None
    return get_content().steps.get(turn.situation.progress.at)


def my_steps(turn: Turn) -> None:
    """Sum up what is done, where somebody is, what is next and by when; or offer to begin."""
    progress = turn.situation.progress
    if turn.situation.remembered_progress or progress is None:
        begin_or_resume(turn)
        return
    turn.say(steps_reply(progress))


def steps_reply(progress: Progress) -> StepsReply:
    """Return my steps: what was told, done, now, next and by when."""
    content = get_content()
    told = what_was_told(progress)
    told.pop("reached", None)  # the steps that are done say it better
    done = done_steps(content, progress)
    move = next_move(content, progress)
    if isinstance(move, Question):
        step, now = None, f"one question. {move.ask}"
        coming = ["your answer decides the next step."]
    else:
        first, *later = steps_to_come(content, progress)
        step, now = move.id, f"{first.title}. {first.do}"
        coming = [one.title for one in later] or [first.next]
    # a time limit runs on, whatever the steps are about just now
    kinds = ["appeal", "discrimination"]
    if progress.facts.get("decision") != "school" and "mediation" not in progress.done:
        kinds.insert(0, "mediation")
    by_when = (
        f"By when: {found.title}: {spoken(found.last_day)}. {how_far(found.last_day)}"
        for found in deadlines(content, progress, kinds)
    )
    heading = f"My steps, {spoken(limits.today())}"
    return StepsReply(
        before=(heading, *(f"You told me: {words}." for words in told.values())),
        done=tuple(f"{content.steps[key].title}{_when(how)}" for key, how in done.items() if how != LEFT_OUT),
        left_out=tuple(content.steps[key].title for key, how in done.items() if how == LEFT_OUT),
        now=now,
        coming=tuple(coming),
        after=(*by_when, free_help()),
        step=step,
        choices=(BACK_TO_STEPS, CHANGE, OTHER_WAYS),
    )


def _when(how: str) -> str:
    year, _, month = how.partition("-")
    if not month:
        return ""
    return f" (in {limits.today().replace(day=1, month=int(month)):%B} {year})"
