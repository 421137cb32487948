"""Source files, read with distrust: encoding, byte order marks, decomposed accents, binaries."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from loaders.errors import SourceError

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of one source file: the largest register snapshot is a tenth of it."""

_UNPACK: dict[str, Callable[[io.BytesIO], gzip.GzipFile | lzma.LZMAFile]] = {
    ".gz": lambda packed: gzip.GzipFile(fileobj=packed),
    ".xz": lzma.LZMAFile,
}


@dataclass(frozen=True)
class SourceFile:
    """One file of a dataset: where it is, and its name within the dataset.

    `beside` are the other files of that dataset in this build: a register may be published as
    several tables that tell one thing together.
    """

    path: Path
    name: str
    beside: tuple[SourceFile, ...] = field(default=(), compare=False, repr=False)

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file; raises SourceError where they cannot be read."""
        try:
            if self.path.stat().st_size > LARGEST_FILE:
                raise SourceError(f"{self.name} is larger than {LARGEST_FILE} bytes: split it")
            return self.path.read_bytes()
        except OSError as error:
            raise SourceError(f"{self.name} cannot be read: {error.strerror}") from error

    def _decompressed(self) -> bytes:
        unpack = _UNPACK.get(self.path.suffix)
        if unpack is None:
            return self.content
        try:
            with unpack(io.BytesIO(self.content)) as stream:
                content = stream.read(LARGEST_FILE + 1)
        except (OSError, EOFError, lzma.LZMAError) as error:
            raise SourceError(f"{self.name} cannot be decompressed: {error}") from error
        if len(content) > LARGEST_FILE:
            raise SourceError(f"{self.name} holds more than {LARGEST_FILE} bytes: split it")
        return content

    @cached_property
    def checksum(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def text(self) -> str:
        """The words of the file, in composed accents (NFC) and with one kind of line end.

        UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252; decompressed
        where its name ends in .gz or .xz. Raises SourceError for an empty or a binary file.
        """
        content = self._decompressed()
        if not content.strip(b"\0\t\n\r\f\v \xef\xbb\xbf"):
            raise SourceError(f"{self.name} is empty: save the page again")
        text = unicodedata.normalize("NFC", _decode(content, self.name))
        odd = sum(c < " " and c not in "\t\n\r\f\v" for c in text[:4096])
        if odd:
            raise SourceError(f"{self.name} is binary: give the page as text or HTML")
        return "\n".join(text.replace("\u2028", "\n").splitlines())


def _decode(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        # Windows-1252 leaves five bytes undefined: what has them is no text of an office's.
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{name} is in no known encoding: save it as UTF-8")


def source_files(place: Path) -> Iterator[SourceFile]:
    """The files at a path, a file or a folder, in the order of their names; hidden ones left out.

    Raises SourceError where there is nothing at that path.
    """
    if place.is_file():
        yield SourceFile(place, place.name)
    elif place.is_dir():
        for path in sorted(place.rglob("*")):
            relative = path.relative_to(place)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                yield SourceFile(path, relative.as_posix())
    else:
        raise SourceError(f"{place.name}: no such file or folder")
