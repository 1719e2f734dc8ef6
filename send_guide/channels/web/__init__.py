"""The web channel: the chat for web pages, and the same conversation as pages without JavaScript."""

from send_guide.channels.web.channel import Web
from send_guide.channels.web.middleware import Door

__all__ = ["Door", "Web"]
