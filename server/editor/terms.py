"""The terms that a query may use, for the editor: names, labels, definitions, numbers."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ontology.namespaces import MLG, OWL
from server.engine import Engine
from server.engine.results import Term, counted
from server.graph.vocabulary import compact, vocabulary
from server.i18n import Voice
from server.questions import select
from server.site import Site
from server.versions import Version

LOCAL = re.compile(r"[a-z]+:\w(?:[\w-]*\w)?")
"""A prefixed name that needs no escapes (SPARQL 1.1 Query, 19.8, rule 169)."""
Kind = Literal["class", "property"]


@dataclass(frozen=True)
class Known:
    """A class or a property: its prefixed name, and how often the data has it."""

    iri: str
    name: str
    kind: Kind
    label: str
    definition: str
    count: int

    def row(self) -> tuple[str, str, str, str, int]:
        """What the editor is told."""
        return self.name, self.kind, self.label, self.definition, self.count


@lru_cache(maxsize=8)
def known_terms(site: Site, version: Version, language: str) -> Sequence[Known]:
    """The classes and properties of a version: those that the data has, and all of ours."""
    voice, words = Voice(language), vocabulary(site, version.id)
    defined = definitions(site.engine)
    counts: dict[Kind, Mapping[str, int]] = {
        "class": counted_terms(site.engine, version, "classes"),
        "property": counted_terms(site.engine, version, "properties"),
    }
    found: list[Known] = []
    for kind, numbers in counts.items():
        ours = [iri for iri, (each, _) in defined.items() if each == kind and iri not in numbers]
        for iri, number in [*numbers.items(), *((iri, 0) for iri in sorted(ours))]:
            _, texts = defined.get(iri, (kind, ()))
            definition = voice.choose(texts)
            told = definition.value if definition else ""
            found.append(Known(iri, written(iri), kind, words.label(iri, voice), told, number))
    return tuple(found)


def written(iri: str) -> str:
    """A term as a query has it: by its prefix, else between < and >."""
    short = compact(iri)
    return short if LOCAL.fullmatch(short) else f"<{iri}>"


def counted_terms(engine: Engine, version: Version, kind: str) -> Mapping[str, int]:
    """The numbers of a version by class or by property: from its manifest, else counted."""
    kept: Mapping[str, int] | None = version.manifest.get(kind)
    if kept is not None:
        return kept
    name = "all-class-counts" if kind == "classes" else "all-property-counts"
    return {row["term"].value: counted(row, "n") for row in select(engine, name).rows}


def definitions(engine: Engine) -> Mapping[str, tuple[Kind, Sequence[Term]]]:
    """The terms of our namespace by IRI: of which kind each is, and its definitions."""
    kinds: dict[str, Kind] = {}
    texts: defaultdict[str, list[Term]] = defaultdict(list)
    for row in select(engine, "definitions").rows:
        iri = row["term"].value
        if iri.startswith(str(MLG)):
            kinds[iri] = "class" if row["kind"].value == str(OWL.Class) else "property"
            texts[iri].append(row["definition"])
    return {iri: (kind, texts[iri]) for iri, kind in kinds.items()}
