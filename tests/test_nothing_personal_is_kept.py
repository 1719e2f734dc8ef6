"""Personal data of every kind is typed into running services; then every file and Redis are searched for it."""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import PostgreSQL, Redis, Service, wait_until

PLANTED = {
    "name": "Zebedee Quillfeather",
    "phone": "07700 900461",
    "email": "zeb.quill@families.example",
    "postcode": "BR9 7XQ",
    "address": "17 Marlowe Close",
    "NHS number": "943 476 5919",
    "UPN": "H801200001008",
    "NI number": "QQ 12 34 56 C",
    "date of birth": "born on 14/03/2017",
    "name with an accent": "Łukasz Wróblewski",
    "phone in wide letters": "０７７００ ９００４６２",
    "phone with dots": "07700.900.463",
    "postcode with two spaces": "BR9  7XZ",
    "fields": "?name=Perpetua&dob=2015-04-03",
}
WAYS = [
    "my son is {}, how often should school meet with me",
    "{}",
    "is that a must? {} and who do I contact",
    "/choose {}",
    "i want to die, {}",
    "who runs the school and what is an EHC plan and can i get a taxi? it is {} and i am so tired of it",
    "{} " + "and so on " * 300,
]


class Watched:
    """A service with its database and its Redis, and everything that reaches Redis."""

    def __init__(self, folder: Path, database: str, more: dict[str, str] | None = None) -> None:
        self.folder = folder
        for name in ("postgres", "service"):
            (folder / name).mkdir()
        self.postgres = PostgreSQL(folder / "postgres") if database == "PostgreSQL" else None
        where = {"DATABASE_URL": self.postgres.url} if self.postgres else {}
        self.redis = Redis(folder)
        self._monitor = subprocess.Popen(
            ["redis-cli", "-p", str(self.redis.port), "monitor"], stdout=subprocess.PIPE, text=True
        )
        self.to_redis: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        wait_until(lambda: self.to_redis)
        settings = {"REDIS_URL": self.redis.url, "LOG_LEVEL": "DEBUG", "PER_CONVERSATION": "1000/minute"}
        self.service = Service(folder / "service", **settings, **where, **(more or {})).wait()

    def _listen(self) -> None:
        assert self._monitor.stdout
        self.to_redis.extend(iter(self._monitor.stdout.readline, ""))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the contents of every file of the service and its database, the log among them."""
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                yield str(path), path.read_bytes()

    def stop(self) -> None:
        self.service.stop()
        self._monitor.kill()
        self.redis.stop()
        if self.postgres:
            self.postgres.stop()


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_no_file_and_no_command_to_redis_holds_it(tmp_path: Path, database: str) -> None:
    watched = Watched(tmp_path, database)
    try:
        for kind, secret in PLANTED.items():
            for number, way in enumerate(WAYS):
                body = {"sender": kind, "message": way.format(secret), "message_id": str(number)}
                assert watched.service.get("/webhooks/rest/webhook", json.dumps(body).encode())[0] == 200
    finally:
        watched.stop()
    assert any("eval" in line.lower() for line in watched.to_redis)
    everything = [*watched.files(), ("Redis", "".join(watched.to_redis).encode())]
    assert any(b"how often should school meet" in data for _, data in everything)  # what is kept is found
    secrets = [*PLANTED.values(), "Quillfeather", "14/03/2017", "Wróblewski", "Perpetua", "2015-04-03"]
    found = {
        (place, secret)
        for place, data in everything
        for secret in secrets
        if secret.encode() in data or json.dumps(secret)[1:-1].encode() in data
    }
    assert not found
