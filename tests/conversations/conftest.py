"""Every conversation of the guided path is on one day, so that days left can be counted."""

from collections.abc import Iterator
from datetime import date
from unittest import mock

import pytest


@pytest.fixture(autouse=True)
def today() -> Iterator[date]:
    day = date(2026, 11, 25)
    with mock.patch("send_guide.domain.deadlines.today", return_value=day):
        yield day
