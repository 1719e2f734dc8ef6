"""What people think of an answer is kept without what says who they are, and not for ever."""

import asyncio
import time
from pathlib import Path

from send_guide.settings import Settings
from send_guide.storage.base import DAY
from send_guide.storage.feedback import Feedback, given_since, keep
from send_guide.storage.retention import purge_once
from tests.servers import database


def test_an_opinion_is_kept_and_read_newest_first_without_names(tmp_path: Path) -> None:
    store = database(f"sqlite:///{tmp_path}/guide.db")
    asyncio.run(keep(store, Feedback("web", "useful", ("ehc.six-weeks",))))
    wrong = Feedback("helpline", "wrong", ("ehc.how-to-ask",), "who do i write to", "Ring me on 07700 900123")
    asyncio.run(keep(store, wrong))
    found = asyncio.run(given_since(store, 0.0))
    assert [one.kind for one in found] == ["wrong", "useful"]
    assert found[0].answer_ids == ("ehc.how-to-ask",)
    assert found[0].question == "who do i write to"
    assert "900123" not in (found[0].reason or "")
    assert [one.kind for one in asyncio.run(given_since(store, 0.0, ["useful"]))] == ["useful"]


def test_an_old_opinion_is_purged(tmp_path: Path) -> None:
    store = database(f"sqlite:///{tmp_path}/guide.db")
    asyncio.run(keep(store, Feedback("web", "not-useful", ("ehc.six-weeks",))))
    gone = asyncio.run(purge_once(store, Settings(keep_days=1), time.time() + DAY + 1))
    assert gone["feedback"] == 1
    assert asyncio.run(given_since(store, 0.0)) == []
