"""Writes the golden results anew: `python tests/queries/regenerate.py`, then read the diff.

A query has a golden result where its file stands; to give it one, make the file, empty.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from loaders.build.build import build
from queries import catalogue


def main() -> None:
    """Build the shipped sources, and write what each query answers with its defaults."""
    folder = Path(__file__).parent
    with TemporaryDirectory() as home:
        build(Path(home))
        store = ox.Store.read_only(str(Path(home, "current", "store")))
        for name, query in catalogue().items():
            if not (folder / f"{name}.csv").is_file():
                continue
            with (folder / f"{name}.csv").open("wb") as golden:
                store.query(query.text).serialize(golden, format=ox.QueryResultsFormat.CSV)


if __name__ == "__main__":
    main()
