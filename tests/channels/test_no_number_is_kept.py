"""Telephone numbers reach neither a file, a log line nor a command to Redis, whatever people do."""

from pathlib import Path

import pytest

from tests.channels.providers import Api, MetaPhone, TwilioPhone, settings
from tests.servers import Service
from tests.test_nothing_personal_is_kept import Watched

SMS, WHATSAPP, META = "447700900461", "447700900462", "447700900463"
USER_ID = "GB.13491208655302741918"
"""Somebody who shows WhatsApp no number."""
TEXTS = [
    "hello",
    "does the school have to meet my childs needs",
    "more",
    f"my number is {SMS}, ring me on 07700 900461",
    "what do governors have to do",
    "2",
    "the school is not helping my child what can i do",
    "i want to kill myself",
    "menu",
    "help",
    "stop",
    "hello",
    "start",
    "start again",
]


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_no_file_and_no_command_to_redis_holds_it(tmp_path: Path, database: str) -> None:
    api = Api()
    watched = Watched(tmp_path, database, settings(api, TEXTS_PER_NUMBER="1000/day"))
    try:
        converse(watched.service, api)
    finally:
        watched.stop()
        api.stop()
    everything = [*watched.files(), ("Redis", "".join(watched.to_redis).encode())]
    kept = [text.encode() for text in TEXTS if len(text) > 20 and "07700" not in text]
    # what is kept is found, where PostgreSQL has not compressed the row
    assert any(text in data for text in kept for _, data in everything)
    assert any("eval" in line.lower() for line in watched.to_redis)
    wanted = [*(number[2:] for number in (SMS, WHATSAPP, META)), "07700 900461", USER_ID.removeprefix("GB.")]
    found = {(place, number) for place, data in everything for number in wanted if number.encode() in data}
    assert not found


def converse(service: Service, api: Api) -> None:
    sms = TwilioPhone(service.port, f"+{SMS}")
    whatsapp = TwilioPhone(service.port, f"whatsapp:+{WHATSAPP}", to="whatsapp:+442012345678")
    meta = MetaPhone(service.port, META, api)
    hidden = MetaPhone(service.port, USER_ID, api)
    for text in TEXTS:
        hidden.says(text)
        sms.says(text)
        whatsapp.says(text)
        meta.says(text)
    sms.says("", NumMedia="1", MediaContentType0="image/png", MediaUrl0="https://api.example/photo")
    forged = sms.form("hello")
    sms.delivers(forged, signature="forged")
    report = {"MessageSid": "SM1", "MessageStatus": "failed", "To": f"+{SMS}", "ErrorCode": "30003"}
    sms.delivers(report, path="/webhooks/twilio/status?urgent=1")
    api.refusals = [400] * 2
    meta.delivers(meta.webhook(meta.text("hello")))
    meta.delivers(meta.webhook(statuses=[{"id": "1", "status": "failed", "recipient_id": META}]))
    meta.delivers({"entry": [{"changes": [{"value": META}]}]})
