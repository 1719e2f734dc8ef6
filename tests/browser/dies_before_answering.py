"""The service, but it is killed between storing a turn and answering it, once the file ``$DIE`` is there."""

import os
import signal
from pathlib import Path
from typing import Any

from send_guide import server
from send_guide.cli import main
from send_guide.rasa_adapter.conversations import Conversations

DIE = Path(os.environ["DIE"])


class Dying(Conversations):
    """Answers like the real one until it dies."""

    async def _answer(self, *given: Any) -> Any:
        answered = await super()._answer(*given)
        if DIE.exists():  # noqa: ASYNC240 - it ends here
            os.kill(os.getpid(), signal.SIGKILL)
        return answered


server.Conversations = Dying  # type: ignore[misc, attr-defined]
main.main()
