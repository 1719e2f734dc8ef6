"""Talks a file of lines through with the trained assistant and prints the conversation.

    .venv/bin/python -m tests.transcripts.run tests/transcripts/academy.yml

A file holds a title, the day on which it is said (days count from it) and what the person types; a line
in square brackets is a button.
"""

import asyncio
import datetime
import sys
from pathlib import Path
from unittest import mock

import yaml

from send_guide.assistant import MODEL, Assistant


async def talk(assistant: Assistant, file: Path) -> str:
    """Return the conversation of a file as Markdown."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    out, buttons = [f"## {told['title']}\n"], []
    for line in told["says"]:
        text = line
        if line.startswith("["):
            title = line.strip("[]")
            payloads = [button["payload"] for button in buttons if button["title"] == title]
            if not payloads:
                raise SystemExit(f"{file}: no button {title!r} among {[b['title'] for b in buttons]}")
            text = payloads[0]
        replies = await assistant.ask(text, file.stem)
        out.append(f"**{line}**\n")
        buttons = [button for reply in replies for button in reply.buttons]
        for reply in replies:
            out.append("\n".join(f"> {part}" for part in reply.text.splitlines()) + "\n")
            if letter := reply.metadata.get("letter"):
                out.append(f"```\n{letter['text']}```\n")
        out.append("_" + " · ".join(button["title"] for button in buttons) + "_\n")
    return "\n".join(out)


async def main(files: list[Path]) -> None:
    """Print the conversation of each file."""
    assistant = Assistant.load(MODEL)
    for file in files:
        day = datetime.date.fromisoformat(str(yaml.safe_load(file.read_text(encoding="utf-8"))["day"]))
        with mock.patch("send_guide.deadlines.today", return_value=day):
            print(await talk(assistant, file))


if __name__ == "__main__":
    asyncio.run(main([Path(name) for name in sys.argv[1:]]))
