"""The fixtures of all tests: a build of the shipped sources, and real records where they lie."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from loaders.build import build as building
from loaders.build.build import build
from loaders.sources.reading import Sources

ROOT = Path(__file__).parent.parent
SOURCES = ROOT.parent / "shared" / "sources"
SMALL = frozenset({"associations", "atlas", "countries", "curated"})
"""The datasets that a build takes seconds for: what is no register of a country's authorities."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate", action="store_true", help="Write the expected files anew; read the diff."
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those over the build of all that ships, and give them the time that it takes."""
    for item in items:
        if "built_home" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.full)
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    """True where expected files are to be written anew."""
    return bool(request.config.getoption("--regenerate"))


@pytest.fixture(scope="session", autouse=True)
def closed_once() -> Iterator[None]:
    """Let owlrl close the shipped vocabulary once for all builds in the process of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "closed_vocabulary", cache(building.closed_vocabulary))
        yield


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a build of the small datasets; not to be changed."""
    home = tmp_path_factory.mktemp("small")
    build(home, Sources(only=SMALL))
    return home


@pytest.fixture(scope="session")
def five_builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with five builds of changing cited rows, and their versions; the last is served.

    From the fourth to the fifth one row in a hundred is another.
    """
    home, folder = tmp_path_factory.mktemp("five"), tmp_path_factory.mktemp("rows")
    given = ROOT / "loaders" / "datasets" / "cited" / "source"
    head, *rows = (given / "partnerships.csv").read_text("utf-8").splitlines()[:121]
    for name in ("associations", "funding"):
        (folder / f"{name}.csv").write_bytes((given / f"{name}.csv").read_bytes())
    contents = [
        rows[:100],
        rows[10:110],
        rows[5:],
        rows[1:101],
        [rows[1].replace(",1989,", ",1990,"), *rows[2:101]],
    ]
    built = []
    for content in contents:
        (folder / "partnerships.csv").write_text("\n".join([head, *content, ""]), "utf-8")
        sources = Sources({"cited": [folder]}, only=frozenset({"cited", "countries"}))
        built.append(building.build(home, sources).version)
    return home, built


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a build of all that ships: it takes a minute; not to be changed.

    MAILLAGE_TEST_HOME names one that was built before.
    """
    if built := os.environ.get("MAILLAGE_TEST_HOME"):
        return Path(built)
    home = tmp_path_factory.mktemp("home")
    build(home)
    return home


@pytest.fixture(scope="session")
def real_sources() -> Path:
    """The folder of real records; the test is skipped where it is absent."""
    if not SOURCES.is_dir():
        pytest.skip("the real records are not at hand")
    return SOURCES


@pytest.fixture(scope="session")
def site(built_home: Path) -> Iterator[str]:
    """The address of `maillage serve` over the build of the shipped sources."""
    command = [sys.executable, "-m", "server.cli.main", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--home", str(built_home)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    told = process.stdout.readline()
    address = re.search(r"http://[\d.:]+", told)
    assert address, told
    yield address[0]
    process.terminate()
    assert process.wait(120) == 0
