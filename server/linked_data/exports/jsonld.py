"""JSON-LD in the words of the published context, written thing by thing.

pyld does the same for a document; for a register of a million triples it takes 100 seconds of
processor time, and all of it in memory. Our context knows only what stands here: prefixes, terms
for IRIs, texts by language. A test holds what pyld reads of it to be the triples.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import IO, Any, Final

from pyoxigraph import RdfFormat, Triple, serialize

from ontology.namespaces import RDF
from server.linked_data.context import read_context

TYPE: Final = str(RDF.type)
Node = dict[str, Any]


def write_json_ld(triples: Iterable[Triple], file: IO[bytes]) -> None:
    """Write triples, those of a subject one after the other; the context stands in the file."""
    context = json.dumps(read_context()["@context"], ensure_ascii=False)
    file.write(f'{{"@context": {context},\n"graph": ['.encode())
    comma = ""
    for node in nodes(triples):
        file.write(f"{comma}\n{json.dumps(node, ensure_ascii=False)}".encode())
        comma = ","
    file.write(b"\n]}\n")


def nodes(triples: Iterable[Triple]) -> Iterator[Node]:
    """An object for each subject."""
    for _, group in groupby(triples, key=lambda triple: triple.subject):
        for expanded in json.loads(serialize(list(group), format=RdfFormat.JSON_LD) or b"[]"):
            yield compacted(expanded)


def compacted(expanded: Node) -> Node:
    """An object of expanded JSON-LD in the words of the context (JSON-LD 1.1 API, 6.1)."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    languages: defaultdict[str, Node] = defaultdict(dict)
    for iri, values in expanded.items():
        if iri == "@id":
            continue
        if iri in ("@type", TYPE):
            given = (each if isinstance(each, str) else each["@id"] for each in values)
            found["type"] += map(short, given)
            continue
        term, kind = terms().get(iri, ("", ""))
        for value in values:
            if kind == "@language" and "@language" in value:
                languages[term].setdefault(value["@language"], []).append(value["@value"])
            elif kind == "@id" and "@id" in value:
                found[term].append(value["@id"])
            else:
                found[term if term and not kind else short(iri)].append(_value(value))
    for term, texts in languages.items():
        found[term].append({language: _single(told) for language, told in texts.items()})
    return {"id": expanded["@id"], **{name: _single(told) for name, told in found.items()}}


def _value(value: Node) -> Any:
    if "@id" in value:
        return {"id": value["@id"]}
    if "@type" in value:
        return {"@value": value["@value"], "@type": short(value["@type"])}
    return value if "@language" in value else value["@value"]


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


@lru_cache(maxsize=1)
def terms() -> dict[str, tuple[str, str]]:
    """The terms of the context by IRI, each with `@id`, `@language` or nothing for its values."""
    context = read_context()["@context"]
    return {
        term["@id"]: (name, term.get("@type") or term.get("@container") or "")
        for name, term in context.items()
        if isinstance(term, dict)
    }


@lru_cache(maxsize=4096)
def short(iri: str) -> str:
    """The IRI of a class, a property or a datatype by its prefix, where there is one."""
    known = [
        (name, base)
        for name, base in read_context()["@context"].items()
        if isinstance(base, str) and ":" in base and base and iri.startswith(base) and iri != base
    ]
    if not known:
        return iri
    name, base = max(known, key=lambda each: len(each[1]))
    return f"{name}:{iri.removeprefix(base)}"
