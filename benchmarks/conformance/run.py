"""Runs W3C's SPARQL test suites over HTTP against the endpoint; prints tables in Markdown.

`python benchmarks/conformance/run.py FOLDER` runs the tests of queries of every `manifest.ttl`
below a folder, each against a `maillage serve --data` of the test's own dataset. It ends with 1
where a test fails that `known.yml` does not have, and where one passes that it has.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pyoxigraph
import suite
import yaml
from tqdm import tqdm
from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import HTTPError

HERE = Path(__file__).resolve().parent
SETTINGS = {"MAILLAGE_PORT": "0", "MAILLAGE_EVALUATORS": "1", "MAILLAGE_ACCESS_LOG": ""}
MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".nt": "application/n-triples",
}
ERRORS = (ValueError, SyntaxError, OSError, HTTPError)


@contextmanager
def serving(case: suite.Case) -> Iterator[str]:
    """The endpoint of a server of its own that holds the dataset of a test."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nq"
        pyoxigraph.serialize(case.quads(), data, pyoxigraph.RdfFormat.N_QUADS)
        start = [sys.executable, "-c", "from server.cli.main import main; main()"]
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and program)
            [*start, "serve", "--data", str(data)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **SETTINGS, "PYTHONPATH": str(HERE.parents[1])},
        )
        with process:
            try:
                told = process.stdout.readline() if process.stdout else ""
                address = re.search(r"http://[^ ]+", told)
                if address is None:
                    raise ValueError("no server starts over this data")
                yield f"{address[0]}/sparql"
            finally:
                process.terminate()


def ask(http: PoolManager, endpoint: str, query: bytes, accept: str) -> BaseHTTPResponse:
    """The answer to a query."""
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    return http.request("POST", endpoint, body=query, headers=headers, timeout=60)


def failure(case: suite.Case, http: PoolManager, endpoint: str) -> str:
    """In what the answer to a test is not the expected one; empty where it passes."""
    query = case.query.read_bytes()
    if case.kind != "evaluation" or case.result is None:
        wanted = 400 if case.kind == "negative syntax" else 200
        status = ask(http, endpoint, query, "*/*").status
        return "" if status == wanted else f"answered {status} in place of {wanted}"
    base = case.result.as_uri()
    expected = suite.read(case.result.read_bytes(), case.result.suffix, base)
    # What is expected in the vocabulary of result sets is no format of answers.
    suffix = ".nt" if isinstance(expected, pyoxigraph.Dataset) else case.result.suffix
    suffix = suffix if suffix in MEDIA_TYPES else ".srj"
    # A relative IRI is so to the file in which it stands.
    query = f"BASE <{case.query.as_uri()}> ".encode() + query
    answer = ask(http, endpoint, query, MEDIA_TYPES[suffix])
    if answer.status != 200:
        return f"answered {answer.status}: {answer.data.decode()[:200]}"
    found = suite.read(answer.data, suffix, base)
    return suite.difference(case, expected, found)


def failures(cases: Sequence[suite.Case], address: str) -> dict[suite.Case, str]:
    """The failure of each test, empty where it passes; a server for each dataset."""
    found = {}
    dataset = attrgetter("dataset")
    with tqdm(total=len(cases), unit="test") as progress:
        for _, alike in groupby(sorted(cases, key=dataset), key=dataset):
            endpoint = address
            with ExitStack() as server, PoolManager() as http:
                for case in alike:
                    try:
                        endpoint = endpoint or server.enter_context(serving(case))
                        found[case] = failure(case, http, endpoint)
                    except ERRORS as error:
                        found[case] = f"{type(error).__name__}: {error}"
                    progress.update()
    return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="Where the manifests are, at any depth")
    parser.add_argument("--only", metavar="NAME", help="A manifest's folder, or folder/test")
    parser.add_argument("--address", default="", help="Run the tests of syntax at this endpoint")
    parser.add_argument("--known", type=Path, default=HERE / "known.yml", help="What may fail")
    options = parser.parse_args()
    known = yaml.safe_load(options.known.read_text("utf-8"))
    cases = [
        replace(case, skipped="needs data of its own")
        if options.address and not case.skipped and case.kind == "evaluation"
        else case
        for case in suite.cases(options.folder)
        if options.only in (None, case.name, case.name.partition("/")[0])
    ]
    if not cases:
        parser.error("there is no such test")
    found = failures([case for case in cases if not case.skipped], options.address)
    table("manifest", Counter((case.folder, bool(said)) for case, said in found.items()))
    table("kind", Counter((case.kind, bool(said)) for case, said in found.items()))
    skipped = Counter(case.skipped for case in cases if case.skipped)
    print("\n| skipped | tests |\n|---|--:|" if skipped else "")
    for reason, times in skipped.most_common():
        print(f"| {reason} | {times} |")
    failed = {case.name: said for case, said in found.items() if said}
    mended = sorted({case.name for case in found} & set(known) - set(failed))
    print()
    for name, said in sorted(failed.items()):
        print(f"- {name}: {' '.join(said.split())} ({known.get(name, 'not known')})")
    for name in mended:
        print(f"- {name}: passes, and {options.known.name} says that it fails")
    sys.exit(bool(mended or set(failed) - set(known)))


def table(heading: str, counts: Counter[tuple[str, bool]]) -> None:
    """Print how many tests pass, of how many, in each part and in all."""
    print(f"\n| {heading} | passed | of |\n|---|--:|--:|")
    for part in sorted({part for part, _ in counts}):
        print(f"| {part} | {counts[part, False]} | {counts[part, False] + counts[part, True]} |")
    passed = sum(times for (_, failed), times in counts.items() if not failed)
    print(f"| all | {passed} | {counts.total()} |")


if __name__ == "__main__":
    main()
