"""The dates of an entity and of its parts, in order, for a small timeline."""

from dataclasses import dataclass

from ontology.namespaces import MLG
from server.engine.results import Term
from server.graph.entities import DescribedEntity
from server.graph.vocabulary import Vocabulary

DATED = tuple(str(MLG[name]) for name in ("foundingDate", "firstSignature", "start", "date", "end"))


@dataclass(frozen=True)
class Moment:
    """A date at its precision, and the properties that it is the value of."""

    date: Term
    properties: tuple[str, ...]


def timeline(entity: DescribedEntity, vocabulary: Vocabulary) -> tuple[Moment, ...]:
    """The moments of an entity that is known at two dates or more; else none."""
    found: dict[Term, list[str]] = {}
    for property_ in vocabulary.narrowest(DATED):
        for date in entity.facts.get(property_, ()):
            found.setdefault(date, []).append(property_)
    moments = [
        Moment(date, tuple(properties))
        for date, properties in sorted(found.items(), key=lambda entry: entry[0].value)
        if not date.value.startswith("--")
    ]
    return tuple(moments) if len(moments) > 1 else ()
