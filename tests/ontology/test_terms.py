"""The ontology file: every term of the design, documented in both languages, RL throughout."""

import re

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ontology.documents import alignment_graph, ontology_graph, shapes_graph
from ontology.namespaces import (
    ALIGNMENT,
    DCT,
    MLG,
    ONTOLOGY,
    ORG,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SHAPES,
    SKOS,
    VANN,
    XSD,
)

CLASSES = """
Action Agreement Cooperation DiplomaticPost Encounter Figure Funder FundingLine Identification
IntermediateAuthority IntermunicipalBody LocalAuthority LocalGovernmentAssociation Municipality
Objective Organ Partnership Project Provision RegionalAuthority SourceRecord ThemePriority
WorkingGroup
"""

OBJECT_PROPERTIES = """
actionOf amountKind associatedAuthority associatedCountry candidate concept continues
contradictoryOn country declaration declaredBy diplomaticPost encounterType fax figureOf form
frames fundedBy funder funderIn fundingOf funds guest guestCountry hasForeignPartner
hasFundingLine hasHeirPartner hasHomePartner hasImplementer hasObjective hasParticipant hasPartner
hasProject hasProjectOwner hasProvision hasThemePriority homePartnerIn host hostOf identifiedAs
indirectMemberOf involves jointFunder kind level measure met method organType organiser
participant participatesIn partnerOf partnershipCountry precision projectOf recipient renews
resolution serves signatory signedAt soleFunder statedIn status succeededBy succeeds
supportsAuthority supportsCountry theme within
"""

DATATYPE_PROPERTIES = """
acronym amountEUR attestedOn beneficiaries communicatedInFrance communicatedInPartnerCountries
date domestic earliest end evaluated firstSignature formAsStated formerKey foundingDate
funderAsStated inKind latest legalBasis legalForm nameAsStated priority programme score start
statusAsStated text themeAsStated triennial unnamedFunder value waterSolidarityEUR year
"""

TERMS = (CLASSES + OBJECT_PROPERTIES + DATATYPE_PROPERTIES).split()

AXIOMS = {
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    RDFS.domain,
    RDFS.range,
    OWL.disjointWith,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.inverseOf,
    OWL.propertyChainAxiom,
    OWL.hasKey,
}
# The part of the OWL 2 vocabulary that the ontology uses; every member of it is in OWL 2 RL.
OWL_USED = """
AnnotationProperty Class DatatypeProperty FunctionalProperty ObjectProperty Ontology Restriction
SymmetricProperty TransitiveProperty disjointWith equivalentClass hasValue inverseOf
onProperty propertyChainAxiom versionIRI versionInfo
"""


CHARACTERS = {
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.SymmetricProperty,
    OWL.TransitiveProperty,
}
# What ORG 0.8 (http://www.w3.org/ns/org, as modified on 12 April 2014) and SKOS
# (http://www.w3.org/2004/02/skos/core, of 18 August 2009) say of their own terms, as far as the
# alignment repeats it. ORG publishes the inverses from either side.
PUBLISHED = {
    "org:ChangeEvent": "rdfs:subClassOf prov:Activity",
    "org:FormalOrganization": "rdfs:subClassOf org:Organization",
    "org:Organization": "rdfs:subClassOf foaf:Agent",
    "org:OrganizationalCollaboration": "rdfs:subClassOf org:Organization",
    "org:OrganizationalUnit": "rdfs:subClassOf org:Organization",
    "org:hasMember": "owl:inverseOf org:memberOf",
    "org:hasMembership": "owl:inverseOf org:member",
    "org:hasSubOrganization": "owl:inverseOf org:subOrganizationOf",
    "org:hasUnit": "owl:inverseOf org:unitOf",
    "org:headOf": "rdfs:subPropertyOf org:memberOf",
    "org:member": "rdfs:domain org:Membership, rdfs:range foaf:Agent",
    "org:memberOf": "rdfs:domain foaf:Agent, rdfs:range org:Organization",
    "org:organization": "rdfs:domain org:Membership, rdfs:range org:Organization",
    "org:originalOrganization": "rdfs:domain org:ChangeEvent, rdfs:range org:Organization, "
    "owl:inverseOf org:changedBy",
    "org:resultingOrganization": "rdfs:domain org:ChangeEvent, rdfs:range org:Organization, "
    "owl:inverseOf org:resultedFrom",
    "org:subOrganizationOf": "rdfs:subPropertyOf org:transitiveSubOrganizationOf",
    "org:transitiveSubOrganizationOf": "rdf:type owl:TransitiveProperty",
    "org:unitOf": "rdfs:subPropertyOf org:subOrganizationOf",
    "skos:broader": "owl:inverseOf skos:narrower",
    "skos:topConceptOf": "rdfs:subPropertyOf skos:inScheme, owl:inverseOf skos:hasTopConcept",
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return ontology_graph()


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (OWL.Class, CLASSES),
        (OWL.ObjectProperty, OBJECT_PROPERTIES),
        (OWL.DatatypeProperty, DATATYPE_PROPERTIES),
    ],
)
def test_the_ontology_defines_the_terms_of_the_design_and_no_others(
    graph: Graph, kind: URIRef, names: str
) -> None:
    defined = {s for s in graph.subjects(RDF.type, kind) if str(s).startswith(str(MLG))}
    assert defined == {MLG[name] for name in names.split()}


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_documented_in_french_and_english(graph: Graph, name: str) -> None:
    term = MLG[name]
    labels = {label.language: str(label) for label in graph.objects(term, RDFS.label)}
    definitions = {text.language: str(text) for text in graph.objects(term, SKOS.definition)}
    assert set(labels) == set(definitions) == {"fr", "en"}
    assert len(list(graph.objects(term, RDFS.label))) == 2
    assert len(list(graph.objects(term, SKOS.definition))) == 2
    for language, definition in definitions.items():
        assert definition.endswith(".")
        assert definition.rstrip(".").casefold() != labels[language].casefold()
    assert list(graph.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY]


@pytest.mark.parametrize("name", TERMS)
def test_an_example_is_turtle_that_uses_its_term(graph: Graph, name: str) -> None:
    [example] = graph.objects(MLG[name], SKOS.example)
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    parsed = Graph().parse(
        data=prologue + str(example), format="turtle", publicID="https://w3id.org/maillage/id/"
    )
    assert MLG[name] in set(parsed.predicates()) | set(parsed.objects(None, RDF.type))


def test_no_two_terms_share_a_label_or_a_definition(graph: Graph) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        said = list(graph.objects(None, predicate))
        assert len(said) == len(set(said))


def test_the_header_says_what_the_ontology_is(graph: Graph) -> None:
    assert graph.value(ONTOLOGY, RDF.type) == OWL.Ontology
    assert graph.value(ONTOLOGY, VANN.preferredNamespacePrefix) == Literal("mlg")
    assert graph.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(str(MLG))


@pytest.mark.parametrize(
    ("iri", "read"),
    [(ONTOLOGY, ontology_graph), (ALIGNMENT, alignment_graph), (SHAPES, shapes_graph)],
)
def test_every_document_has_a_complete_header(iri: URIRef, read) -> None:
    document = read()
    for predicate in (DCT.title, DCT.description):
        assert sorted(text.language for text in document.objects(iri, predicate)) == ["en", "fr"]
    version = str(document.value(iri, OWL.versionInfo))
    assert re.fullmatch(r"[0-9]+[.][0-9]+[.][0-9]+", version)
    assert document.value(iri, OWL.versionIRI) == URIRef(f"{iri}/{version}")
    assert document.value(iri, DCT.creator)
    assert str(document.value(iri, DCT.license)) == "https://creativecommons.org/licenses/by/4.0/"
    dates = [document.value(iri, each) for each in (DCT.created, DCT.issued, DCT.modified)]
    assert {each.datatype for each in dates} == {XSD.dateTime}  # in OWL 2 RL, as xsd:date is not
    assert dates == sorted(dates)


def test_foreign_terms_get_no_axiom_but_one(graph: Graph) -> None:
    foreign = {
        (s, p, o)
        for s, p, o in graph
        if p in AXIOMS and isinstance(s, URIRef) and not str(s).startswith(str(MLG))
    }
    assert foreign == {(ORG.memberOf, RDFS.subPropertyOf, MLG.indirectMemberOf)}


def test_every_foreign_term_in_an_axiom_is_declared(graph: Graph) -> None:
    declared = set(graph.subjects(RDF.type, None))
    used = {
        node
        for s, p, o in graph
        if p in AXIOMS
        for node in (s, o)
        if isinstance(node, URIRef) and not str(node).startswith((str(XSD), str(RDFS)))
    }
    assert used - declared == set()


def test_the_ontology_stays_within_the_constructs_of_owl_2_rl(graph: Graph) -> None:
    nodes = {node for triple in graph for node in triple if str(node).startswith(str(OWL))}
    assert nodes == {OWL[name] for name in OWL_USED.split()}
    datatypes = {o for o in graph.objects(None, RDFS.range) if not str(o).startswith(str(MLG))}
    assert {d for d in datatypes if str(d).startswith((str(XSD), str(RDFS)))} == {
        RDFS.Literal,
        XSD.boolean,
        XSD.decimal,
        XSD.integer,
    }


def test_nothing_is_deprecated_before_a_first_release(graph: Graph) -> None:
    assert list(graph.subjects(OWL.deprecated)) == []


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_named_as_it_is_labelled(graph: Graph, name: str) -> None:
    label = next(str(x) for x in graph.objects(MLG[name], RDFS.label) if x.language == "en")
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    assert {word.casefold() for word in words} <= set(re.findall(r"\w+", label.casefold()))


def test_seven_pairs_of_classes_are_disjoint(graph: Graph) -> None:
    assert len(list(graph.triples((None, OWL.disjointWith, None)))) == 7


@pytest.mark.parametrize("read", [ontology_graph, alignment_graph, shapes_graph])
def test_a_shipped_graph_survives_a_round_through_turtle(read) -> None:
    first = read()
    assert isomorphic(first, Graph().parse(data=first.serialize(format="turtle")))


def test_an_axiom_on_a_foreign_term_is_one_that_its_vocabulary_publishes() -> None:
    alignment = alignment_graph()
    sources = set(alignment.objects(ALIGNMENT, DCT.source))
    stated = {(s, p, o) for s, p, o in alignment if p in AXIOMS}
    stated |= {(s, RDF.type, o) for s, o in alignment.subject_objects(RDF.type) if o in CHARACTERS}
    assert {
        " ".join(alignment.namespace_manager.curie(node) for node in triple) for triple in stated
    } == {f"{term} {axiom}" for term, axioms in PUBLISHED.items() for axiom in axioms.split(", ")}
    for term, _, _ in stated:
        [publisher] = alignment.objects(term, RDFS.isDefinedBy)
        assert publisher in sources
        assert str(term).startswith(str(publisher))


def test_the_alignment_says_nothing_of_our_terms_but_close_matches() -> None:
    ours = [
        (s, p, o)
        for s, p, o in alignment_graph()
        if str(s).startswith(str(MLG)) or (not isinstance(o, BNode) and str(o).startswith(str(MLG)))
    ]
    assert ours
    assert {p for _, p, _ in ours} == {SKOS.closeMatch}
