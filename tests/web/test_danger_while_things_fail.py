"""A child at risk comes before all, also while the database is away."""

import json
import re
import urllib.parse
from pathlib import Path

from tests.servers import PostgreSQL, Service
from tests.web.conftest import Caller

DANGER = "my son says he wants to die"


def test_who_is_in_danger_is_answered_while_the_database_is_away(tmp_path: Path) -> None:
    postgres = PostgreSQL(tmp_path)
    service = Service(tmp_path, DATABASE_URL=postgres.url, DATABASE_SECONDS="2").wait()
    try:
        parent = Caller(service)
        assert parent.asks("number for the tribunal")[0] == 200
        postgres.stop()
        status, answer = parent.asks(DANGER)
        assert status == 200
        assert answer["replies"][0]["kind"] == "urgent"
        assert "could not keep your message" in json.dumps(answer["replies"][1])
        form = urllib.parse.urlencode({"id": "plain-message", "text": DANGER}).encode()
        status, page = service.get("/guide", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 200
        assert re.search(r'class="urgent".*tel:116123', page, re.S)
        status, answer = parent.reads()
        assert status == 503
        assert set(answer) == {"error"}
        postgres.start()
        status, answer = parent.reads()
        assert status == 200
        assert answer["messages"][0]["text"] == "number for the tribunal"
    finally:
        service.stop()
        postgres.stop()
