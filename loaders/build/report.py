"""The report of a build: `report.json` for machines, `report.txt` for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loaders.build.graphs import Graphs
from loaders.build.validation import Finding
from loaders.identity.unresolved import later_names, unresolved
from loaders.model.iris import graph_iri
from loaders.sources.reading import Read

SHOWN = 20
"""Notes and findings of one kind that the summary shows; the report has more."""

LISTED = 200
"""Findings of one rule that the report lists; the others are counted."""


QUIET = ("info", "untied")
"""Levels of notes with which nothing is wrong: the summary shows them elsewhere or not at all."""


def report(reads: Sequence[Read], graphs: Graphs, found: Sequence[Finding]) -> dict[str, Any]:
    """Everything that happened, the same for the same input; no value longer than an excerpt."""
    return {
        "datasets": [_dataset(outcome, graphs) for outcome in reads],
        "validation": {
            "counts": dict(sorted(Counter(finding.severity for finding in found).items())),
            "rules": dict(sorted(Counter(finding.rule for finding in found).items())),
            "findings": [finding.as_json() for finding in _listed(found)],
        },
        "triples": {graph: len(lines) for graph, lines in sorted(graphs.named.items())},
        "unresolved": unresolved(graphs.resolutions, graphs.register),
        "later names": later_names(graphs.resolutions),
    }


def _listed(found: Iterable[Finding]) -> Iterator[Finding]:
    """The first findings of each rule."""
    seen: Counter[str] = Counter()
    for finding in found:
        seen[finding.rule] += 1
        if seen[finding.rule] <= LISTED:
            yield finding


def _dataset(outcome: Read, graphs: Graphs) -> dict[str, Any]:
    graph_iris = [graph_iri(outcome.dataset.name, record.key) for record in outcome.records]
    resolutions = [found for iri in graph_iris for found in graphs.resolutions.get(iri, ())]
    account = outcome.issues.as_json()
    untied = [note.as_json() for note in graphs.untied.get(outcome.dataset.name, ())]
    return {
        "dataset": outcome.dataset.name,
        "shipped": outcome.shipped,
        "files": account["counts"].get("files", 0),
        "records": len(outcome.records),
        "rejected": len(outcome.rejections()),
        "skipped": account["counts"].get("skipped", 0),
        "repeated": account["counts"].get("repeated", 0),
        "refused": outcome.issues.count("refused"),
        "warnings": outcome.issues.count("warning"),
        "untied": outcome.issues.count("untied") + len(untied),
        "triples": sum(len(graphs.named.get(iri, ())) for iri in graph_iris),
        "names": {
            "stated": len(resolutions),
            "resolved": sum(found.iri is not None for found in resolutions),
        },
        "lines": account["lines"],
        "left out": {
            key.removeprefix("left out: "): count
            for key, count in account["counts"].items()
            if key.startswith("left out: ")
        },
        "notes": [*account["notes"], *untied],
    }


def summary(content: dict[str, Any]) -> str:
    """The report for a person: a table of the datasets, then what wants a look."""
    columns = ("files", "records", "rejected", "skipped", "refused", "warnings", "triples")
    lines = ["dataset".ljust(14) + "".join(column.rjust(10) for column in columns)]
    lines += [
        row["dataset"].ljust(14) + "".join(str(row[column]).rjust(10) for column in columns)
        for row in content["datasets"]
    ]
    for row in content["datasets"]:
        account = ", ".join(f"{count} {fate}" for fate, count in row["lines"].items() if count)
        if account:
            lines.append(f"\n{row['dataset']}: lines {account}")
        left = ", ".join(f"{count} {what}" for what, count in row["left out"].items())
        if left:
            lines.append(f"{row['dataset']}: left out {left}")
        told = [_note(note) for note in row["notes"] if note["level"] not in QUIET]
        lines.extend(_shown(told))
    counts = content["validation"]["counts"]
    lines.append("\nvalidation: " + (", ".join(f"{n} {s}" for s, n in counts.items()) or "clean"))
    lines.extend(
        _shown(
            [
                f"{f['severity']}: {f['rule']}: {f['entity']}: {f['message'].get('en', '')}"
                for f in content["validation"]["findings"]
                if f["severity"] == "Violation"
            ]
        )
    )
    untied = [
        f"{row['dataset']}: {_note(note).removeprefix('untied: ')}"
        for row in content["datasets"]
        for note in row["notes"]
        if note["level"] == "untied"
    ]
    if untied:
        lines.append(f"\n{len(untied)} times fewer than two ends, and no tie: see report.json")
        lines.extend(_shown(untied))
    if names := content["unresolved"]:
        lines.append(f"\n{len(names)} names unresolved: decide them in report.json")
        lines.extend(_shown([f"{n['count']} {n['lookup']} ({n['why']})" for n in names]))
    if later := content["later names"]:
        lines.append(f"\n{len(later)} names of what began after their record: see report.json")
        lines.extend(_shown([f"{n['record']}: {n['name']}: {n['why']}" for n in later]))
    return "\n".join(lines) + "\n"


def _note(note: dict[str, Any]) -> str:
    place = f"{note['file']}:{note['line']}" if "line" in note else note["file"]
    return f"{note['level']}: {place}: {note['field']}: {note['value']!r}: {note['advice']}"


def _shown(lines: Sequence[str]) -> Iterable[str]:
    yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  … and {len(lines) - SHOWN} more in report.json"


def write(folder: Path, content: dict[str, Any], reads: Sequence[Read]) -> None:
    """Write the report, the summary, and one file for each record that is not published."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "report.json").write_text(text + "\n", "utf-8")
    (folder / "report.txt").write_text(summary(content), "utf-8")
    for outcome in reads:
        place = folder / "rejected" / outcome.dataset.name
        for number, rejection in enumerate(outcome.rejections(), 1):
            place.mkdir(parents=True, exist_ok=True)
            kept = json.dumps(asdict(rejection), ensure_ascii=False, indent=1)
            (place / f"{number:06}.json").write_text(kept + "\n", "utf-8")
