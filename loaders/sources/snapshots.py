"""Snapshots of registers as tables: the same bytes for the same facts."""

from __future__ import annotations

import csv
import io
import lzma
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from loaders.sources.refreshing import write_source


def write_table(
    folder: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Writes a table to `source/` of a dataset: `;` between cells, accents composed, .xz packed."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([unicodedata.normalize("NFC", cell).strip() for cell in row])
    content = text.getvalue().encode()
    write_source(
        folder, name, lzma.compress(content, preset=9) if name.endswith(".xz") else content
    )
