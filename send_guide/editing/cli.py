"""``send-guide editor``: what the editors' pages do, from the command line. Rasa is imported when used."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from send_guide.errors import SendGuideError

if TYPE_CHECKING:
    from send_guide.editing.drafts import Draft
    from send_guide.editing.trial import Trial
    from send_guide.settings import Settings
    from send_guide.storage.database import Database

AnswerId = Annotated[
    str, typer.Argument(help="The id of the answer; `send-guide editor answers` lists them.")
]
Ask = Annotated[list[str] | None, typer.Option(help="A way of asking to add; may be given again.")]
LeaveOut = Annotated[list[str] | None, typer.Option(help="A way of asking to take away, as it stands.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help='FIELD=WORDS, for instance --set "title=Who picks the SENCO?"; FIELD=@FILE reads a file.',
    ),
]
KEPT = Path("storage/trials")
"""What is kept from one trial to the next, and the models that the newest trials have trained."""


class NotReadyError(SendGuideError):
    """A draft has something to mend."""


def editor_commands(
    open_database: Callable[[], Database], open_settings: Callable[[], Settings]
) -> typer.Typer:
    """Return the commands.

    Args:
        open_database: returns the database of the settings.
        open_settings: returns the settings.
    """
    app = typer.Typer(
        help="For content editors: what people asked, and changing an answer. Nothing here changes data/.",
        no_args_is_help=True,
    )
    _add_report(app, open_database, open_settings)
    _add_answers(app, open_settings)
    _add_changes(app, open_settings)
    return app


def _add_report(
    app: typer.Typer, open_database: Callable[[], Database], open_settings: Callable[[], Settings]
) -> None:
    @app.command()
    def report(
        weeks: Annotated[int, typer.Option(help="How many weeks, this one included.", min=1, max=52)] = 4,
        channel: Annotated[str | None, typer.Option(help="Only this channel, for instance web.")] = None,
        json_out: Annotated[Path | None, typer.Option("--json", help="Write it as JSON here too.")] = None,
        plots: Annotated[Path | None, typer.Option(help="Draw its pictures into this folder too.")] = None,
    ) -> None:
        """Print what people asked: what got no answer, what was said, what people thought of it."""
        from send_guide.content import get_content
        from send_guide.editing import plots as drawing
        from send_guide.editing.report import report as make
        from send_guide.editing.wording_pages import report_in_words
        from send_guide.nlu.archive import open_analyser

        encoder = open_analyser(open_settings().model)[0].encoder
        now = datetime.datetime.now().astimezone()
        made = asyncio.run(
            make(open_database(), get_content(), encoder.encode, now, weeks=weeks, channel=channel)
        )
        typer.echo(report_in_words(made))
        if json_out:
            found = dataclasses.asdict(made) | {
                "weeks": [
                    {"week": day, "channel": by, **counted}
                    for (day, by), counted in sorted(made.weeks.items())
                ]
            }
            json_out.write_text(
                json.dumps(found, default=str, ensure_ascii=False, indent=2), encoding="utf-8"
            )
        if plots:
            plots.mkdir(parents=True, exist_ok=True)
            for name, draw in drawing.PLOTS.items():
                (plots / f"{name}.svg").write_bytes(draw(made, drawing.LIGHT))


def _add_answers(app: typer.Typer, open_settings: Callable[[], Settings]) -> None:
    @app.command()
    def answers(
        words: Annotated[str, typer.Argument(help="Only answers whose title or id holds this.")] = "",
    ) -> None:
        """List the answers: id, title, day of the next review."""
        from send_guide.content import get_content

        for one in get_content().answers.values():
            if words.lower() in f"{one.title} {one.id}".lower():
                typer.echo(f"{one.id:<40} {one.title} (review {one.review})")

    @app.command()
    def answer(answer_id: AnswerId) -> None:
        """Show an answer in every rendering, how people ask for it, and what is to be mended."""
        from send_guide.editing.drafts import Draft

        _show(Draft(answer_id), open_settings())


def _add_changes(app: typer.Typer, open_settings: Callable[[], Settings]) -> None:
    @app.command()
    def trial(answer_id: AnswerId, ask: Ask = None, leave_out: LeaveOut = None) -> None:
        """Train with other ways of asking and print which questions fare better and which worse."""
        from send_guide.editing.wording_pages import trial_in_words

        draft = _draft(answer_id, ask, leave_out, None)
        typer.echo(trial_in_words(_try(draft, open_settings())))

    @app.command()
    def change(
        answer_id: AnswerId,
        reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
        who: Annotated[str, typer.Option(help="Who changes it.")],
        ask: Ask = None,
        leave_out: LeaveOut = None,
        set_: Set = None,
        out: Annotated[Path | None, typer.Option(help="Write the patch here; else it is printed.")] = None,
    ) -> None:
        """Check a change of an answer, try it out, and write it as a patch that `git apply` takes."""
        from send_guide.content.loader import data_directory, read_content
        from send_guide.editing.changes import patch_of
        from send_guide.editing.wording_pages import trial_in_words

        settings = open_settings()
        draft = _draft(answer_id, ask, leave_out, set_)
        if not draft:
            raise NotReadyError("nothing would change")
        _show(draft, settings)
        shown = _try(draft, settings) if draft.asks_otherwise else None
        if shown:
            typer.echo(trial_in_words(shown), err=True)
        data = data_directory()
        patch = patch_of(
            read_content(data)[0],
            data,
            draft,
            who=who,
            reason=reason,
            trial=shown,
            today=datetime.date.today(),
        )
        if out:
            out.write_text(patch, encoding="utf-8")
            typer.echo(
                f"Written: {out}. To apply it: git apply {out} && send-guide check && make train", err=True
            )
        else:
            typer.echo(patch, nl=False)


def _draft(
    answer_id: str, ask: list[str] | None, leave_out: list[str] | None, set_: list[str] | None
) -> Draft:
    from send_guide.content.loader import data_directory, read_content
    from send_guide.editing.drafts import draft_of

    fields = {}
    for given in set_ or []:
        name, sign, words = given.partition("=")
        if not sign:
            raise NotReadyError(f"write --set FIELD=WORDS, not {given!r}")
        fields[name] = Path(words[1:]).read_text(encoding="utf-8") if words.startswith("@") else words
    return draft_of(read_content(data_directory())[0], answer_id, fields, ask or [], leave_out or [])


def _show(draft: Draft, settings: Settings) -> None:
    """Print the answer as it would be, to standard error where a patch may follow.

    Raises:
        NotReadyError: something is to be mended.
    """
    from send_guide.content.loader import data_directory
    from send_guide.editing.leakage import all_questions
    from send_guide.editing.preview import preview
    from send_guide.editing.validation import validate_draft
    from send_guide.editing.wording_pages import looked_in_words, preview_in_words

    looked = validate_draft(data_directory(), draft, all_questions(settings.questions))
    if looked.answer:
        typer.echo(preview_in_words(preview(looked.answer, looked.content)), err=bool(draft))
    if not draft:
        ways = [f"- {example.text}" for example in looked.content.examples.get(draft.answer, [])]
        typer.echo("\n".join(["", "== Ways of asking", *ways, ""]))
    typer.echo(looked_in_words(looked), err=bool(draft))
    if looked.findings:
        raise NotReadyError(f"{len(looked.findings)} to mend before the change can be made")


def _try(draft: Draft, settings: Settings) -> Trial:
    """Return what a trial shows, with a bar of how far it is."""
    from send_guide.content.loader import data_directory, read_content
    from send_guide.editing.trial import Places, run_trial
    from send_guide.editing.yaml_patch import edited_folder

    with (
        edited_folder(data_directory(), draft) as folder,
        typer.progressbar(length=100, label="Trying it out", file=sys.stderr) as bar,
    ):
        content, _ = read_content(folder)

        def progress(share: float, doing: str) -> None:
            bar.label = doing
            bar.update(max(0, round(share * 100) - bar.pos))

        places = Places(settings.model, data_directory(), folder, settings.questions, KEPT)
        return run_trial(places, draft, content, progress)
