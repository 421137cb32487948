"""Everything into a new version folder, then the switch.

Source files -> typed records -> one named graph each, with provenance -> deduplicated merge ->
inference -> validation -> store, search index, dumps and report -> switch. Whatever fails before
the switch leaves what is served as it was.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.resources
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from loaders import names, report, validation, versions
from loaders.dataset import registrations
from loaders.errors import RecordError, ValidationError
from loaders.graphs import Graphs, record_graphs, record_of
from loaders.inference import inferred
from loaders.progress import Progress, Silent
from loaders.reading import Read, Sources, read
from ontology import GRAPH_INFERRED, PREFIXES


@dataclass(frozen=True)
class Built:
    """A finished build: the version that is served now, and its report."""

    version: str
    new: bool
    report: dict[str, Any] = field(repr=False)


def build(
    home: Path,
    sources: Sources | None = None,
    *,
    strict: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Built:
    """The version that the sources make, served from now on.

    Raises MaillageError (DatasetError, SourceError, BuildError, and under `strict` ValidationError
    where any record is rejected or refused); what was served before is then untouched. `now` is
    written into the manifest alone, never into the data.
    """
    sources, progress = sources or Sources(), progress or Silent()
    with versions.workspace(home) as folder:
        reads, graphs, content = _prepare(sources, progress)
        if strict and faults(content):
            raise ValidationError(f"not everything could be taken\n{report.summary(content)}")
        progress.say("dumps, search index, report")
        checksum = _write(folder, graphs, content, reads)
        version = checksum[:12]
        _write_manifest(folder, version, checksum, graphs, reads, now or datetime.now(UTC))
        new = versions.publish(home, folder, version)
    return Built(version, new, content)


def rehearse(sources: Sources | None = None, *, progress: Progress | None = None) -> dict[str, Any]:
    """The report that a build of these sources would give; nothing is written."""
    return _prepare(sources or Sources(), progress or Silent())[2]


def faults(content: dict[str, Any]) -> bool:
    """Whether a report tells of anything that could not be taken."""
    rows = content["datasets"]
    breaches = content["validation"]["counts"].get("Violation", 0)
    return bool(breaches) or any(row["rejected"] or row["refused"] for row in rows)


def _prepare(sources: Sources, progress: Progress) -> tuple[list[Read], Graphs, dict[str, Any]]:
    known = registrations()
    sources.check(known)
    reads = [read(registration, sources, progress) for registration in known.values()]
    graphs, found = _settle(reads, progress)
    _check_counts(reads)
    return reads, graphs, report.report(reads, graphs, found)


def _settle(reads: list[Read], progress: Progress) -> tuple[Graphs, list[validation.Finding]]:
    """The graphs with their inferences, without the records that break a rule, and all findings."""
    held: list[validation.Finding] = []
    while True:
        graphs = record_graphs(reads)
        progress.say("inference")
        graphs.named[str(GRAPH_INFERRED)] = set(inferred(graphs.data()))
        progress.say("validation")
        store = ox.Store()
        store.bulk_load(input="".join(graphs.quads()).encode(), format=ox.RdfFormat.N_QUADS)
        data = Graph().parse(data=_n_triples(graphs.data()), format="nt")
        found = validation.findings(store, data)
        breaches = [finding for finding in found if finding.severity == "Violation"]
        if not _hold_back(reads, breaches):
            return graphs, [*held, *found]
        held.extend(breaches)


def _hold_back(reads: list[Read], breaches: Iterable[validation.Finding]) -> bool:
    """Whether any record was taken out because its entity breaks a rule."""
    out = False
    for breach in breaches:
        for graph in breach.graphs:
            if found := record_of(reads, graph):
                outcome, record = found
                outcome.records.remove(record)
                outcome.ledger.open_again(record.file, record.key)
                advice = breach.message.get("en", breach.rule)
                outcome.ledger.reject(
                    RecordError(breach.rule, breach.value or breach.entity, advice)
                )
                out = True
    return out


def _check_counts(reads: Iterable[Read]) -> None:
    """Raise ValidationError where shipped files give another count than their dataset.yml says."""
    for outcome in reads:
        expected = outcome.dataset.counts.get("records")
        if outcome.shipped and expected not in (None, len(outcome.records)):
            raise ValidationError(
                f"dataset {outcome.dataset.name}: {len(outcome.records)} records, dataset.yml "
                f"expects {expected}: see what was rejected, or mend the count\n"
                + "\n".join(str(note) for note in outcome.ledger.notes if note.level != "info")
            )


def _write(folder: Path, graphs: Graphs, content: dict[str, Any], reads: list[Read]) -> str:
    """The SHA-256 of the N-Quads, in hexadecimal, after everything else is written too."""
    n_quads = "".join(graphs.quads()).encode()
    _write_compressed(folder / "maillage.nq.gz", n_quads)
    triples = ox.parse(_n_triples(graphs.data()), format=ox.RdfFormat.N_TRIPLES)
    turtle = ox.serialize(
        (quad.triple for quad in triples), format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES)
    )
    assert turtle is not None  # noqa: S101  without an output it gives the bytes
    _write_compressed(folder / "maillage.ttl.gz", turtle)
    store = ox.Store(str(folder / "store"))
    store.bulk_load(input=n_quads, format=ox.RdfFormat.N_QUADS)
    store.optimize()
    labels = store.query(names.LABELS)
    assert isinstance(labels, ox.QuerySolutions)  # noqa: S101  a SELECT
    names.write_index(
        folder / "names.sqlite",
        ((row["iri"].value, row["label"].value, row["label"].language or "") for row in labels),
    )
    store.flush()
    report.write(folder, content, reads)
    return hashlib.sha256(n_quads).hexdigest()


def _write_manifest(
    folder: Path, version: str, checksum: str, graphs: Graphs, reads: list[Read], now: datetime
) -> None:
    data = graphs.data()
    manifest = {
        "id": version,
        "built": now.isoformat(timespec="seconds"),
        "sha256": checksum,
        "fingerprint": fingerprint() if all(outcome.shipped for outcome in reads) else None,
        "triples": len(data),
        "quads": len(data) + sum(len(lines) for lines in graphs.named.values()),
        "graphs": {graph: len(lines) for graph, lines in sorted(graphs.named.items())},
        "datasets": [
            {
                "name": outcome.dataset.name,
                "title": {"fr": outcome.dataset.title.fr, "en": outcome.dataset.title.en},
                "licence": outcome.dataset.licence,
                "rights": outcome.dataset.rights,
                "records": len(outcome.records),
            }
            for outcome in reads
        ],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text + "\n", "utf-8")


def fingerprint() -> str:
    """What a build of the shipped sources depends on: the files of both packages, hashed."""
    digest = hashlib.sha256()
    for package in ("loaders", "ontology"):
        for entry in _walk(importlib.resources.files(package)):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()


def up_to_date(home: Path) -> bool:
    """Whether the served version needs no building again.

    A version made of other sources than the shipped ones is somebody's choice, and stays.
    """
    serving = versions.current(home)
    if serving is None:
        return False
    made_of = serving.manifest.get("fingerprint")
    return made_of is None or made_of == fingerprint()


def _walk(folder: Traversable) -> Iterable[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _n_triples(lines: Iterable[str]) -> bytes:
    return "".join(f"{line} .\n" for line in sorted(lines)).encode()


def _write_compressed(path: Path, content: bytes) -> None:
    # No time in the header: the same content gives the same bytes.
    path.write_bytes(gzip.compress(content, compresslevel=6, mtime=0))
