"""Source files as text, packed or not."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.sources import files as sources
from loaders.sources.files import SourceFile


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("xz", lzma.compress)])
def test_a_packed_file_is_read_as_the_text_in_it(tmp_path: Path, suffix: str, pack) -> None:
    path = tmp_path / f"table.csv.{suffix}"
    path.write_bytes(pack("nom\r\nÉvry".encode("cp1252")))
    assert SourceFile(path, path.name).text() == "nom\nÉvry"


def test_a_packed_file_is_read_no_further_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 1000)
    path = tmp_path / "table.csv.xz"
    path.write_bytes(lzma.compress(b"a" * 1001))
    with pytest.raises(SourceError, match="holds more than 1000 bytes"):
        SourceFile(path, path.name).text()


def test_what_only_looks_packed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(b"nom;code\n")
    with pytest.raises(SourceError, match="cannot be decompressed"):
        SourceFile(path, path.name).text()
