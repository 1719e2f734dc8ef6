"""The service, but it is killed between storing a turn and answering it, once the file ``$DIE`` is there."""

import os
import signal
from pathlib import Path

from send_guide import releases
from send_guide.cli import main
from send_guide.service import Guide, Message, Turn

DIE = Path(os.environ["DIE"])


class Dying(Guide):
    """Answers like the real one until it dies."""

    async def handle(self, message: Message) -> Turn:
        turn = await super().handle(message)
        if DIE.exists():  # noqa: ASYNC240 - it ends here
            os.kill(os.getpid(), signal.SIGKILL)
        return turn


vars(releases)["Guide"] = Dying
main.main()
