"""The change feed of a home folder: what each version that came to be served changed.

    HOME/feed/feed.json     the steps: from which version to which, when, and what changed
             feed.ttl       the same as the root of a Linked Data Event Stream, leading to
             1.trig …       its pages: written once, never changed, served by any web server

A page holds events of ActivityStreams 2.0 (`as:Create`, `as:Update`, `as:Delete`), each with the
thing that it is about (`as:object`), a time, and in a named graph of the event's own IRI all
triples of the merge about the thing, as they are from then on. Times stand here and in manifests
only. The specifications: https://w3id.org/ldes/specification, https://w3id.org/tree/specification.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from loaders.build.differences import Change, Counts, comparable, compare
from loaders.errors import BuildError
from loaders.versions import BuiltVersion, current, versions
from ontology.namespaces import PREFIXES, RDF, XSD

FOLDER: Final = "feed"
STATE: Final = "feed.json"
ROOT: Final = "feed.ttl"
PUBLIC: Final = "https://w3id.org/maillage/"
STREAM: Final = f"{PUBLIC}feed"
VERSION: Final = f"{PUBLIC}version/"
AS: Final = "https://www.w3.org/ns/activitystreams#"
TREE: Final = "https://w3id.org/tree#"
MEMBERS: Final = 1_000
TRIPLES: Final = 20_000
"""The events and the triples at which a page is full: one or two megabytes."""

HEAD = """\
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix tree: <https://w3id.org/tree#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/maillage/feed> a ldes:EventStream ;
    dct:title "Ce qui change dans Maillage"@fr, "What changes in Maillage"@en ;
    ldes:timestampPath as:published ;
    ldes:versionOfPath as:object ;
    ldes:versionCreateObject as:Create ;
    ldes:versionUpdateObject as:Update ;
    ldes:versionDeleteObject as:Delete ;
    tree:view <> .

<> a tree:Node ."""
"""The head of the root. Its pages have relative addresses, so that it may lie anywhere."""
PAGE_HEAD = "<> a <https://w3id.org/tree#Node> ; <https://w3id.org/ldes#immutable> true .\n"


@dataclass(frozen=True)
class Step:
    """One change of what is served; the first has neither a version before it nor pages."""

    version: str
    before: str
    at: str
    """The time of it, as xsd:dateTime; each is later than the one before."""
    triples: int
    """Triples of the merge from then on."""
    pages: Sequence[int] = ()
    merge: Counts = field(default_factory=Counts)
    datasets: dict[str, Counts] = field(default_factory=dict)


def steps(home: Path) -> list[Step]:
    """The steps of the feed, the oldest first; none before there is a feed."""
    try:
        content = json.loads((home / FOLDER / STATE).read_bytes())
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise BuildError(f"{home / FOLDER / STATE} cannot be read: {error}") from error
    return [_step(each) for each in content["steps"]]


def follow(home: Path, now: datetime | None = None) -> list[Step]:
    """The steps that the feed lacked until now; none where it leads to what is served.

    A feed that is begun goes through all versions that are kept. Raises BuildError where a version
    is not there any more, or has no whole dump; the feed is then as it was.
    """
    serving = current(home)
    if serving is None:
        raise BuildError(f"there is no version in {home}: run `maillage build` first")
    with _alone(home / FOLDER):
        known = steps(home)
        added: list[Step] = []
        for version in _missing(home, known, serving):
            step = _made(home, [*known, *added], version, now or datetime.now(UTC))
            added.append(step)
            content = {"steps": [asdict(each) for each in (*known, *added)]}
            _write(home / FOLDER / STATE, json.dumps(content, indent=1).encode() + b"\n")
        root = root_of([*known, *added]).encode()
        path = home / FOLDER / ROOT
        if not path.is_file() or path.read_bytes() != root:
            _write(path, root)
    return added


def _missing(home: Path, known: Sequence[Step], serving: BuiltVersion) -> list[BuiltVersion]:
    """The versions that the feed has to go through to what is served."""
    if known:
        return [] if known[-1].version == serving.id else [serving]
    kept = [each for each in reversed(versions(home)) if comparable(each)]
    return kept if kept and kept[-1].id == serving.id else [*kept, serving]


def _made(home: Path, known: Sequence[Step], version: BuiltVersion, now: datetime) -> Step:
    """The step to a version, its pages written."""
    triples = version.manifest.get("triples", 0)
    at = moment(known[-1].at if known else "", version.manifest.get("built", ""), now)
    if not known:
        return Step(version.id, "", at, triples)
    before = next((each for each in versions(home) if each.id == known[-1].version), None)
    if before is None:
        raise BuildError(
            f"the feed is at version {known[-1].version}, which is not kept any more: "
            f"move {home / FOLDER} away for a new feed to begin"
        )
    first = 1 + sum(len(each.pages) for each in known)
    pages = _Pages(home / FOLDER, first, at)
    found = compare(before, version, pages.add)
    pages.close()
    numbers = list(range(first, pages.number))
    return Step(version.id, before.id, at, triples, numbers, found.merge, found.datasets)


def moment(last: str, built: str, now: datetime) -> str:
    """The time of a step: of the build, else now, and in any case after the last."""
    floor = datetime.fromisoformat(last) + timedelta(seconds=1) if last else None
    told = datetime.fromisoformat(built) if built else now
    if floor and told < floor:
        told = max(now, floor)
    return told.astimezone(UTC).isoformat(timespec="seconds")


class _Pages:
    """The pages of a step, filled one after the other."""

    def __init__(self, folder: Path, first: int, at: str) -> None:
        self.folder, self.number, self.at = folder, first, at
        self.quads: list[Quad] = []
        self.events = 0

    def add(self, change: Change) -> None:
        """Put the event of a change on the page at hand."""
        self.events += 1
        event = NamedNode(f"{STREAM}/{self.number}#{self.events}")
        self.quads += [
            Quad(NamedNode(STREAM), NamedNode(f"{TREE}member"), event),
            Quad(event, NamedNode(str(RDF.type)), NamedNode(f"{AS}{change.kind}")),
            Quad(event, NamedNode(f"{AS}object"), NamedNode(change.iri)),
            Quad(
                event,
                NamedNode(f"{AS}published"),
                Literal(self.at, datatype=NamedNode(str(XSD.dateTime))),
            ),
        ]
        lines = b"".join(change.after)
        for quad in parse(lines, RdfFormat.N_TRIPLES, lenient=True):
            self.quads.append(Quad(quad.subject, quad.predicate, quad.object, event))
        if self.events >= MEMBERS or len(self.quads) >= TRIPLES:
            self.close()

    def close(self) -> None:
        """Write the page at hand, unless it is empty."""
        if not self.events:
            return
        known = {**PREFIXES, "as": AS, "tree": TREE}
        body = serialize(self.quads, format=RdfFormat.TRIG, prefixes=known) or b""
        _write(self.folder / f"{self.number}.trig", body + PAGE_HEAD.encode())
        self.number += 1
        self.quads, self.events = [], 0


def root_of(known: Sequence[Step]) -> str:
    """The root of the feed in Turtle: the versions with their times, and the way to each page."""
    parts = [HEAD]
    for step in known:
        time = f'"{step.at}"^^xsd:dateTime'
        parts.append(
            f"<{VERSION}{step.version}> a dcat:Dataset ; dct:issued {time} ; "
            f"void:triples {step.triples} ."
        )
        parts += (
            f"<> tree:relation [ a tree:{kind}Relation ; tree:path as:published ; "
            f"tree:value {time} ; tree:node <{page}.trig> ] ."
            for page in step.pages
            for kind in ("GreaterThanOrEqualTo", "LessThanOrEqualTo")
        )
    return "\n".join(parts) + "\n"


def _step(content: dict[str, Any]) -> Step:
    datasets = {name: Counts(**counts) for name, counts in content["datasets"].items()}
    return Step(**{**content, "merge": Counts(**content["merge"]), "datasets": datasets})


def _write(path: Path, content: bytes) -> None:
    """Put a whole file in its place."""
    made = path.with_name(f".{path.name}")
    made.write_bytes(content)
    made.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The feed to oneself, however many builds end at once."""
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
