"""The address of a page, and the number of the project in it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from loaders.datasets.atlas.labels import PROSE
from loaders.datasets.atlas.reading import AtlasReading

_OWN_LINE = re.compile(
    r"(?:[^\W\d]+(?: [^\W\d]+)?\s*:\s*)?<?(https?://[^\s<>]*prjId(?:=|%3D)\d+[^\s<>]*)>?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"prjId=0*(\d+)", re.IGNORECASE)
_FILE = re.compile(r"(?:^|/)prj[-_]?0*(\d+)\.\w+$|prjId=0*(\d+)", re.IGNORECASE)


def page_address(reading: AtlasReading) -> str | None:
    """The address that the page gives as its own: in its HTML, or on a line outside its texts.

    Of several that differ the first is taken, and the others are told.
    """
    found: list[tuple[str, int | None]] = [
        (address, None) for address in reading.page.addresses if _number(address)
    ]
    in_texts = {
        line.number
        for name in PROSE
        if (section := reading.fields.get(name))
        for line in section.lines
    }
    for line in reading.page.lines:
        if line.number not in in_texts and (match := _OWN_LINE.fullmatch(line.text)):
            reading.page.mark("taken", line)
            found.append((match[1], line.number))
    for address, number in found[1:]:
        if _number(address) != _number(found[0][0]):
            reading.issues.warn(
                "address", address, "the page gives two addresses: the first is taken", line=number
            )
    return found[0][0] if found else None


def project_number(reading: AtlasReading, address: str | None, file: str) -> str | None:
    """The number of the project: of the page's address, or else of the file's name."""
    stated = _number(address or "")
    match = _FILE.search(unquote(file))
    named = next(filter(None, match.groups()), None) if match else None
    if stated and named and stated != named:
        reading.issues.warn(
            "key", file, f"the page's own address says {stated}: the file's name is not followed"
        )
    elif named and not stated:
        reading.issues.inform("key", file, "the page's number is taken from the file's name")
    return stated or named


def _number(address: str) -> str | None:
    match = _NUMBER.search(unquote(address))
    return match[1] if match else None
