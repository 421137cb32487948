"""`maillage infer`: what follows from a small graph of somebody's own under our ontology."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import pyoxigraph as ox
from rdflib import Graph

from loaders.errors import SourceError
from loaders.progress import Progress, ShownProgress, Silent
from ontology.namespaces import PREFIXES
from ontology.rules.closure import ContradictionError, following
from server.cli.options import answers_for_errors

MOST_TRIPLES = 10_000
"""Triples that are closed unless told otherwise: some twenty seconds."""

RATE = 500
"""Triples that owlrl closes in a second, the vocabulary's among them; benchmarks/inference."""

VOCABULARY_SECONDS = 7

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "--format", "format_name", type=click.Choice([*FORMATS]), default="turtle", show_default=True
)
@click.option("--new", "only_new", is_flag=True, help="Write what follows without what is stated.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=MOST_TRIPLES,
    show_default=True,
    help="Refuse more triples than this: owlrl takes its time.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@answers_for_errors
def infer(
    files: tuple[Path, ...], format_name: str, only_new: bool, limit: int, quiet: bool
) -> None:
    """Write what follows from the triples of FILE... under OWL 2 RL and the ontology of Maillage.

    owlrl derives it. Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD are read, by the names
    of the files; the graphs of all are taken as one.

    \b
    maillage infer towns.ttl
    maillage infer towns.ttl partners.nt --new --format ntriples
    """
    stated = read_files(files)
    found = inferred(stated, limit, Silent() if quiet else ShownProgress())
    triples = found if only_new else [*stated, *found]
    sys.stdout.buffer.write(written(triples, FORMATS[format_name]))


def read_files(paths: Iterable[Path]) -> list[ox.Triple]:
    """The triples of RDF files; raises SourceError with file and line for what cannot be read."""
    found: dict[ox.Triple, None] = {}
    for path in paths:
        known = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
        if known is None:
            raise SourceError(
                f"{path}: the name does not tell the format: call it .ttl, .nt, .nq, .trig, .rdf "
                "or .jsonld"
            )
        try:
            # A blank node is one of its file.
            text = path.read_bytes().removeprefix(BOM_UTF8)
            quads = list(ox.parse(text, format=known, rename_blank_nodes=True))
        except SyntaxError as error:
            line = f", line {error.lineno}" if error.lineno else ""
            raise SourceError(f"{path}{line}: {error.msg}") from error
        except (OSError, ValueError) as error:
            raise SourceError(f"{path} cannot be read: {error}") from error
        if any(isinstance(quad.object, ox.Triple) for quad in quads):
            raise SourceError(f"{path}: triples about triples (RDF 1.2) are not OWL 2 RL's")
        found.update(dict.fromkeys(quad.triple for quad in quads))
    return list(found)


def inferred(stated: Sequence[ox.Triple], limit: int, progress: Progress) -> list[ox.Triple]:
    """The inferences from triples that are worth publishing.

    Raises SourceError for more triples than the limit, with the time that they would take, and
    where they contradict themselves or the ontology.
    """
    seconds = VOCABULARY_SECONDS + len(stated) / RATE
    if len(stated) > limit:
        raise SourceError(
            f"{len(stated)} triples: owlrl would take about {_duration(seconds)}; "
            f"`--limit {len(stated)}` lets it, and `maillage build` infers over millions"
        )
    progress.say(f"owlrl closes {len(stated)} triples: about {_duration(seconds)}")
    graph = Graph().parse(data=ox.serialize(stated, format=ox.RdfFormat.N_TRIPLES), format="nt")
    try:
        follows = following(graph)
    except ContradictionError as error:
        raise SourceError(f"the triples contradict the ontology: {error}") from error
    text = follows.serialize(format="nt", encoding="utf-8")
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]


def written(triples: Iterable[ox.Triple], known: ox.RdfFormat) -> bytes:
    """The triples in a format, sorted, with those prefixes of Maillage that shorten any."""
    ordered = sorted(set(triples), key=str)
    text = " ".join(map(str, ordered))
    used = {prefix: name for prefix, name in PREFIXES.items() if f"<{name}" in text}
    return ox.serialize(ordered, format=known, prefixes=used) or b""


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
