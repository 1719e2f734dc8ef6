"""A running service with both providers, and phones whose owners write to it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.channels.providers import Api, MetaPhone, TwilioPhone, settings
from tests.servers import Service

_numbers = itertools.count(447700900100)


@pytest.fixture(scope="package")
def api() -> Iterator[Api]:
    found = Api()
    yield found
    found.stop()


@pytest.fixture(scope="package")
def service(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("texts"), **settings(api, PER_CONVERSATION="1000/minute")).wait()
    yield found
    found.stop()


@pytest.fixture(scope="package")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Api]]:
    """A service for which every answer is late, with an API of its own."""
    api = Api()
    folder = tmp_path_factory.mktemp("late")
    found = Service(folder, **settings(api, TEXTS_LATE_SECONDS="0.0001")).wait()
    yield found, api
    found.stop()
    api.stop()


@pytest.fixture
def phone(service: Service) -> TwilioPhone:
    """Somebody's phone, who has not written before."""
    return TwilioPhone(service.port, f"+{next(_numbers)}")


@pytest.fixture
def whatsapp(service: Service) -> TwilioPhone:
    """The same by WhatsApp through Twilio."""
    return TwilioPhone(service.port, f"whatsapp:+{next(_numbers)}", to="whatsapp:+442012345678")


@pytest.fixture
def meta(service: Service, api: Api) -> MetaPhone:
    """The same by WhatsApp through Meta."""
    return MetaPhone(service.port, str(next(_numbers)), api)


@dataclass
class Somebody:
    """Somebody who writes by one of the ways; what was said is printed, so that a run with ``-rP`` shows it."""

    way: str
    phone: TwilioPhone | MetaPhone
    thread: list[str] = field(default_factory=list)

    def hears(self, text: str) -> str:
        heard = self.phone.hears(text)
        self.thread += [f"> {text}", heard or "(nothing)"]
        return heard


@pytest.fixture(params=["sms", "whatsapp-twilio", "whatsapp-meta", "whatsapp-meta-no-number"])
def somebody(request: pytest.FixtureRequest, service: Service, api: Api) -> Iterator[Somebody]:
    """Somebody who has not written before, by each way in turn."""
    number, way = next(_numbers), request.param
    phones: dict[str, TwilioPhone | MetaPhone] = {
        "sms": TwilioPhone(service.port, f"+{number}"),
        "whatsapp-twilio": TwilioPhone(service.port, f"whatsapp:+{number}", to="whatsapp:+442012345678"),
        "whatsapp-meta": MetaPhone(service.port, str(number), api),
        "whatsapp-meta-no-number": MetaPhone(service.port, f"GB.13{number}", api),
    }
    found = Somebody(way, phones[way])
    yield found
    print("\n".join(found.thread))


@pytest.fixture
def new_number() -> Callable[[], str]:
    """Return telephone numbers that nobody has written from."""
    return lambda: str(next(_numbers))
