"""The site over a build of the small sources, and over data that means harm, for embeds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.views.conftest import Site, running


@pytest.fixture(scope="session")
def site(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over a home of its own, in which it may freeze."""
    home = tmp_path_factory.mktemp("embed") / "home"
    shutil.copytree(small_home, home, symlinks=True)
    with running(home) as found:
        yield found
