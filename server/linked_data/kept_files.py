"""Files that are written when they are first asked for, and kept while there is room.

What is large lies in a file before its first byte is sent: its length, its checksum and ranges of
it can be told, and nothing that looks whole is half written. Each file is made once, whoever else
wants it waits a while; some are made side by side, more callers are told to come back. Together
they take no more than `ROOM` bytes of the disk, and leave `SPARE` bytes of it free.
"""

import hashlib
import shutil
import tempfile
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Final

from flask import Response, send_file

from server.engine.errors import Busy
from server.http.formats import Format

ROOM: Final = 2 << 30
SPARE: Final = 512 << 20
WRITERS: Final = 3
"""Files that are written at the same time."""
WAIT: Final = 20.0
"""Seconds for which a caller waits until another file is done."""
TURN: Final = 60.0
"""Seconds for which a caller waits until another has written the same file, or failed to."""
RETRY_AFTER: Final = 10


@dataclass(frozen=True)
class Written:
    """A file that is whole: where it is, its size in bytes and its SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str


@dataclass
class _Turn:
    """The lock of who writes a file, and how many callers want that file."""

    lock: Lock = field(default_factory=Lock)
    callers: int = 0


class KeptFiles:
    """Files by what they are of; those asked for last stay."""

    def __init__(self, room: int = ROOM, parent: Path | None = None) -> None:
        """`parent` is where their folder is made; None: where temporary files are."""
        self.room, self.parent = room, parent
        self._lock = Lock()
        self._turns: dict[Hashable, _Turn] = {}
        self._files: OrderedDict[Hashable, Written] = OrderedDict()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._number = 0
        self._writers = BoundedSemaphore(WRITERS)

    def find(self, key: Hashable, write: Callable[[Path], object]) -> Written:
        """The file of that key, which `write` writes where it is told to if there is none.

        Raises Busy where too many are being written or the disk is full, and whatever `write` does.
        """
        with self._turn(key):
            with self._lock:
                found = self._files.get(key)
                if found and found.path.is_file():
                    self._files.move_to_end(key)
                    return found
            found = self._written(write)
            with self._lock:
                self._files[key] = found
                self._make_room()
            return found

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        """The turn of a caller among those who want the same file; Busy where it does not come.

        Nothing of a key is kept when the last has gone: a key may hold a whole query.
        """
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.callers += 1
        try:
            if not turn.lock.acquire(timeout=TURN):
                raise Busy(RETRY_AFTER)
            try:
                yield
            finally:
                turn.lock.release()
        finally:
            with self._lock:
                turn.callers -= 1
                if not turn.callers:
                    del self._turns[key]

    def _written(self, write: Callable[[Path], object]) -> Written:
        if not self._writers.acquire(timeout=WAIT):
            raise Busy(RETRY_AFTER)
        try:
            path = self._new_path()
            try:
                if shutil.disk_usage(path.parent).free < SPARE:
                    raise Busy(RETRY_AFTER)
                write(path)
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                return Written(path, path.stat().st_size, digest)
            except BaseException as error:
                path.unlink(missing_ok=True)
                if isinstance(error, OSError):  # the disk is full
                    raise Busy(RETRY_AFTER) from error
                raise
        finally:
            self._writers.release()

    def _new_path(self) -> Path:
        with self._lock:
            if self._folder is None or not Path(self._folder.name).is_dir():
                self._folder = tempfile.TemporaryDirectory(
                    prefix="maillage-files-", dir=self.parent
                )
            self._number += 1
            return Path(self._folder.name) / str(self._number)

    def _make_room(self) -> None:
        """Let go of the files that were not asked for the longest, but for the last one."""
        while len(self._files) > 1 and sum(f.size for f in self._files.values()) > self.room:
            # Who is reading it goes on: the file lives until the last has closed it.
            self._files.popitem(last=False)[1].path.unlink(missing_ok=True)


FILES: Final = KeptFiles()
"""The kept files of this process."""


def send_written(written: Written, entry: Format, name: str) -> Response:
    """A file as an answer, with ranges, its ETag and its digest (RFC 9110, 14; RFC 9530, 3)."""
    response = send_file(
        written.path, download_name=name, conditional=True, etag=written.sha256[:32]
    )
    # The file is as old as the first request for it; its content is not.
    response.headers.pop("Last-Modified", None)
    response.headers["Content-Type"] = entry.content_type
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Repr-Digest"] = (
        f"sha-256=:{b64encode(bytes.fromhex(written.sha256)).decode()}:"
    )
    return response
