"""Each shape is silent on a clean graph and catches what breaks it."""

from importlib.resources import files
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, Namespace, URIRef

from ontology.documents import (
    alignment_graph,
    ontology_graph,
    read_graph,
    schemes_graph,
    shapes_graph,
)
from ontology.namespaces import PREFIXES, RDF, RDFS, SH, SKOS

SHAPE = Namespace("https://w3id.org/maillage/def/shapes#")
EX = Namespace("https://example.org/")
CLEAN = Path(__file__).with_name("clean.ttl")

PROLOGUE = (
    "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    + "".join(
        f"PREFIX {scheme}: <https://w3id.org/maillage/id/concept/{scheme}/>\n"
        for scheme in ("form", "kind", "level", "sdg", "status", "theme")
    )
    + "PREFIX : <https://example.org/>\n"
)

UNKNOWN = "<https://example.org/unknown>"
# shape: (entity, what is taken away, what is added)
MUTANTS = {
    "name": ("home", ":home skos:prefLabel ?o", ""),
    "name-per-language": ("home", "", ':home skos:prefLabel "Modèle"@fr'),
    "country-in-table": (
        "home",
        ":home mlg:country ?o",
        ":home mlg:country <https://example.org/FR>",
    ),
    "country-once": ("home", "", ":home mlg:country country:BEL"),
    "authority-country": ("home", ":home mlg:country ?o", ""),
    "authority-kind": ("home", ":home mlg:kind ?o", ""),
    "unresolved-authority-country": ("unresolved", ":unresolved mlg:country ?o", ""),
    "unresolved-authority-kind": ("unresolved", ":unresolved mlg:kind ?o", ""),
    "kind-in-scheme": ("home", "", f":home mlg:kind {UNKNOWN}"),
    "resolution-in-scheme": ("home", "", f":home mlg:resolution {UNKNOWN}"),
    "status-in-scheme": ("twinning", "", f":twinning mlg:status {UNKNOWN}"),
    "form-in-scheme": ("twinning", "", ":twinning mlg:form status:ended"),
    "level-in-scheme": ("organ", "", f":organ mlg:level {UNKNOWN}"),
    "organ-type-in-scheme": ("organ", "", ":organ mlg:organType level:national"),
    "precision-in-scheme": ("figure", "", f":figure mlg:precision {UNKNOWN}"),
    "measure-in-scheme": (
        "figure",
        ":figure mlg:measure ?o",
        f":figure mlg:measure {UNKNOWN}",
    ),
    "change-type-in-scheme": ("change", "", f":change dct:type {UNKNOWN}"),
    "encounter-type-in-scheme": ("encounter", "", f":encounter mlg:encounterType {UNKNOWN}"),
    "theme-in-scheme": ("project", "", ":project mlg:theme form:twinning"),
    "concept-in-scheme": ("rank", ":rank mlg:concept ?o", f":rank mlg:concept {UNKNOWN}"),
    "role-in-scheme": ("membership", "", f":membership org:role {UNKNOWN}"),
    "start-datatype": ("project", ":project mlg:start ?o", ":project mlg:start 2010"),
    "end-datatype": (
        "project",
        ":project mlg:end ?o",
        ':project mlg:end "--12-31"^^xsd:gMonthDay',
    ),
    "foundingDate-datatype": ("home", "", ':home mlg:foundingDate "1790"'),
    "attestedOn-datatype": ("membership", "", ':membership mlg:attestedOn "mai 2004"@fr'),
    "date-datatype": ("agreement", "", ':agreement mlg:date "22 novembre"@fr'),
    "firstSignature-datatype": (
        "project",
        "",
        ':project mlg:firstSignature "en 2010"@fr',
    ),
    "earliest-datatype": ("project", "", ':project mlg:earliest "2010"^^xsd:gYear'),
    "latest-datatype": ("project", "", ':project mlg:latest "2012-12-30"^^xsd:date'),
    "project-sides": ("project", ":project mlg:hasHomePartner ?o", ""),
    "project-titled": ("project", ":project skos:prefLabel ?o", ""),
    "partnership-ends": ("twinning", ":twinning mlg:hasPartner :foreign", ""),
    "amount-kind-in-scheme": ("sole", "", f":sole mlg:amountKind {UNKNOWN}"),
    "declaration-in-scheme": ("twinning", "", f":twinning mlg:declaration {UNKNOWN}"),
    "contradiction-in-scheme": ("twinning", "", f":twinning mlg:contradictoryOn {UNKNOWN}"),
    "monetary-currency": ("ariary", ":ariary schema:currency ?o", ':ariary schema:currency "Ar"'),
    "monetary-value": ("ariary", ":ariary schema:value ?o", ""),
    "funding-stated": ("sole", ":sole mlg:amountEUR ?o", ""),
    "status-once": ("project", "", ":project mlg:status status:ongoing"),
    "concept-known": ("rank", ":rank mlg:concept ?o", ""),
    "concept-once": ("rank", "", ":rank mlg:concept theme:sante"),
    "priority-rank": ("rank", ":rank mlg:priority ?o", ":rank mlg:priority 0"),
    "funding-amount": ("sole", ":sole mlg:amountEUR ?o", ':sole mlg:amountEUR "-1.0"^^xsd:decimal'),
    "funding-water-share": ("sole", "", ":sole mlg:waterSolidarityEUR 100.75"),
    "funding-year": ("sole", "", ':sole mlg:year "2011"^^xsd:gYear'),
    "funding-year-stated": ("sole", ":sole mlg:year ?o", ""),
    "funding-project": ("sole", "", ":sole mlg:fundingOf :twinning"),
    "funder-verbatim": ("sole", ":sole mlg:funderAsStated ?o", ""),
    "funder-verbatim-once": ("sole", "", ':sole mlg:funderAsStated "Un autre"'),
    "sole-funder-once": ("sole", "", ":sole mlg:soleFunder :foreign"),
    "joint-funders": ("joint", ":joint mlg:jointFunder :foreign", ""),
    "unnamed-funder": ("unnamed", "", ":unnamed mlg:soleFunder :home"),
    "funder-known": ("sole", ":sole mlg:soleFunder ?o", ""),
    "person-email": ("person", "", ":person vcard:hasEmail <mailto:someone@example.org>"),
    "person-telephone": ("person", "", ":person foaf:phone <tel:+33100000000>"),
    "person-office": ("person", ":membership org:role ?o", ""),
    "membership-member": ("membership", ":membership org:member ?o", ""),
    "membership-organisation": ("membership", ":membership org:organization ?o", ""),
    "telephone-e164": (
        "association",
        "",
        ":association vcard:hasTelephone <tel:0123456789>",
    ),
    "email-mailto": ("association", "", ":association vcard:hasEmail <mailto:malga@>"),
    "figure-value": ("figure", ":figure mlg:value ?o", ':figure mlg:value "557"'),
    "figure-subject": ("figure", ":figure mlg:figureOf ?o", ""),
    "figure-measure": ("figure", ":figure mlg:measure ?o", ""),
    "figure-dated": ("figure", ":figure mlg:date ?o", ""),
    "organ-organisation": ("organ", ":organ org:unitOf ?o", ""),
    "agreement-signatories": ("agreement", ":agreement mlg:signatory :home", ""),
    "happening-named": ("encounter", ":encounter skos:prefLabel ?o", ""),
    "text-stated": ("objective", ":objective mlg:text ?o", ""),
    "change-dated": ("change", ":change mlg:date ?o", ""),
    "source-title": ("source", ":source dct:title ?o", ""),
    "source-language": ("source", ":source dct:language ?o", ""),
    "source-rights": ("source", ":source dct:rights ?o", ""),
}
# Further breaches of shapes that hold several conditions.
MORE_MUTANTS = [
    ("joint-funders", "joint", "", ":joint mlg:soleFunder :successor"),
    ("funding-amount", "sole", "", ":sole mlg:amountEUR 7.5"),
    ("partnership-ends", "twinning", "", ":twinning mlg:hasPartner :successor"),
    (
        "partnership-ends",
        "twinning",
        ":twinning mlg:hasPartner :home",
        ":twinning mlg:hasPartner :x",
    ),
    ("funding-amount", "sole", ":sole mlg:amountEUR ?o", ":sole mlg:amountEUR 100"),
    ("funding-project", "sole", ":sole mlg:fundingOf ?o", ""),
    ("project-sides", "project", ":project mlg:hasForeignPartner ?o", ""),
    ("person-office", "person", ":membership org:member ?o", ""),
    (
        "telephone-e164",
        "association",
        "",
        ":association vcard:hasTelephone <tel:+2231234567890123>",
    ),
    ("email-mailto", "association", "", ':association vcard:hasEmail "contact@example.org"'),
]
CASES = [(shape, *mutant) for shape, mutant in MUTANTS.items()] + MORE_MUTANTS
SEVERITIES = {
    SH.Warning: {
        "agreement-signatories",
        "concept-known",
        "funder-known",
        "funding-year-stated",
        "happening-named",
        "project-sides",
        "source-language",
        "source-rights",
        "source-title",
        "status-once",
        "unresolved-authority-country",
        "unresolved-authority-kind",
    },
    SH.Info: {"figure-dated", "project-titled"},
}


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return shapes_graph()


@pytest.fixture(scope="module")
def background() -> Graph:
    """The graphs that shapes read beside the data: the class hierarchy and the schemes."""
    vocabulary = ontology_graph() + alignment_graph()
    schemes = schemes_graph()
    graph = Graph()
    for triple in vocabulary.triples((None, RDFS.subClassOf, None)):
        graph.add(triple)
    for triple in schemes.triples((None, SKOS.inScheme, None)):
        graph.add(triple)
    return graph


def _complaints(data: Graph, background: Graph, shapes: Graph) -> set[tuple[URIRef, URIRef]]:
    _, report, _ = validate(data + background, shacl_graph=shapes)
    return {
        (report.value(result, SH.focusNode), report.value(result, SH.sourceShape))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def test_a_clean_graph_passes_every_shape(background: Graph, shapes: Graph) -> None:
    assert _complaints(read_graph(CLEAN), background, shapes) == set()


@pytest.mark.parametrize(("shape", "entity", "taken", "added"), CASES)
def test_a_shape_catches_its_mutant(
    background: Graph, shapes: Graph, shape: str, entity: str, taken: str, added: str
) -> None:
    data = read_graph(CLEAN)
    before = set(data)
    if taken:
        data.update(f"{PROLOGUE} DELETE WHERE {{ {taken} }}")
    if added:
        data.update(f"{PROLOGUE} INSERT DATA {{ {added} }}")
    assert set(data) != before
    assert (EX[entity], SHAPE[shape]) in _complaints(data, background, shapes)


def test_every_shape_with_a_message_has_a_mutant(shapes: Graph) -> None:
    assert {SHAPE[name] for name in MUTANTS} == set(shapes.subjects(SH.message, None))


def test_a_message_is_in_french_and_english(shapes: Graph) -> None:
    for shape in set(shapes.subjects(SH.message, None)):
        said = [message.language for message in shapes.objects(shape, SH.message)]
        assert sorted(said) == ["en", "fr"], shape


def test_a_shape_has_the_severity_that_decides_the_fate_of_a_record(shapes: Graph) -> None:
    for name in MUTANTS:
        expected = next((s for s, names in SEVERITIES.items() if name in names), SH.Violation)
        assert shapes.value(SHAPE[name], SH.severity) == expected, name


def test_the_schemes_themselves_pass_every_shape(background: Graph, shapes: Graph) -> None:
    assert _complaints(schemes_graph(), background, shapes) == set()


def test_the_shapes_are_shacl(shapes: Graph) -> None:
    conforms, _, text = validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text
    assert (files("ontology") / "shapes.ttl").is_file()
