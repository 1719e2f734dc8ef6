"""``send-guide staff``: accounts of those who may see the pages for staff. Rasa is imported when used."""

from __future__ import annotations

import asyncio
import datetime
import sys
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore

DAY = 86_400.0
Name = Annotated[str, typer.Argument(help="The name of the account.")]


def staff_commands(open_store: Callable[[], WindowedTrackerStore]) -> typer.Typer:
    """Return the commands.

    Args:
        open_store: returns the store of the settings.
    """
    app = typer.Typer(
        help="Accounts for the helpline's and the editors' pages. A password is asked for, or read from "
        "standard input; it is never an argument, because others on the machine can read those.",
        no_args_is_help=True,
    )

    _add_changes(app, open_store)
    _add_lists(app, open_store)
    return app


def _add_changes(app: typer.Typer, open_store: Callable[[], WindowedTrackerStore]) -> None:
    def change(
        work: Callable[[WindowedTrackerStore], Coroutine[None, None, None]], what: str, name: str
    ) -> None:
        from send_guide.staff import audit

        async def run() -> None:
            store = open_store()
            await work(store)
            await audit.note(store, audit.COMMAND_LINE, what, name)

        asyncio.run(run())

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
        change(lambda store: accounts.add(store, name, role, password), f"account added: {role}", name)
        typer.echo(f"{accounts.plain_name(name)} may sign in as {role}.")

    @app.command()
    def remove(name: Name) -> None:
        """Delete an account and sign it out everywhere."""
        from send_guide.staff import accounts

        change(lambda store: accounts.remove(store, name), "account removed", name)
        typer.echo(f"{accounts.plain_name(name)} can no longer sign in.")

    @app.command()
    def password(name: Name) -> None:
        """Give an account another password and sign it out everywhere."""
        from send_guide.staff import accounts

        new = _password()
        change(lambda store: accounts.set_password(store, name, new), "password changed", name)
        typer.echo(f"{accounts.plain_name(name)} has the new password and is signed out everywhere.")

    @app.command()
    def unlock(name: Name) -> None:
        """Let an account sign in again that wrong passwords have locked."""
        from send_guide.staff import accounts

        change(lambda store: accounts.unlock(store, name), "account unlocked", name)
        typer.echo(f"{accounts.plain_name(name)} is not locked.")


def _add_lists(app: typer.Typer, open_store: Callable[[], WindowedTrackerStore]) -> None:
    @app.command("list")
    def list_accounts() -> None:
        """List the accounts: name, role, how they sign in, since when."""
        from send_guide.staff import accounts

        for account in asyncio.run(accounts.listed(open_store())):
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
        from send_guide.staff import audit

        for done in asyncio.run(audit.since(open_store(), time.time() - days * DAY)):
            typer.echo(f"{_moment(done.at)} {done.who}: {done.what} {done.about}".rstrip())


def _password() -> str:
    """Return a password: typed twice at a terminal, or the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _moment(seconds: float) -> str:
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.UTC):%Y-%m-%d %H:%M} UTC"
