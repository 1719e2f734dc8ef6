"""Keeps Rasa from writing what people say, or anything but errors, to the terminal."""

from __future__ import annotations

import logging
import warnings

from rasa.utils.log_utils import configure_structlog


def quiet() -> None:
    """Let Rasa and its libraries say errors only, and never the words of a message."""
    warnings.simplefilter("ignore")
    configure_structlog(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
