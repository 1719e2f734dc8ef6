"""What has begun with one content and model ends with them, whatever comes into service meanwhile."""

import asyncio
from dataclasses import replace
from pathlib import Path

from send_guide.content import Content, get_content, of_content
from send_guide.content.loader import data_directory, installed_data, load_content
from send_guide.rasa_adapter.engine import MemoryEngine
from send_guide.rasa_adapter.locks import LocalLocks
from send_guide.rate_limits import RateLimits
from send_guide.service import Guide
from send_guide.services import Release, Services
from send_guide.settings import Settings
from tests.servers import database


@of_content
def _number_of_answers() -> int:
    return len(get_content().answers)


def _seen(services: Services) -> tuple[Guide, Path, int, int]:
    return services.guide, data_directory(), len(get_content().answers), _number_of_answers()


def test_a_request_and_all_that_it_begins_keep_one_release(
    engine: MemoryEngine, content: Content, tmp_path: Path
) -> None:
    few = replace(load_content(installed_data()), answers={}, folder=tmp_path)
    old, new = Release(Guide(engine), content, Path("old")), Release(Guide(engine), few, Path("new"), 1)
    store = database(f"sqlite:///{tmp_path}/guide.db")
    services = Services(Settings(), store, LocalLocks(), RateLimits(Settings()), current=old)

    async def request(has_begun: asyncio.Event, go_on: asyncio.Event) -> list[tuple[Guide, Path, int, int]]:
        services.take_in_hand()
        first = _seen(services)
        has_begun.set()
        await go_on.wait()
        later = asyncio.create_task(asyncio.to_thread(_seen, services))
        return [first, _seen(services), await later]

    async def run() -> None:
        has_begun, go_on = asyncio.Event(), asyncio.Event()
        begun = asyncio.create_task(request(has_begun, go_on))
        await has_begun.wait()
        services.current = new
        go_on.set()
        answers = len(content.answers)
        assert await begun == [(old.guide, content.folder, answers, answers)] * 3
        after = await asyncio.create_task(request(has_begun, go_on))
        assert after == [(new.guide, tmp_path, 0, 0)] * 3

    asyncio.run(run())
    store.close()
