"""Rasa's Sanic application, and a loaded agent with our stores and actions in place."""

from __future__ import annotations

from pathlib import Path

from rasa.core import run
from rasa.core.agent import load_agent
from rasa.core.lock_store import LockError as LockUnavailableError
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from send_guide.errors import CannotStartError
from send_guide.rasa_adapter.actions_endpoint import InProcessActions, RemoteActions
from send_guide.rasa_adapter.engine import RasaEngine
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rasa_adapter.tracker_store import WindowedTrackerStore
from send_guide.settings import Settings
from send_guide.storage.database import Database

__all__ = ["LockUnavailableError", "load_engine", "new_app"]


def new_app(port: int) -> Sanic:
    """Return an application without channels: ours are blueprints of their own."""
    app: Sanic = run.configure_app([], enable_api=False, port=port)
    return app


async def load_engine(settings: Settings, model: Path, database: Database, locks: LocalLocks) -> RasaEngine:
    """Load a model.

    Raises:
        CannotStartError: it cannot be loaded.
    """
    endpoints = AvailableEndpoints()
    endpoints.tracker_store = WindowedTrackerStore(None, database)
    endpoints.lock_store, endpoints.action = locks, _actions(settings)
    agent = await load_agent(model_path=str(model), endpoints=endpoints)
    if not agent.is_ready():
        raise CannotStartError(f"the model {model} cannot be loaded: run `make train`")
    return RasaEngine(agent, database)


def _actions(settings: Settings) -> EndpointConfig:
    if settings.actions_url is None:
        return InProcessActions(settings.action_seconds)
    secret = settings.actions_secret.get_secret_value() if settings.actions_secret else None
    return RemoteActions(settings.actions_url, secret, settings.action_seconds)
