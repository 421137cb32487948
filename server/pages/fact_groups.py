"""The facts of an entity as set out: in groups, tables and sums, nothing said twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ontology.namespaces import ADMS, MLG, ORG, RDF, SKOS
from server.engine.results import Row, Term
from server.graph.entities import DescribedEntity, Facts
from server.graph.vocabulary import Vocabulary, presentation
from server.pages.timeline import Moment

LISTED = 30
"""Values of one property that a page lists; it says how many more there are."""


@dataclass(frozen=True)
class Fact:
    """A property of an entity with its values, the first of them if they are many."""

    predicate: str
    values: Sequence[Term]
    total: int
    inferred: frozenset[Term]
    """The values that no source states."""


def grouped(
    entity: DescribedEntity,
    vocabulary: Vocabulary,
    moments: Sequence[Moment],
    said: Sequence[str] = (),
) -> list[tuple[str, list[Fact]]]:
    """The groups of facts that have any, in the order of `presentation.yml`; `other` is last.

    The dates of the timeline are left to it, the properties in `said` to the rest of the page.
    """
    drawn = {property_ for moment in moments for property_ in moment.properties}
    arranged = presentation()
    placed = {iri for properties in arranged.groups.values() for iri in properties}
    other = sorted(iri for iri in entity.facts if iri not in placed | arranged.hidden)
    parts = set(entity.parts)
    groups = []
    for name, properties in [*arranged.groups.items(), ("other", other)]:
        facts = [
            fact
            for iri in properties
            if iri not in drawn
            and iri not in said
            and (fact := fact_of(entity, vocabulary, iri, parts))
        ]
        if facts or (name == "time" and moments):
            groups.append((name, facts))
    return groups


def fact_of(
    entity: DescribedEntity, vocabulary: Vocabulary, property_: str, parts: set[str]
) -> Fact | None:
    """The values that no narrower property gives and no table shows; None without any."""
    values = [
        value
        for value in entity.facts.get(property_, ())
        if value.value not in parts
        and value.value != entity.iri
        and not any(
            property_ in vocabulary.above.get(narrower, ()) and value in others
            for narrower, others in entity.facts.items()
        )
    ]
    if not values:
        return None
    inferred = frozenset(value for value in values if (property_, value.value) in entity.inferred)
    values.sort(key=lambda value: value in inferred)
    return Fact(property_, values[:LISTED], len(values), inferred)


def classes(entity: DescribedEntity, vocabulary: Vocabulary) -> list[str]:
    """The classes of an entity that say most, those of Maillage before others."""
    narrowest = vocabulary.narrowest(entity.types)
    own = [iri for iri in narrowest if iri.startswith(str(MLG))]
    # To fund is a role beside what one is.
    return sorted(own, key=lambda iri: iri == str(MLG.Funder)) or narrowest


@dataclass(frozen=True)
class Line:
    """One line of funding: what is known of it."""

    iri: str
    year: Term | None
    stated: Term | None
    share: str
    """`sole`, `joint`, `unnamed`, or `unclear` where the source leaves it so."""
    funders: Sequence[Term]
    amount: Decimal | None
    water: Decimal | None


@dataclass(frozen=True)
class Funding:
    """The lines of a partnership, and what they add up to: only amounts that are stated."""

    lines: Sequence[Line]
    total: Decimal | None
    shares: Mapping[str, Decimal]
    undeclared: int
    water: bool
    """True where any line states a water share."""


def funding(entity: DescribedEntity) -> Funding | None:
    """The funding of a partnership; None without a line.

    There is no sum where not every line was read: it would be too small.
    """
    lines = [line_of(iri, facts) for iri, facts in entity.parts_of(str(MLG.FundingLine))]
    if not lines:
        return None
    lines.sort(key=lambda line: line.year.value if line.year else "")
    shares: dict[str, Decimal] = {}
    for line in lines:
        if line.amount is not None:
            shares[line.share] = shares.get(line.share, Decimal(0)) + line.amount
    return Funding(
        lines,
        sum(shares.values(), Decimal(0)) if shares and not entity.cut else None,
        shares,
        sum(line.amount is None for line in lines),
        any(line.water is not None for line in lines),
    )


def line_of(iri: str, facts: Facts) -> Line:
    """A line of funding out of its facts."""
    sole, joint = facts.get(str(MLG.soleFunder), []), facts.get(str(MLG.jointFunder), [])
    unnamed = any(term.value == "true" for term in facts.get(str(MLG.unnamedFunder), ()))
    share = "sole" if sole else "joint" if joint else "unnamed" if unnamed else "unclear"
    return Line(
        iri,
        first(facts, "year"),
        first(facts, "funderAsStated"),
        share,
        sole or joint,
        amount(first(facts, "amountEUR")),
        amount(first(facts, "waterSolidarityEUR")),
    )


def first(facts: Facts, name: str) -> Term | None:
    """The first value of a property of Maillage."""
    return next(iter(facts.get(str(MLG[name]), ())), None)


def amount(term: Term | None) -> Decimal | None:
    """The number that a term stands for."""
    return Decimal(term.value) if term else None


def roles(rows: Sequence[Row], vocabulary: Vocabulary) -> list[tuple[Row, list[str]]]:
    """The partnerships of an agent, each once, with the roles that say most."""
    found: dict[str, tuple[Row, list[str]]] = {}
    for row in rows:
        _, taken = found.setdefault(row["partnership"].value, (row, []))
        if row["role"].value not in taken:
            taken.append(row["role"].value)
    return [(row, vocabulary.narrowest(taken)) for row, taken in found.values()]


def other_parts(
    entity: DescribedEntity, vocabulary: Vocabulary
) -> list[tuple[str, list[tuple[str, Facts]]]]:
    """The parts without a table of their own, by their narrowest class."""
    shown = {str(MLG[name]) for name in ("FundingLine", "Objective", "Provision")}
    shown.add(str(ADMS.Identifier))
    by_class: dict[str, list[tuple[str, Facts]]] = {}
    for iri, facts in entity.parts.items():
        types = vocabulary.narrowest(term.value for term in facts.get(str(RDF.type), ()))
        if types and not shown & set(types):
            chosen = next((each for each in types if each.startswith(str(MLG))), types[0])
            if said := part_facts(facts, vocabulary):
                by_class.setdefault(chosen, []).append((iri, said))
    return sorted(by_class.items())


def part_facts(facts: Facts, vocabulary: Vocabulary) -> Facts:
    """The facts that a page says of a part: its label first, nothing twice, none about machines."""
    hidden = (presentation().hidden - {str(SKOS.prefLabel)}) | {
        str(MLG.figureOf),
        str(ORG.unitOf),
        str(ORG.member),
        str(ORG.hasUnit),
    }
    order = [str(SKOS.prefLabel)]
    order += [iri for properties in presentation().groups.values() for iri in properties]
    kept = [iri for iri in vocabulary.narrowest(facts) if iri not in hidden]
    kept.sort(key=lambda iri: (order.index(iri) if iri in order else len(order), iri))
    return {iri: facts[iri] for iri in kept}
