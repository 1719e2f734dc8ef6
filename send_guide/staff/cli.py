"""``send-guide staff``: accounts of those who may see the pages for staff. Rasa is imported when used."""

from __future__ import annotations

import asyncio
import datetime
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from send_guide.storage.database import Database

DAY = 86_400.0
Result = TypeVar("Result")
Name = Annotated[str, typer.Argument(help="The name of the account.")]


def staff_commands(open_database: Callable[..., Database]) -> typer.Typer:
    """Return the commands.

    Args:
        open_database: returns the database of the settings; ``create=True`` makes it where there is none.
    """
    app = typer.Typer(
        help="Accounts for the helpline's and the editors' pages. A password is asked for, or read from "
        "standard input; it is never an argument, because others on the machine can read those.",
        no_args_is_help=True,
    )

    _add_changes(app, open_database)
    _add_lists(app, open_database)
    return app


def _add_changes(app: typer.Typer, open_database: Callable[..., Database]) -> None:
    def change(
        work: Callable[[Database], Coroutine[None, None, Result]],
        what: str,
        name: str,
        create: bool = False,
    ) -> Result:
        from send_guide.storage import audit_log

        async def run() -> Result:
            database = open_database(create=create)
            done = await work(database)
            await audit_log.note(database, audit_log.COMMAND_LINE, what, name)
            database.close()
            return done

        return asyncio.run(run())

    @app.command()
    def add(
        name: Name,
        role: Annotated[str, typer.Option(help="adviser or editor (an editor sees an adviser's pages too).")],
        single_sign_on: Annotated[
            bool, typer.Option("--single-sign-on", help="They come by single sign-on: no password here.")
        ] = False,
    ) -> None:
        """Make an account."""
        from send_guide.staff import accounts

        password = None if single_sign_on else _password()
        change(
            lambda database: accounts.add(database, name, role, password),
            f"account added: {role}",
            name,
            create=True,
        )
        typer.echo(f"{accounts.plain_name(name)} may sign in as {role}.")

    @app.command()
    def remove(name: Name) -> None:
        """Delete an account and sign it out everywhere; sign out who came by single sign-on without one."""
        from send_guide.staff import accounts

        known = change(lambda database: accounts.remove(database, name), "account removed", name)
        if known:
            typer.echo(f"{accounts.plain_name(name)} can no longer sign in.")
        else:
            typer.echo(f"{accounts.plain_name(name)} is signed out, and had no account here:")
            typer.echo("single sign-on gives the role. Take it away there, or they can sign in again.")

    @app.command()
    def password(name: Name) -> None:
        """Give an account another password and sign it out everywhere."""
        from send_guide.staff import accounts

        new = _password()
        change(lambda database: accounts.set_password(database, name, new), "password changed", name)
        typer.echo(f"{accounts.plain_name(name)} has the new password and is signed out everywhere.")

    @app.command()
    def unlock(name: Name) -> None:
        """Let an account sign in again that wrong passwords have locked."""
        from send_guide.staff import accounts

        change(lambda database: accounts.unlock(database, name), "account unlocked", name)
        typer.echo(f"{accounts.plain_name(name)} is not locked.")


def _add_lists(app: typer.Typer, open_database: Callable[..., Database]) -> None:
    @app.command("list")
    def list_accounts() -> None:
        """List the accounts: name, role, how they sign in, since when."""
        from send_guide.staff import accounts

        for account in asyncio.run(accounts.listed(open_database())):
            how = "single sign-on" if account.single_sign_on else "password"
            locked = (
                f", locked until {_moment(account.locked_until)}"
                if account.locked_until > time.time()
                else ""
            )
            typer.echo(f"{account.name}: {account.role}, {how}, since {_moment(account.created)}{locked}")

    @app.command()
    def log(days: Annotated[int, typer.Option(help="How many days back.", min=1)] = 30) -> None:
        """Print what staff did: sign-ins, refusals, saved notes, changes of accounts."""
        from send_guide.storage import audit_log

        for done in asyncio.run(audit_log.since(open_database(), time.time() - days * DAY)):
            typer.echo(f"{_moment(done.at)} {done.who}: {done.what} {done.about}".rstrip())


def _password() -> str:
    """Return a password: typed twice at a terminal, or the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _moment(seconds: float) -> str:
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.UTC):%Y-%m-%d %H:%M} UTC"
