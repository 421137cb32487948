"""Writes the golden results anew: `python tests/queries/regenerate.py`, then read the diff."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from loaders.build.build import build
from queries import catalogue


def main() -> None:
    """Build the shipped sources, and write what each query answers with its defaults."""
    folder = Path(__file__).parent
    for golden in folder.glob("*.csv"):
        golden.unlink()
    with TemporaryDirectory() as home:
        build(Path(home))
        store = ox.Store.read_only(str(Path(home, "current", "store")))
        for name, query in catalogue().items():
            with (folder / f"{name}.csv").open("wb") as golden:
                store.query(query.text).serialize(golden, format=ox.QueryResultsFormat.CSV)


if __name__ == "__main__":
    main()
