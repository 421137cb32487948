"""The processor time of a search, by what is typed: `python benchmarks/search/run.py INDEX`.

INDEX is `names.sqlite` of a version. The searches are taken from its names at even distances, so
that two runs over one index ask the same.
"""

import argparse
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles

from server.graph.search import find, opened

EACH = 200
WHOLE = "SELECT label FROM name WHERE how != 'code' AND length(label) BETWEEN 5 AND 60 ORDER BY id"
CODES = "SELECT label FROM name WHERE how = 'code' ORDER BY id"


def main() -> None:
    """Print the median and the 99th percentile of each sort, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--each", type=int, default=EACH, help="searches of each sort")
    options = parser.parse_args()
    with closing(opened(options.index)) as db:
        searches = sorts(db, options.each)
    find(options.index, "marsielle")  # reads the words of the index, once
    print(f"{'searched':32}{'median':>9}{'p99':>9}{'slowest':>9}")
    for name, texts in searches.items():
        times = sorted((timed(options.index, text), text) for text in texts)
        took = [each for each, _ in times]
        ends = f"{median(took):9.1f}{quantiles(took, n=100)[98]:9.1f}{took[-1]:9.1f}"
        print(f"{name:32}{ends}  {times[-1][1]!r}")


def sorts(db: sqlite3.Connection, each: int) -> dict[str, Sequence[str]]:
    """The searches of each sort."""
    names = spread([label for (label,) in db.execute(WHOLE)], each)
    words = [max(name.split(), key=len) for name in names]
    return {
        "whole names": names,
        "a word of a name": words,
        "codes": spread([label for (label,) in db.execute(CODES)], each),
        "two letters exchanged": [exchanged(word) for word in words if len(word) > 4],
        "the first three to six letters": [word[: 3 + n % 4] for n, word in enumerate(words)],
        "the commonest beginnings": COMMON,
    }


COMMON = (
    *("Sa", "Sai", "Sain", "Saint", "saint-", "sainte", "St", "Mon", "Mont", "Vil", "Ville"),
    *("la", "le", "les", "com", "commune", "communauté de communes", "dou", "ouled", "de", "fr"),
    *("mar", "cha", "ché", "bea", "cou", "val", "sur", "01", "21", "2"),
)


def spread(rows: Sequence[str], count: int) -> list[str]:
    """So many of the rows, at even distances."""
    return [rows[n * len(rows) // count] for n in range(count)]


def exchanged(word: str) -> str:
    """The word with its two middle letters exchanged."""
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def timed(index: Path, text: str) -> float:
    """The milliseconds of the processor that a search takes: the least of three."""
    took = []
    for _ in range(3):
        begin = time.process_time()
        find(index, text)
        took.append(1000 * (time.process_time() - begin))
    return min(took)


if __name__ == "__main__":
    main()
