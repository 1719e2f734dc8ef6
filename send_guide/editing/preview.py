"""An answer in every rendering that people may meet it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from send_guide.channels.texts.rendering import SMS, WHATSAPP, Medium, render
from send_guide.channels.texts.segments import segments
from send_guide.channels.web.replies import answer_shown
from send_guide.content import Answer, Content
from send_guide.content.wording import in_full, simpler
from send_guide.domain.reply import AnswerReply


@dataclass(frozen=True)
class Message:
    """A message to a telephone: its words, and the segments that a text message is paid by."""

    text: str
    segments: int


@dataclass(frozen=True)
class Preview:
    """An answer as it would be said.

    Attributes:
        web: the pieces that pages and the widget show.
        plain: the words of the terminal.
        easy_read: the words of "Say it more simply".
        sms: the text messages that answer the question.
        sms_more: those that follow on MORE.
        whatsapp: the WhatsApp messages, MORE included.
    """

    web: dict[str, Any]
    plain: str
    easy_read: str
    sms: tuple[Message, ...]
    sms_more: tuple[Message, ...]
    whatsapp: tuple[str, ...]


def preview(answer: Answer, content: Content) -> Preview:
    """Return an answer in every rendering.

    Args:
        answer: the answer, placeholders filled in.
        content: what it stands in.
    """
    sms, sms_more = _texts(answer, content, SMS)
    whatsapp, whatsapp_more = _texts(answer, content, WHATSAPP)
    return Preview(
        web=answer_shown(answer),
        plain=in_full(answer, content.roles),
        easy_read=simpler(answer, content.roles),
        sms=tuple(Message(text, segments(text)) for text in sms),
        sms_more=tuple(Message(text, segments(text)) for text in sms_more),
        whatsapp=(*whatsapp, *whatsapp_more),
    )


def _texts(answer: Answer, content: Content, medium: Medium) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the messages that are sent at once and those that follow on MORE."""
    texts = render([AnswerReply(answer=answer)], content, medium, link=lambda shows: "")
    return texts.bodies, texts.more
