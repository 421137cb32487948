"""Engines over versions that are not served: each started when it is asked for, by one evaluator.

They read from disk, so few megabytes are held, and are let go after a while without a question.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from server.engine.errors import Busy
from server.engine.limits import Limits, PoolSize
from server.engine.pool.client import PoolEngine
from server.engine.pool.supervisor import StoreSource, supervised

IDLE = 120.0
"""Seconds without a question after which an engine is let go."""
RETRY_AFTER = 10


@dataclass
class _Opened:
    """An engine, and who is asking it."""

    stack: ExitStack
    engine: PoolEngine
    asking: int = 0
    asked: float = field(default_factory=time.monotonic)


class OlderEngines:
    """At most so many engines at once; the one that was asked last the longest ago gives way."""

    def __init__(self, limits: Limits, queue: int, most: int, idle: float = IDLE) -> None:
        self.limits, self.size, self.most, self.idle = limits, PoolSize(1, queue), most, idle
        self.lock = threading.Lock()
        self.opened: dict[str, _Opened] = {}
        self.watched = False

    @contextmanager
    def engine(self, source: StoreSource) -> Iterator[PoolEngine]:
        """The engine over a version; Busy where as many as may be are all being asked."""
        with self.lock:
            found = self.opened.get(source.version) or self._open(source)
            found.asking += 1
        try:
            yield found.engine
        finally:
            with self.lock:
                found.asking -= 1
                found.asked = time.monotonic()

    def _open(self, source: StoreSource) -> _Opened:
        while len(self.opened) >= self.most:
            free = [name for name, each in self.opened.items() if not each.asking]
            if not free:
                raise Busy(RETRY_AFTER)
            self._close(min(free, key=lambda name: self.opened[name].asked))
        stack = ExitStack()
        engine = stack.enter_context(supervised(lambda: source, self.size, self.limits))
        if not self.watched:
            self.watched = True
            threading.Thread(target=self._watch, name="maillage-older", daemon=True).start()
        self.opened[source.version] = found = _Opened(stack, engine)
        return found

    def _watch(self) -> None:
        """Let go of what is not asked any more, until nothing is left."""
        while True:
            time.sleep(self.idle / 4)
            with self.lock:
                late = time.monotonic() - self.idle
                for name, each in list(self.opened.items()):
                    if not each.asking and each.asked < late:
                        self._close(name)
                if not self.opened:
                    self.watched = False
                    return

    def _close(self, name: str) -> None:
        self.opened.pop(name).stack.close()

    def close(self) -> None:
        """Let go of all."""
        with self.lock:
            for name in list(self.opened):
                self._close(name)
