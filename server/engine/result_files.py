"""The files in which results gather until they are sent, within a bound for all of them.

A result is kept whole before its first byte goes out. Readers may be slow, or never read: what
waits for them on disk is counted, in all and by client, so that a few cannot fill it.
"""

import threading
from collections import Counter
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO

from server.engine import IN_MEMORY, client
from server.engine.errors import Busy

RETRY_WHEN_FULL = 5


class ResultFiles:
    """The results that are on disk, of at most `limit` bytes; one client may have half of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.lock = threading.Lock()
        self.held: Counter[str] = Counter()

    def open(self) -> "ResultFile":
        """An empty result, for the client of this thread."""
        return ResultFile(self, client.get())

    def take(self, owner: str, size: int) -> None:
        """Count bytes that are about to be written; raises Busy where they are too many."""
        with self.lock:
            mine = self.held[owner] + size
            if mine > self.limit // 2 or self.held.total() + size > self.limit:
                raise Busy(RETRY_WHEN_FULL)
            self.held[owner] = mine

    def give_back(self, owner: str, size: int) -> None:
        """Count bytes out again."""
        with self.lock:
            self.held[owner] -= size
            if self.held[owner] <= 0:
                del self.held[owner]


class ResultFile:
    """One result: in memory while it is short, then in a temporary file."""

    def __init__(self, files: ResultFiles, owner: str) -> None:
        self.files = files
        self.owner = owner
        self.file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with this)
        self.size = 0
        self.counted = 0

    def write(self, data: bytes) -> None:
        """Add some bytes; raises Busy where no more may be held, or where the disk is full."""
        self.size += len(data)
        if self.size > IN_MEMORY:
            self.files.take(self.owner, self.size - self.counted)
            self.counted = self.size
        try:
            self.file.write(data)
        except OSError:
            raise Busy(RETRY_WHEN_FULL) from None

    def read(self, size: int = -1) -> bytes:
        """The next bytes; all that are left where no size is given."""
        return self.file.read(size)

    def seek(self, place: int) -> None:
        """Read from there on; raises Busy where the disk is too full for the last bytes."""
        try:
            self.file.seek(place)
        except OSError:
            raise Busy(RETRY_WHEN_FULL) from None

    def close(self) -> None:
        """Let go of the bytes."""
        with suppress(OSError):  # bytes that found no room are gone
            self.file.close()
        if self.counted:
            self.files.give_back(self.owner, self.counted)
            self.counted = 0

    def __enter__(self) -> "ResultFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
