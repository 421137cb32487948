"""A result that gathers: in memory while it is small, then in a temporary file."""

import tempfile
from io import BytesIO
from typing import IO

SPOOL = 1024 * 1024
"""Bytes up to which a result stays in memory."""


class Spool:
    """Bytes in the order in which they come."""

    def __init__(self) -> None:
        self.file: IO[bytes] = BytesIO()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add some."""
        if self.size <= SPOOL < self.size + len(data):
            file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever takes it)
            self.file.seek(0)
            file.write(self.file.read())
            self.file = file
        self.file.write(data)
        self.size += len(data)
