"""The data dictionary: each class of entities with its fields, and what the ontology says of them.

python -m loaders.model.dictionary > docs/data-dictionary.md
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from rdflib import Graph, Literal, URIRef

from loaders.model import records
from loaders.model.records import Entity
from ontology.documents import alignment_graph, ontology_graph
from ontology.namespaces import RDFS, SKOS
from ontology.rules.rule import compact

_OPENING = """# Data dictionary

What a build publishes of each kind of entity: the record's field, the property that states it,
the value that it takes, and the ontology's words for it. Written by `python -m
loaders.model.dictionary` from `loaders/model/records.py` and the ontology; a test holds it to both.
A field that is not required may be absent, and absent is not zero.

Values: *Ref* is another entity or concept, *Party* an agent by its name, which the build resolves
([What a name means](resolution.md)), *Text* a text in its language, *PartialDate* a date at the
precision of its source (`xsd:gYear`, `xsd:gYearMonth`, `xsd:date` or `xsd:gMonthDay`), *Point* a
WKT literal in WGS 84, *Decimal* an `xsd:decimal`, *str* a plain string, *int* an `xsd:integer`.
"""

_DATED = "`mlg:earliest` and `mlg:latest` are derived from it"


def dictionary() -> str:
    """The data dictionary, as Markdown; the same for the same records and ontology."""
    words = ontology_graph() + alignment_graph()
    parts = [_OPENING, _fields_of_all(words)]
    parts += [_section(each, words) for each in _entity_classes()]
    return "\n".join(parts)


def _entity_classes() -> Iterator[type[Entity]]:
    """The classes of records that become entities, by name."""
    for _, each in sorted(vars(records).items()):
        if isinstance(each, type) and issubclass(each, Entity) and each.CLASSES:
            yield each


def _fields_of_all(words: Graph) -> str:
    return "## Every entity\n\n" + _table(dataclasses.fields(Entity), words)


def _section(entity_class: type[Entity], words: Graph) -> str:
    classes = ", ".join(f"`{compact(known.n3())}`" for known in entity_class.CLASSES)
    shared = {field.name for field in dataclasses.fields(Entity)}
    fields = [f for f in dataclasses.fields(entity_class) if f.name not in shared]
    return (
        f"## {entity_class.__name__}\n\n{inspect.cleandoc(entity_class.__doc__ or '')}\n\n"
        f"Is a {classes}; its IRI is `id/{entity_class.SEGMENT}/…`.\n\n{_table(fields, words)}"
    )


def _table(fields: Any, words: Graph) -> str:
    rows = ["| field | property | value | meaning |", "|---|---|---|---|"]
    rows += [_row(field, words) for field in fields if field.metadata]
    return "\n".join(rows) + "\n"


def _row(field: dataclasses.Field[Any], words: Graph) -> str:
    properties = field.metadata["properties"]
    named = "<br>".join(
        f"{'is ' if field.metadata['inverse'] else ''}`{compact(each.n3())}`"
        f"{' of' if field.metadata['inverse'] else ''}"
        for each in properties
    )
    notes = [_meaning(each, words) for each in properties]
    if field.default is dataclasses.MISSING:
        notes.append("*Required.*")
    if field.metadata["period"]:
        notes.append(f"{_DATED}.")
    if field.metadata["mutual"]:
        notes.append(f"Each two of them: `{compact(field.metadata['mutual'].n3())}`.")
    value = str(field.type).replace(" | None", "").replace("|", "or").replace(", ...]", "]")
    value = value.replace("tuple[", "several ").replace("]", "").replace("Agent", "Party or Ref")
    return f"| `{field.name}` | {named} | {value} | {' '.join(filter(None, notes))} |"


def _meaning(term: URIRef, words: Graph) -> str:
    """The definition of a term in English, its label where it has none."""
    for known in (SKOS.definition, RDFS.comment, RDFS.label):
        for text in words.objects(term, known):
            if isinstance(text, Literal) and text.language == "en":
                told = " ".join(str(text).split()).replace("|", "\\|")
                return told if told.endswith(".") else f"{told}."
    return ""


if __name__ == "__main__":
    sys.stdout.write(dictionary())
