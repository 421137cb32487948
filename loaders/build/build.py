"""Everything into a new version folder, then the switch.

Source files -> typed records -> one named graph each, with provenance -> deduplicated merge, with
the vocabulary that owlrl closed meanwhile -> inference -> validation -> store, search index, dumps
and report -> switch -> change feed. Whatever fails before the switch leaves what is served as it
was; a feed that fails breaks nothing.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlsplit

import pyoxigraph as ox

from loaders import versions
from loaders.build import dumps, feed, report
from loaders.build import index as names
from loaders.build.graphs import closed_vocabulary
from loaders.build.notice import notice
from loaders.build.partitions import NAME as PARTITIONS
from loaders.build.partitions import partitions
from loaders.build.rejection import Validated, validated_graphs
from loaders.errors import MaillageError, ValidationError
from loaders.garbage_collection import no_collection
from loaders.identity.stored_register import NAME as REGISTER
from loaders.identity.stored_register import write_register
from loaders.progress import Progress, Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Read, Sources, read, refuse_useless
from ontology.namespaces import ID

# What VoID tells of a version is counted once, while it is built.
CLASSES = "SELECT ?term (COUNT(*) AS ?n) { ?s a ?term FILTER (!isBlank(?term)) } GROUP BY ?term"
PROPERTIES = "SELECT ?term (COUNT(*) AS ?n) { ?s ?term ?o } GROUP BY ?term"
LINKS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?p ?o {
  VALUES ?p { owl:sameAs skos:exactMatch skos:closeMatch skos:broadMatch }
  ?s ?p ?o
}
"""


@dataclass(frozen=True)
class Built:
    """A finished build: the version that is served now, and its report."""

    version: str
    new: bool
    report: dict[str, Any] = field(repr=False)
    unfed: str = ""
    """The reason why the change feed does not lead to it; empty where it does."""


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
    built = now or datetime.now(UTC)
    sources = _dated(sources, built)
    with versions.workspace(home) as folder:
        reads, validated = _prepare(sources, folder, progress)
        content = report.report(reads, validated.graphs, validated.findings)
        if strict and faults(content):
            raise ValidationError(f"not everything could be taken\n{report.summary(content)}")
        progress.say("dumps, search index, report")
        report.write(folder, content, reads)
        checksum = dumps.checksum(folder)
        version = checksum[:12]
        head = notice(version, len(validated.graphs.merge), (each.dataset for each in reads))
        files = _write(folder, validated, head)
        manifest = _manifest(version, checksum, validated, reads, built, files)
        (folder / "manifest.json").write_text(manifest, "utf-8")
        counted = json.dumps(partitions(validated.graphs.merge), separators=(",", ":"))
        (folder / PARTITIONS).write_text(counted, "utf-8")
        new = versions.publish(home, folder, version)
    progress.say("change feed")
    return Built(version, new, content, unfed=fed(home, now))


def fed(home: Path, now: datetime | None = None) -> str:
    """The reason why the change feed could not be led to what is served; empty where it was."""
    try:
        feed.follow(home, now)
    except (MaillageError, OSError, ValueError) as error:
        return f"the change feed was not written: {error}; `maillage feed` tries again"
    return ""


def rehearse(sources: Sources | None = None, *, progress: Progress | None = None) -> dict[str, Any]:
    """The report that a build of these sources would give; nothing is published."""
    with TemporaryDirectory() as folder:
        dated = _dated(sources or Sources(), datetime.now(UTC))
        reads, validated = _prepare(dated, Path(folder), progress or Silent())
        return report.report(reads, validated.graphs, validated.findings)


def faults(content: dict[str, Any]) -> bool:
    """True where a report tells of anything that could not be taken."""
    rows = content["datasets"]
    breaches = content["validation"]["counts"].get("Violation", 0)
    return bool(breaches) or any(row["rejected"] or row["refused"] for row in rows)


def _prepare(sources: Sources, folder: Path, progress: Progress) -> tuple[list[Read], Validated]:
    wanted = sources.wanted(registrations())
    with no_collection(), ThreadPoolExecutor(1) as beside:
        known = beside.submit(closed_vocabulary)  # owlrl's work is that of another process
        reads = [read(registration, sources, progress) for registration in wanted]
        refuse_useless(reads, sources)
        validated = validated_graphs(reads, folder, progress, known.result())
        refuse_useless(reads, sources)
    _check_counts(reads)
    return reads, validated


def _dated(sources: Sources, built: datetime) -> Sources:
    """The sources with the day of the build, which no record comes after."""
    return replace(sources, today=sources.today or built.date())


def _check_counts(reads: Iterable[Read]) -> None:
    """Raise ValidationError where shipped files give another count than their dataset.yml says."""
    for outcome in reads:
        found = {**outcome.issues.counts, "records": len(outcome.records)}
        for what, expected in outcome.dataset.counts.items():
            if outcome.shipped and found.get(what, 0) != expected:
                raise ValidationError(
                    f"dataset {outcome.dataset.name}: {found.get(what, 0)} {what}, dataset.yml "
                    f"expects {expected}: see what was rejected, or mend the count\n"
                    + "\n".join(
                        str(note) for note in outcome.issues.notes if note.level not in report.QUIET
                    )
                )


def _write(folder: Path, validated: Validated, head: bytes) -> dict[str, dumps.Facts]:
    """Write the dumps, the search index and the register beside the store, two at a time.

    `head` stands at the beginning of the dumps, whose facts are given by their names.
    """
    with ThreadPoolExecutor(2) as pool:
        dumped = {
            dumps.N_QUADS: pool.submit(dumps.compress, folder / dumps.N_QUADS, head),
            dumps.TURTLE: pool.submit(dumps.write_turtle, folder, validated.graphs.merge, head),
        }
        work = [
            pool.submit(names.write_index, folder / "names.sqlite", validated.store),
            pool.submit(write_register, folder / REGISTER, validated.graphs.register),
        ]
        for done in work:
            done.result()
        facts = {name: done.result() for name, done in dumped.items()}
    validated.store.flush()
    return facts


def _manifest(
    version: str,
    checksum: str,
    validated: Validated,
    reads: list[Read],
    now: datetime,
    files: dict[str, dumps.Facts],
) -> str:
    graphs = validated.graphs
    content = {
        "id": version,
        "built": now.isoformat(timespec="seconds"),
        "sha256": checksum,
        "files": files,
        "fingerprint": fingerprint() if _is_default(reads) else None,
        "triples": len(graphs.merge),
        "quads": len(graphs.merge) + sum(len(lines) for lines in graphs.named.values()),
        "classes": counts(validated.store, CLASSES),
        "properties": counts(validated.store, PROPERTIES),
        "links": outward(validated.store),
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
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def counts(store: ox.Store, text: str) -> dict[str, int]:
    """What a query counts, by term, the most frequent first."""
    found = cast("ox.QuerySolutions", store.query(text))
    rows = [(row["term"].value, int(row["n"].value)) for row in found]
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))


def outward(store: ox.Store) -> list[tuple[str, str, int]]:
    """The links to things of others: how many with each property to each host."""
    found: Counter[tuple[str, str]] = Counter()
    for row in cast("ox.QuerySolutions", store.query(LINKS)):
        target = row["o"]
        if isinstance(target, ox.NamedNode) and not target.value.startswith(str(ID)):
            found[row["p"].value, urlsplit(target.value).netloc] += 1
    return [(property_, host, count) for (property_, host), count in sorted(found.items())]


def fingerprint() -> str:
    """The hash of what a build of the shipped sources depends on: the files of both packages."""
    digest = hashlib.sha256()
    for package in ("loaders", "ontology"):
        for entry in _walk(importlib.resources.files(package)):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()


def _is_default(reads: list[Read]) -> bool:
    names = {outcome.dataset.name for outcome in reads}
    return names == registrations().keys() and all(outcome.shipped for outcome in reads)


def up_to_date(home: Path) -> bool:
    """True where the served version needs no building again.

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
