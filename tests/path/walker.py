"""Walks the guided path through its handlers alone, without understanding: thousands of turns in seconds."""

import json
from collections.abc import Mapping

from send_guide.dialogue.respond import respond
from send_guide.dialogue.turn import Entity, Turn, Understanding
from send_guide.domain.guided_path import Progress
from send_guide.domain.situation import Situation
from tests.heard import Heard


class Walker(Heard):
    """A person on the path."""

    def __init__(self, situation: Situation | None = None) -> None:
        self.situation = situation or Situation()
        self.replies = []

    def copy(self) -> "Walker":
        return Walker(Situation.of_json(self.kept()))

    def kept(self) -> dict[str, object]:
        """Return what the slot holds: it can be written down and read again."""
        read: dict[str, object] = json.loads(json.dumps(self.situation.to_json()))
        return read

    def turn(
        self, intent: str, text: str = "", entities: Mapping[str, str] | None = None, answer: str = ""
    ) -> "Walker":
        heard = Understanding(
            text=text,
            intent=intent,
            entities=tuple(Entity(key, value) for key, value in (entities or {}).items()),
            answers=((answer, 0.9),) if answer else (),
        )
        turn = Turn(heard, Situation.of_json(self.kept()))
        respond(turn)
        self.situation, self.replies = turn.situation, turn.replies
        return self

    def tap(self, payload: str) -> "Walker":
        intent, _, entities = payload.removeprefix("/").partition("{")
        return self.turn(intent, payload, json.loads("{" + entities) if entities else {})

    @property
    def on_path(self) -> bool:
        return self.situation.on_path

    @property
    def progress(self) -> Progress:
        return self.situation.progress or Progress()

    @property
    def buttons(self) -> dict[str, str]:
        return {choice.title: choice.payload for choice in self.choices}

    @property
    def state(self) -> str:
        """Where the person stands, without the way they came."""
        here = {key: value for key, value in self.progress.kept().items() if key != "trail"}
        before = self.situation.remembered_progress
        return json.dumps([here, self.on_path, before and before.kept()], sort_keys=True)
