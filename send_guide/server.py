"""The entry point of the service: Rasa's server with the actions in the same process."""

from __future__ import annotations

import functools
from pathlib import Path

from rasa.core import run
from rasa.core.utils import AvailableEndpoints

from send_guide.actions_endpoint import InProcessActions
from send_guide.assistant import NoModelError, quiet

LOOPBACK = "127.0.0.1"


def serve(model: Path, port: int, host: str = LOOPBACK) -> None:
    """Serve the channels of ``credentials.yml`` until the process is told to stop.

    Args:
        model: the trained model.
        port: the TCP port to listen on.
        host: the address to listen on.

    Raises:
        NoModelError: there is no model at ``model``.
    """
    if not model.is_file():
        raise NoModelError(model)
    quiet()
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = InProcessActions()
    app = run.configure_app(
        run.create_http_input_channels(None, "credentials.yml"), enable_api=False, port=port
    )
    app.register_listener(
        functools.partial(run.load_agent_on_start, str(model), endpoints, None), "before_server_start"
    )
    app.register_listener(run.close_resources, "after_server_stop")
    app.register_listener(functools.partial(_announce, host, port), "after_server_start")
    app.run(host=host, port=port, workers=1, access_log=False)


def _announce(host: str, port: int, *_: object) -> None:
    print(f"SEND Guide is ready on http://{host}:{port} (stop it with Ctrl+C)", flush=True)
