"""Why a triple holds, found in few rounds of reading and traced to what is stated."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import URIRef

import loaders.inference.explanation as module
from loaders.inference.backward import Proof
from loaders.inference.explanation import MATCHES_READ, Asked, Found, depth_of, explanation, steps
from loaders.inference.forward import Terms, inferences
from ontology.namespaces import GRAPH_INFERRED, GRAPH_PROVENANCE
from ontology.rules.computed import STANDING
from ontology.rules.rule import Rule
from tests.loaders.test_derivations import FUNDING, _term, lines, triple

UNSTATED = {str(GRAPH_INFERRED), str(GRAPH_PROVENANCE)}


class Reading:
    """Reads a store, and counts how often it is asked and for how much."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.rounds = 0
        self.patterns = 0

    def __call__(self, patterns: Sequence[Asked]) -> Mapping[Asked, Found]:
        self.rounds += 1
        self.patterns += len(patterns)
        return {asked: dict(self.matching(asked)) for asked in patterns}

    def matching(self, asked: Asked) -> Iterable[tuple[Terms, bool]]:
        s, p, o = (_term(term) if term else None for term in asked)
        found = self.store.quads_for_pattern(s, p, o, ox.DefaultGraph())  # type: ignore[arg-type]
        for quad in islice(found, MATCHES_READ):
            graphs = self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
            names = {g.graph_name.value for g in graphs if isinstance(g.graph_name, ox.NamedNode)}
            known = (str(quad.subject), str(quad.predicate), str(quad.object))
            yield known, bool(names - UNSTATED)


def reading(turtle: str) -> Reading:
    """A store of what the Turtle states, and of what follows."""
    stated = lines(turtle)
    store = ox.Store()
    graphs = {"https://example.org/record": stated, str(GRAPH_INFERRED): inferences(stated).triples}
    for graph, known in graphs.items():
        text = "".join(f"{line} .\n" for line in known)
        for target in (ox.NamedNode(graph), ox.DefaultGraph()):
            store.load(text, ox.RdfFormat.N_TRIPLES, to_graph=target)
    return Reading(store)


def check(found: Proof, read: Reading) -> set[Terms]:
    """The leaves of a proof: each step of it is an instance of its rule, each leaf stated."""
    if found.rule is None:
        assert dict(read.matching(found.triple)) == {found.triple: True}
        return {found.triple}
    assert follows(found.rule, [premise.triple for premise in found.premises], found.triple)
    return set[Terms]().union(*(check(premise, read) for premise in found.premises))


def follows(rule: Rule, premises: Sequence[Terms], triple: Terms) -> bool:
    binding: dict[str, str] = {}
    assert rule.conclusion
    return all(
        (binding.setdefault(term, value) if term.startswith("?") else term) == value
        for pattern, known in zip(
            [*rule.premises, rule.conclusion], [*premises, triple], strict=True
        )
        for term, value in zip(pattern, known, strict=True)
    )


def test_an_explanation_goes_down_to_what_is_stated() -> None:
    read = reading(FUNDING)
    asked = triple(":town mlg:supportsCountry country:MLI .")
    found = explanation(asked, read)
    assert check(found.ways[0], read) == {
        triple(":line mlg:soleFunder :town ."),
        triple(":line mlg:fundingOf :project ."),
        triple(":project mlg:hasForeignPartner :commune ."),
        triple(":commune mlg:country country:MLI ."),
    }
    assert found.whole
    assert not found.more
    assert read.rounds <= 7


def test_the_shallowest_way_comes_first() -> None:
    read = reading(FUNDING)
    found = explanation(triple(":project mlg:hasParticipant :town ."), read)
    depths = [depth_of(way) for way in found.ways]
    assert depths == sorted(depths)
    assert len(depths) > 1
    assert found.ways[0].rule is not None
    assert found.ways[0].rule.id == "prp-spo1/mlg:hasPartner/mlg:hasParticipant"


def test_nothing_is_its_own_premise() -> None:
    read = reading(FUNDING + ":town mlg:partnerOf :commune . :commune mlg:partnerOf :town .")
    asked = triple(":town mlg:partnerOf :commune .")
    found = explanation(asked, read)
    assert {triple(":project mlg:hasHomePartner :town .")} < check(found.ways[-1], read)
    for way in found.ways:
        assert asked not in [step.triple for step in steps(way) if step is not way]


def test_what_is_stated_and_follows_too_is_explained() -> None:
    read = reading(FUNDING + ":town mlg:funds :project .")
    [way] = explanation(triple(":town mlg:funds :project ."), read).ways[:1]
    assert triple(":line mlg:fundingOf :project .") in check(way, read)


def test_a_self_loop_is_explained_though_it_is_not_published() -> None:
    read = reading(FUNDING + ":line2 mlg:soleFunder :commune ; mlg:fundingOf :project .")
    asked = triple(":commune mlg:supportsAuthority :commune .")
    assert not dict(read.matching(asked))
    [way] = explanation(asked, read).ways
    assert triple(":line2 mlg:soleFunder :commune .") in check(way, read)


@pytest.mark.parametrize(
    "turtle",
    [":town mlg:supportsCountry country:SEN .", ":line a mlg:Partnership .", ":a mlg:b :c ."],
)
def test_what_does_not_hold_is_not_explained(turtle: str) -> None:
    found = explanation(triple(turtle), reading(FUNDING))
    assert found.ways == ()
    assert found.whole


def test_what_follows_in_hundreds_of_ways_is_read_in_few_rounds() -> None:
    projects = "".join(
        f":line{n} mlg:soleFunder :town ; mlg:fundingOf :p{n} . :p{n} mlg:hasForeignPartner :to{n}"
        f" . :to{n} mlg:country country:MLI .\n"
        for n in range(300)
    )
    read = reading(projects)
    found = explanation(triple(":town mlg:supportsCountry country:MLI ."), read)
    assert found.more
    assert len(check(found.ways[0], read)) == 4
    assert read.rounds <= 10
    assert read.patterns < 2000


def test_a_search_ends_where_too_much_is_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROUNDS", 2)
    found = explanation(triple(":town mlg:supportsCountry country:MLI ."), reading(FUNDING))
    assert (found.ways, found.whole) == ((), False)


def drawn(home: Path, number: int) -> list[Terms]:
    """Inferred triples of a build, drawn at random, the same every time; none that is computed."""
    manifest = json.loads((home / "current" / "manifest.json").read_text())
    count = manifest["graphs"][str(GRAPH_INFERRED)]
    chosen = set(random.Random(2026).sample(range(count), min(number, count)))
    store = ox.Store.read_only(str(home / "current" / "store"))
    every = store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_INFERRED))
    return [
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for number, quad in enumerate(every)
        if number in chosen and URIRef(quad.predicate.value) not in STANDING
    ]


def test_any_inferred_triple_is_explained_down_to_source_records(small_home: Path) -> None:
    read = Reading(ox.Store.read_only(str(small_home / "current" / "store")))
    chosen = drawn(small_home, 1000)
    assert len(chosen) > 900
    for known in chosen:
        read.rounds = 0
        found = explanation(known, read)
        assert found.ways, known
        assert found.whole, known
        assert read.rounds <= 15, known
        for way in found.ways:
            assert way.triple == known
            check(way, read)
