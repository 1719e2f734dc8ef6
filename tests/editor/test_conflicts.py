"""A way of asking that belongs to another answer is named before anything is saved."""

import asyncio
from typing import Any

from send_guide.content import Content
from send_guide.editing.conflicts import Conflict, conflicts, taken_for_others
from send_guide.editing.drafts import Draft

SENCO, OTHER = "schools.appoint-senco", "ehc.who-can-ask"


def test_the_same_and_nearly_the_same_words_under_another_answer_are_found(content: Content) -> None:
    example = next(one.text for one in content.examples[OTHER] if len(one.text.split()) > 5)
    nearly = f"{example} tomorrow"
    assert conflicts(content, Draft(SENCO, add=(example, nearly, "zebra crossing of the seven seas"))) == [
        Conflict(example, OTHER, example),
        Conflict(nearly, OTHER, example),
    ]
    assert conflicts(content, Draft(OTHER, add=(nearly,))) == []  # its own is no conflict


def test_what_the_guide_is_sure_belongs_elsewhere_is_named() -> None:
    read = {
        "mine": {"answers": [{"id": SENCO, "confidence": 0.99}]},
        "theirs": {"answers": [{"id": OTHER, "confidence": 0.95}]},
        "perhaps theirs": {"answers": [{"id": OTHER, "confidence": 0.6}]},
        "one of two": {"answers": [{"id": OTHER, "confidence": 0.95}], "in_short": True},
        "danger": {"answers": [{"id": "urgent.child-at-risk", "confidence": 0.6}]},
        "nothing": {},
    }

    async def understand(text: str) -> dict[str, Any]:
        return {"understanding": read[text]}

    found = asyncio.run(taken_for_others(Draft(SENCO, add=tuple(read)), understand))
    assert [(one.text, one.answer) for one in found] == [
        ("theirs", OTHER),
        ("danger", "urgent.child-at-risk"),
    ]
