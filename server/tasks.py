"""Work beside the event loop's callbacks."""

import asyncio
from collections.abc import Coroutine


class Tasks:
    """Tasks that nobody waits for: the loop itself would let them be collected while they run."""

    def __init__(self) -> None:
        self.running: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Have something done beside."""
        task = asyncio.get_running_loop().create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return task
