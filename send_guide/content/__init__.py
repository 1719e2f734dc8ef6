"""The answers and the contacts: the only reader of ``data/answers`` and ``data/contacts.yml``."""

from send_guide.content.files import ContentError
from send_guide.content.loader import Content, get_content, load_content, of_content
from send_guide.content.schema import Answer, Contact, Strength

__all__ = [
    "Answer",
    "Contact",
    "Content",
    "ContentError",
    "Strength",
    "get_content",
    "load_content",
    "of_content",
]
