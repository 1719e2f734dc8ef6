"""Somebody who wrote by text asks what is kept of them, and to delete it."""

import json
import os
import subprocess

from tests.channels.providers import KEY, TwilioPhone
from tests.servers import COMMAND, ROOT, Service


def test_by_their_number_all_of_it_is_found_and_deleted_but_the_opt_out(
    phone: TwilioPhone, service: Service
) -> None:
    def done(*arguments: str) -> subprocess.CompletedProcess[str]:
        database = f"sqlite:///{service.log.with_name('conversations.db')}"
        environment = {"SEND_GUIDE_DATABASE_URL": database, "SEND_GUIDE_IDENTITY_KEY": KEY}
        return subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
        )

    def run(*arguments: str) -> str:
        answer = done(*arguments)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    phone.says("does the school have to meet my childs needs")
    phone.says("stop")
    name = run("name", "sms", phone.number).strip()
    kept = json.loads(run("export", name))
    assert kept["texting"]
    assert len(kept["texted"]) == 2
    assert phone.number[1:] not in json.dumps(kept)
    receipt = run("forget", name)
    assert "2 in texted" in receipt
    assert f"nothing is kept of a conversation {name}" in done("export", name).stderr
    assert "Reply START" in phone.hears("hello")  # who wants no more messages stays so
