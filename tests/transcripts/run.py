"""Talks a file of lines through with the trained assistant and prints the conversation.

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

from send_guide.rasa_adapter.assistant import MODEL, Assistant


async def talk(assistant: Assistant, told: dict[str, Any], name: str) -> None:
    """Print a conversation as Markdown."""
    print(f"## {told['title']}\n")
    buttons: list[dict[str, str]] = []
    for line in told["says"]:
        text = line
        if line.startswith("["):
            title = line.strip("[]")
            payloads = [button["payload"] for button in buttons if button["title"] == title]
            if not payloads:
                raise SystemExit(f"{name}: no button {title!r} among {[b['title'] for b in buttons]}")
            text = payloads[0]
        replies = await assistant.ask(text, name)
        print(f"**{line}**\n")
        buttons = [button for reply in replies for button in reply.buttons]
        for reply in replies:
            print("\n".join(f"> {part}" for part in reply.text.splitlines()) + "\n")
            if letter := reply.metadata.get("letter"):
                print(f"```\n{letter['text']}```\n")
        print("_" + " · ".join(button["title"] for button in buttons) + "_\n")


def main(files: list[Path]) -> None:
    """Print the conversation of each file."""
    assistant = Assistant.load(MODEL)
    for file in files:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        with mock.patch("send_guide.domain.deadlines.today", return_value=told["day"]):
            asyncio.run(talk(assistant, told, file.stem))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
