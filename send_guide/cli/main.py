"""The command line: ``send-guide``. Rasa and the models are imported only by the commands that need them."""

from __future__ import annotations

import asyncio
import datetime
import html
import io
import json
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from send_guide.channels.content_checks import check_folder
from send_guide.content.loader import data_directory, load_content, project_directory
from send_guide.domain.letters import render
from send_guide.domain.reply import Choice, LetterReply, Reply
from send_guide.editing.cli import editor_commands
from send_guide.errors import SendGuideError
from send_guide.rasa_adapter.absent_packages import leave_out_tensorflow
from send_guide.staff.cli import staff_commands

if TYPE_CHECKING:
    from send_guide.service import Guide
    from send_guide.settings import Settings
    from send_guide.storage.database import Database

app = typer.Typer(
    name="send-guide",
    help="SEND Guide: what schools and the council have to do for children with SEND.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Model = Annotated[Path, typer.Option(help="The trained model archive.")]
Conversation = Annotated[str, typer.Argument(help="The name of the conversation (its sender id).")]
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
    from send_guide.rasa_adapter import training

    if not training.can_train():
        raise SendGuideError("what training needs is not installed: pip install 'send-guide[train]'")
    if not training.train(project_directory(), data_directory(), model):
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
    number: Annotated[
        str, typer.Argument(help="Their telephone number: 07700 900123, +44..., a WhatsApp id.")
    ],
) -> None:
    """Print the name of the conversation of a telephone number, for `export` and `forget`."""
    from send_guide.channels.texts.identity import NoNumberError, as_providers_write, conversation_of

    key = _settings().identity_key
    if key is None:
        raise SendGuideError("text messages are off: SEND_GUIDE_IDENTITY_KEY is not set")
    if channel not in ("sms", "whatsapp"):
        raise SendGuideError(f"{channel!r} is no channel by text: write sms or whatsapp")
    try:
        typer.echo(conversation_of(key.get_secret_value(), channel, as_providers_write(channel, number)))
    except NoNumberError as error:
        raise SendGuideError(str(error)) from error


@app.command()
def forget(conversation: Conversation) -> None:
    """Delete one conversation and all that belongs to it, and print a receipt."""
    from send_guide.storage import conversations

    database = _database()
    try:
        gone = asyncio.run(conversations.delete(database, conversation))
    except conversations.BadSenderError as error:
        raise SendGuideError(str(error)) from error
    if not any(gone.values()):
        raise SendGuideError(f"nothing is kept of a conversation {conversation}: nothing was deleted")
    rows = ", ".join(f"{number} in {table}" for table, number in gone.items())
    typer.echo(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC: rows deleted: {rows}")


@app.command()
def export(conversation: Conversation) -> None:
    """Print all that is kept of one conversation as JSON, for a subject access request."""
    from send_guide.storage import conversations

    try:
        kept = asyncio.run(conversations.kept(_database(), conversation))
    except conversations.BadSenderError as error:
        raise SendGuideError(str(error)) from error
    if not any(kept.values()):
        raise SendGuideError(f"nothing is kept of a conversation {conversation}")
    for rows in kept.values():
        for row in rows:
            row |= {name: json.loads(row[name]) for name in ("data", "state", "replies") if row.get(name)}
    typer.echo(json.dumps({"conversation": conversation, **kept}, ensure_ascii=False, indent=2))


@app.command()
def purge() -> None:
    """Delete what is older than SEND_GUIDE_KEEP_DAYS now; `serve` does it every hour."""
    from send_guide.storage.retention import purge_once

    gone = asyncio.run(purge_once(_database(), _settings()))
    typer.echo("deleted: " + ", ".join(f"{number} {kind}" for kind, number in gone.items()))


@app.command()
def migrate() -> None:
    """Bring the tables of the database to what this release needs; `serve` does it when it starts."""
    from send_guide.storage.migrations import upgrade

    before, after = upgrade(_database(create=True, up_to_date=False))
    typer.echo(f"revision {after}" + ("" if before == after else f", was {before or 'none'}"))


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
    from send_guide.storage import staff_sessions
    from send_guide.storage.backup import count
    from send_guide.storage.backup import restore as put_back

    url = _settings().database_url.get_secret_value()
    put_back(url, file, replace=replace)
    signed_out = asyncio.run(staff_sessions.end_all(_database()))
    purge()
    typer.echo("there are: " + ", ".join(f"{rows} {table}" for table, rows in count(url).items()))
    typer.echo(f"Staff were signed out: {signed_out} sessions.")
    typer.echo(
        "Now check the accounts, `send-guide staff list`: whoever was removed since the back-up, or had"
    )
    typer.echo("another password since, has the old account again.")
    typer.echo("Then forget again whom you were asked to forget since the back-up: `send-guide forget NAME`.")


def _database(*, create: bool = False, up_to_date: bool = True) -> Database:
    """Return the database of the settings.

    Args:
        create: make it where there is none.
        up_to_date: bring its tables to what this release needs.
    """
    from send_guide.storage.database import Database, DatabaseUnavailableError
    from send_guide.storage.migrations import upgrade

    settings = _settings()
    try:
        database = Database(
            settings.database_url.get_secret_value(), seconds=settings.database_seconds, create=create
        )
        if up_to_date:
            upgrade(database)
        return database
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
    from send_guide.service import Message

    guide = _guide(model)
    _show(asyncio.run(guide.handle(Message(question, "terminal"))).replies)


@app.command()
def chat(model: Model = DEFAULT_MODEL) -> None:
    """Talk in the terminal. A number picks a choice; Ctrl+D or "quit" ends it."""
    from send_guide.service import Message

    guide, loop = _guide(model), asyncio.new_event_loop()
    choices: list[Choice] = []
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # what is no letter becomes U+FFFD
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
    from send_guide.service import Guide

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
    """Ask every question of FILE in a fresh conversation, or play every dialogue, and print what came of it.

    Each line of FILE holds "q", "answers" (acceptable ids), "kind" (covered, uncovered, off-topic,
    urgent) and "escalation", or "turns" of a dialogue. Exit status 0 whatever the figures.
    """
    from send_guide.measuring import dialogues, questions

    lines, guide = questions.read_questions(file), _guide(model)
    asked = [line for line in lines if "turns" not in line]
    played = [line for line in lines if "turns" in line]

    async def run() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        with typer.progressbar(length=len(lines), label="Asking", file=sys.stderr) as progress:
            answers, conversations = [], []
            async for line in questions.ask_all(guide, asked):
                answers.append(line)
                progress.update(1)
            async for line in dialogues.play_all(guide, played):
                conversations.append(line)
                progress.update(1)
        return answers, conversations

    answers, conversations = asyncio.run(run())
    if json_out:
        results = (json.dumps(line, ensure_ascii=False) for line in [*answers, *conversations])
        json_out.write_text("".join(f"{line}\n" for line in results), encoding="utf-8")
    if answers:
        typer.echo(questions.summary(answers))
    if conversations:
        typer.echo(dialogues.summary(conversations))


@app.command()
def check(
    data: Annotated[
        Path | None, typer.Option(help="The folder of the content.", exists=True, file_okay=False)
    ] = None,
) -> None:
    """Check answers, contacts, examples, steps and letters against the rules of docs/content.md."""
    content, problems = check_folder(data or data_directory())
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


@app.command("new-council")
def new_council(
    folder: Annotated[Path, typer.Argument(help="Where its content goes; the folder must not exist yet.")],
    name: Annotated[str, typer.Option(prompt=True, help="The council, as in a letter's head.")],
    place: Annotated[str, typer.Option(prompt=True, help='The place, as in "children in PLACE".')],
    offer: Annotated[str, typer.Option(prompt=True, help="The name of its printed offer.")],
    section: Annotated[str, typer.Option(prompt=True, help="The page of the offer that was read first.")],
    advice: Annotated[str, typer.Option(prompt=True, help="Who gives free advice (SENDIASS).")],
    advice_web: Annotated[str, typer.Option(prompt=True, help="Their web address.")],
    advice_phone: Annotated[str, typer.Option(prompt=True, help="Their number, rung by somebody.")],
    sen_email: Annotated[str, typer.Option(prompt=True, help="The e-mail address of the SEN team.")],
    children_phone: Annotated[
        str, typer.Option(prompt=True, help="Children's services, day and night, rung by somebody.")
    ],
) -> None:
    """Begin the content of another council: shared files and a template. Asks for what is not given."""
    from send_guide.content.new_council import begin

    filled = {
        "name": name,
        "place": place,
        "offer": offer,
        "section": section,
        "advice": advice,
        "advice_web": advice_web,
        "advice_phone": advice_phone,
        "sen_email": sen_email,
        "children_phone": children_phone,
    }
    begin(folder, filled, datetime.datetime.now(tz=datetime.UTC).date())
    typer.echo(f"written: {folder}. Now: send-guide check --data {folder}, and docs/another-council.md")


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


app.add_typer(staff_commands(_database), name="staff")
app.add_typer(editor_commands(_database, _settings), name="editor")

if __name__ == "__main__":
    main()
