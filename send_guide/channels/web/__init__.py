"""The web channel: the chat for web pages, and the same conversation as pages without JavaScript."""

from send_guide.channels.web.channel import web
from send_guide.channels.web.middleware import WebMiddleware

__all__ = ["WebMiddleware", "web"]
