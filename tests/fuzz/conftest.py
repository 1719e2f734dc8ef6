"""How many are tried: the same few by ``make test``, other ones each time by ``make fuzz``."""

import os

from hypothesis import HealthCheck, Phase, settings

from tests.channels.conftest import api, service

__all__ = ["api", "service"]

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "few", max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=QUIET
)
settings.register_profile(
    "many",
    max_examples=300,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=QUIET,
    phases=[Phase.generate, Phase.shrink],
)
PROFILE = settings.get_profile("many" if os.environ.get("SEND_GUIDE_FUZZ") == "many" else "few")
"""For these tests alone: other tests have profiles of their own."""
