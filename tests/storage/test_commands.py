"""Commands about what is kept: nothing found is said and is a failure, and none makes a database unasked."""

import asyncio
import json
from pathlib import Path

import pytest

from send_guide.channels.texts.identity import NoNumberError, as_providers_write, conversation_of
from send_guide.storage import staff_accounts, staff_sessions
from send_guide.storage.conversations import conversations
from tests.servers import database
from tests.storage.conftest import Run
from tests.storage.test_migrations import HEAD

KEY = "a key that only the tests of the storage have"
PARENT = "a-parent-on-the-path"


@pytest.mark.parametrize(
    "command", [["forget", "somebody"], ["export", "somebody"], ["purge"], ["staff", "list"]]
)
def test_where_there_is_no_database_none_is_made(tmp_path: Path, run: Run, command: list[str]) -> None:
    done = run(f"sqlite:///{tmp_path}/empty/guide.db", *command)
    assert done.returncode == 1
    assert "there is no database" in done.stderr
    assert "SEND_GUIDE_DATABASE_URL" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["forget", "export"])
def test_a_name_of_which_nothing_is_kept_is_a_failure(empty: str, run: Run, command: str) -> None:
    database(empty).close()
    done = run(empty, command, "a-parrent-on-the-path")
    assert done.returncode == 1
    assert "nothing is kept of a conversation a-parrent-on-the-path" in done.stderr
    assert done.stdout == ""


def test_what_the_release_before_has_kept_is_shown_and_forgotten(old: str, run: Run) -> None:
    kept = json.loads(run(old, "export", PARENT).stdout)
    assert len(kept["events"]) > 80
    done = run(old, "forget", PARENT)
    assert f"{len(kept['events'])} in events" in done.stdout
    assert run(old, "forget", PARENT).returncode == 1


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("447700900123", "+447700900123"),
        ("whatsapp:+447700900123", "+447700900123"),
        (" 07700.900.123 ", "+447700900123"),
        ("+48 601 234 567", "+48601234567"),
        ("48601234567", "+48601234567"),
    ],
)
def test_a_number_written_any_way_is_the_one_the_providers_write(
    channel: str, written: str, meant: str
) -> None:
    assert as_providers_write(channel, written) == meant


def test_an_id_of_whatsapp_is_taken_as_it_is() -> None:
    # with the 1 after the 52 that Mexico's numbers have given up
    assert as_providers_write("whatsapp", "5215512345678") == "+5215512345678"


@pytest.mark.parametrize("written", ["900123", "my mum", "07700 90012", "+44 7700 900123 4", "", "0", "+"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(NoNumberError, match="that is no telephone number"):
        as_providers_write("sms", written)


def test_the_command_prints_the_name_of_the_conversation_and_makes_nothing(tmp_path: Path, run: Run) -> None:
    address = f"sqlite:///{tmp_path}/none.db"
    done = run(address, "name", "sms", "07700 900123", IDENTITY_KEY=KEY)
    assert done.stdout.strip() == conversation_of(KEY, "sms", "+447700900123"), done.stderr
    done = run(address, "name", "sms", "my mum", IDENTITY_KEY=KEY)
    assert (done.returncode, done.stdout) == (1, "")
    assert "send-guide: that is no telephone number" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_restore_signs_staff_out_and_says_to_check_the_accounts(
    empty: str, tmp_path: Path, run: Run
) -> None:
    assert (
        run(empty, "staff", "add", "ann", "--role", "editor", given="three words will do\n").returncode == 0
    )
    kept = database(empty)
    asyncio.run(staff_sessions.begin(kept, "hash", "ann", "editor"))
    assert run(empty, "backup", str(tmp_path / "before")).returncode == 0
    assert run(empty, "staff", "remove", "ann").returncode == 0
    done = run(empty, "restore", str(tmp_path / "before"), "--replace")
    assert done.returncode == 0, done.stderr
    assert "staff list" in done.stdout
    assert "1 sessions" in done.stdout
    assert asyncio.run(staff_sessions.find(kept, "hash", 60, 60)) is None
    assert asyncio.run(staff_accounts.find(kept, "ann")) is not None  # hence the words
    kept.close()


def test_a_back_up_of_the_release_before_is_restored_over_a_newer_database(
    old: str, request: pytest.FixtureRequest, tmp_path: Path, run: Run
) -> None:
    of_this_kind = old.startswith("sqlite")
    empty = f"sqlite:///{tmp_path}/new.db" if of_this_kind else request.getfixturevalue("postgres").new()
    assert run(old, "backup", str(tmp_path / "old.backup")).returncode == 0
    newer = database(empty)
    newer.transact(
        lambda connection: connection.execute(
            conversations.insert().values(sender_id="since", last_event=0, window_after=0, state="{}")
        )
    )
    newer.close()
    done = run(empty, "restore", str(tmp_path / "old.backup"), "--replace", KEEP_DAYS="36500")
    assert done.returncode == 0, done.stderr
    assert "3 conversations" in done.stdout
    assert run(empty, "migrate").stdout == f"revision {HEAD}\n"
    assert run(empty, "export", "since").returncode == 1
