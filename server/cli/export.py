"""The command `export`: all of the data, one graph, or a part, in a file."""

from __future__ import annotations

import gzip
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import click

from loaders.build.dumps import N_QUADS, TURTLE
from loaders.progress import Progress, ShownProgress, Silent
from loaders.versions import current
from server.cli import local_store as offline
from server.cli.options import HOME, answers_for_errors
from server.graph.exports import DEPTHS, SCOPES, THEMED, TYPES, WHOLE, find_part
from server.http.formats import named
from server.linked_data.exports.formats import FORMATS
from server.linked_data.exports.writing import Export
from server.linked_data.serialisation import UnwritableError
from server.linked_data.whole_graphs import read_notice, write

KINDS = tuple(kind for kind in TYPES if kind not in ("graph", "theme"))
DUMPED = {"turtle": TURTLE, "nquads": N_QUADS}
"""The formats that a version has ready, as a site sends them."""
TABLES = tuple(entry.name for entry in FORMATS if entry.name not in offline.EXPORTS)


def part_options(command: click.decorators.FC) -> click.decorators.FC:
    """An option for each type of part."""
    for kind in reversed(KINDS):
        command = click.option(f"--{kind}", metavar="KEY", help=f"One {kind}, by its key.")(command)
    return command


@click.command()
@HOME
@click.option(
    "--format",
    "format_name",
    default="turtle",
    show_default=True,
    type=click.Choice([*offline.EXPORTS, *TABLES]),
    help="N-Quads and TriG hold every graph, the others the merge; tables are for parts.",
)
@click.option("--graph", help="One named graph: its IRI, or atlas/9318, inferred, provenance …")
@part_options
@click.option("--theme", metavar="KEY", help="One theme; beside another part: its ties on it.")
@click.option("--depth", type=click.IntRange(DEPTHS[0], DEPTHS[-1]), help="1 unless told.")
@click.option("--scope", type=click.Choice(SCOPES), help="What is stated, what is inferred.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else stdout."
)
@answers_for_errors
def export(
    home: Path,
    format_name: str,
    graph: str | None,
    theme: str | None,
    depth: int | None,
    scope: str | None,
    quiet: bool,
    output: Path | None,
    **parts: str | None,
) -> None:
    r"""Take the data away: all of it, one graph, or a part as /export/… gives it.

    \b
    maillage export --country MLI --theme eau-assainissement --format xlsx --output mali.xlsx
    maillage export --dataset atlas --format csvw --output atlas.csv.zip

    Keys are those of the addresses: /doc/country/MLI, /doc/authority/fra-cog-91228.
    """
    given = [(kind, key) for kind, key in parts.items() if key is not None]
    if theme is not None and not given:
        given, theme = [("theme", theme)], None
    if len(given) > 1 or (given and graph):
        named_ = ", ".join(f"--{kind}" for kind, _ in given) + (", --graph" if graph else "")
        raise click.UsageError(f"one part at a time, not {named_}")
    if not given:
        whole(home, format_name, graph, output, narrowed=depth is not None or bool(scope))
        return
    ((kind, key),) = given
    if theme and kind not in THEMED:
        raise click.UsageError(f"a {kind} has no ties on a theme; {', '.join(THEMED)} have")
    if depth is not None and kind in WHOLE:
        raise click.UsageError(f"a {kind} has no depth: it is what its graphs state")
    narrowing = {"depth": 1 if depth is None else depth, "scope": scope or "", "theme": theme or ""}
    with TemporaryDirectory(dir=output.parent if output else None) as folder:
        made = Path(folder) / "export"
        progress = Silent() if quiet else ShownProgress()
        write_part(home, kind, key, format_name, made, progress, **narrowing)  # type: ignore[arg-type]
        if output:
            made.replace(output)  # what looks whole is whole
            return
        with made.open("rb") as content:
            shutil.copyfileobj(content, sys.stdout.buffer, 1 << 20)


def whole(
    home: Path, format_name: str, graph: str | None, output: Path | None, *, narrowed: bool
) -> None:
    """Write all of the data, or a graph."""
    if format_name in TABLES:
        raise click.UsageError(f"{format_name} is for parts: name one, as --country MLI")
    if narrowed:
        raise click.UsageError("--depth and --scope are of a part: name one, as --country MLI")
    serving = current(home)
    dump = (
        serving.folder / f"{DUMPED[format_name]}.gz" if serving and format_name in DUMPED else None
    )
    if dump and dump.is_file() and not graph:
        with gzip.open(dump) as content, opened(output) as stream:
            shutil.copyfileobj(content, stream, 1 << 20)
        return
    store = offline.open_store(home)
    node, entry = offline.graph_of(store, format_name, graph), named(format_name, FORMATS)
    if entry is None or serving is None:  # which `open_store` has made sure of
        raise offline.QuestionError(format_name)
    notice = [] if graph else read_notice(serving.folder)
    with opened(output) as stream:
        write(store, node, entry, notice, stream)


@contextmanager
def opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The file to write, in its place once it is whole; or the standard output, left open."""
    if output is None:
        yield sys.stdout.buffer
        return
    with TemporaryDirectory(dir=output.parent) as folder:
        made = Path(folder) / "export"
        with made.open("wb") as stream:
            yield stream
        made.replace(output)


def write_part(
    home: Path,
    kind: str,
    key: str,
    format_name: str,
    target: Path,
    progress: Progress,
    *,
    depth: int,
    scope: str,
    theme: str,
) -> None:
    """Write a part to a file, the bytes that a server gives; QuestionError where it is none."""
    entry = named(format_name, FORMATS)
    serving = current(home)
    with offline.local_engine(home) as engine:
        part = find_part(engine, kind, key, depth, scope, theme)
        if part is None or entry is None or serving is None:
            raise offline.QuestionError(f"no {kind} {key!r}: its key is that of /doc/… on a site")
        made = Export(engine, serving.id, serving.manifest, part, progress, serving.folder)
        try:
            made.write(entry, target)
        except UnwritableError as error:
            raise offline.QuestionError(f"{format_name} cannot hold {error}") from error
