"""Both webhooks and the chat, fed with anything: no 5xx, nobody without a reply, danger always first."""

import itertools
import json
import xml.etree.ElementTree as ET
from typing import Any

from hypothesis import given

from send_guide.channels.texts.commands import machine
from tests.channels.providers import Api, MetaPhone, TwilioPhone, shown
from tests.fuzz.conftest import PROFILE
from tests.fuzz.generators import in_danger, messages, meta_messages, twilio_extras
from tests.servers import Service
from tests.web.conftest import Caller

DANGER = ("It is right to say this.", "It is good that you said this.")
numbers = itertools.count(447700960000)


def never_failed(service: Service) -> None:
    assert service.process.poll() is None
    log = service.log.read_text()
    assert "text.failed" not in log
    assert "Traceback" not in log


@PROFILE
@given(bad=meta_messages(), danger=in_danger())
def test_a_webhook_of_metas(service: Service, api: Api, bad: Any, danger: str) -> None:
    mum, child = (MetaPhone(service.port, str(next(numbers)), api) for _ in range(2))
    if isinstance(bad, dict):
        bad = {"from": mum.number, "id": f"wamid.{next(numbers)}", "timestamp": "1", **bad}
    assert mum.delivers(mum.webhook(bad, child.text(danger)))[0] == 200
    assert shown(child.sent()[0]).startswith(DANGER)
    never_failed(service)


@PROFILE
@given(said=messages(), extras=twilio_extras())
def test_a_webhook_of_twilios(service: Service, said: str, extras: dict[str, str]) -> None:
    phone = TwilioPhone(service.port, f"+{next(numbers)}")
    status, xml = phone.delivers(phone.form(said, **extras))
    assert status == 200
    texts = [message.text or "" for message in ET.fromstring(xml)]
    silent = machine(said) or extras.get("OptOutType", "").upper() in ("STOP", "START", "HELP")
    assert all(texts)
    assert texts or silent
    never_failed(service)


@PROFILE
@given(danger=in_danger())
def test_danger_by_sms_whatever_stands_around_it(service: Service, danger: str) -> None:
    phone = TwilioPhone(service.port, f"+{next(numbers)}")
    assert phone.hears(danger).startswith(DANGER)


@PROFILE
@given(said=messages())
def test_a_message_in_the_chat(service: Service, said: str) -> None:
    status, answer = Caller(service).asks(said)
    if status == 200:
        assert answer["replies"]
    else:
        assert status in (400, 413, 422), json.dumps(answer)
        assert answer["error"]
    never_failed(service)
