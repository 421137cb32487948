from pathlib import Path

import pytest

from tests.datasets.associations.pages import AssociationPage, Written, read


@pytest.fixture
def page(tmp_path: Path) -> Written:
    """Writes a page down, as text or as bytes, and reads it."""

    def written(content: str | bytes) -> AssociationPage:
        path = tmp_path / "page.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path)

    return written
