"""Talks a file of lines through with the trained guide and prints the conversation.

    .venv/bin/python -m tests.transcripts.run tests/transcripts/academy.yml

A file holds a title, the day on which it is said (days count from it) and what the person types; a line
in square brackets is a button.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from send_guide.domain.letters import render
from send_guide.domain.reply import Choice, LetterReply
from send_guide.rasa_adapter.engine import MemoryEngine
from send_guide.service import Guide, Message

MODEL = Path("models/send-guide.tar.gz")


async def talk(guide: Guide, told: dict[str, Any], name: str) -> None:
    """Print a conversation as Markdown."""
    print(f"## {told['title']}\n")
    choices: list[Choice] = []
    for line in told["says"]:
        text = line
        if line.startswith("["):
            title = line.strip("[]")
            payloads = [choice.payload for choice in choices if choice.title == title]
            if not payloads:
                raise SystemExit(f"{name}: no button {title!r} among {[one.title for one in choices]}")
            text = payloads[0]
        replies = (await guide.handle(Message(text, name))).replies
        print(f"**{line}**\n")
        choices = [choice for reply in replies for choice in reply.choices]
        for reply in replies:
            print("\n".join(f"> {part}" for part in reply.text.splitlines()) + "\n")
            if isinstance(reply, LetterReply):
                print(f"```\n{render(reply.template, reply.facts).text}```\n")
        print("_" + " · ".join(choice.title for choice in choices) + "_\n")


def main(files: list[Path]) -> None:
    """Print the conversation of each file."""
    guide = Guide(MemoryEngine.load(MODEL))
    for file in files:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        with mock.patch("send_guide.domain.deadlines.today", return_value=told["day"]):
            asyncio.run(talk(guide, told, file.stem))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
