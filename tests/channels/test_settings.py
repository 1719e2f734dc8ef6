"""A channel is on with all its secrets, off without any, and the service does not start with half of them."""

from pathlib import Path

import pytest

from tests.channels.providers import ACCOUNT, KEY, PUBLIC, TOKEN, WORD
from tests.servers import Service


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"TWILIO_AUTH_TOKEN": TOKEN}, "Twilio is half set up: set SEND_GUIDE_TWILIO_ACCOUNT_SID, "),
        (
            {"TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_ACCOUNT_SID": ACCOUNT, "PUBLIC_URL": PUBLIC},
            "set SEND_GUIDE_IDENTITY_KEY too",
        ),
        (
            {"META_VERIFY_TOKEN": WORD, "PUBLIC_URL": PUBLIC, "IDENTITY_KEY": KEY},
            "set SEND_GUIDE_META_APP_SECRET, SEND_GUIDE_META_TOKEN, SEND_GUIDE_META_PHONE_NUMBER_ID too",
        ),
        ({"PUBLIC_URL": "guide.example"}, "SEND_GUIDE_PUBLIC_URL: "),
        ({"IDENTITY_KEY": "short"}, "SEND_GUIDE_IDENTITY_KEY: "),
        ({"TEXTS_PER_NUMBER": "often"}, "SEND_GUIDE_TEXTS_PER_NUMBER: write a rate such as 30/minute"),
    ],
)
def test_half_of_the_settings_do_not_start_and_no_secret_is_shown(
    tmp_path: Path, settings: dict[str, str], says: str
) -> None:
    log = Service(tmp_path, **settings).refuses()
    assert says in log
    assert not [secret for secret in (TOKEN, KEY, WORD) if secret in log]
