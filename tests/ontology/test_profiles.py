"""In OWL 2 DL and OWL 2 RL, consistent, every class satisfiable: says the OWL API, with HermiT.

Both are in a jar that owlready2 carries; they need Java. The readings are made in one go, since
starting Java takes longer than reading.
"""

import os
import re
import shutil
import subprocess
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import pytest
from rdflib import Graph

from ontology.documents import alignment_graph, documents, ontology_graph
from ontology.namespaces import ALIGNMENT, ONTOLOGY, PREFIXES
from ontology.satisfiability import place

PROFILES = Path(__file__).with_name("Profiles.java")
PROLOGUE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())

# name: (what is added to the ontology, the rule that it breaks, what the finding names)
BROKEN = {
    "an axiom outside OWL 2 RL": (
        "mlg:Partnership rdfs:subClassOf "
        "[ a owl:Restriction ; owl:onProperty mlg:theme ; owl:someValuesFrom skos:Concept ] .",
        "OWL 2 RL",
        "SubClassOf(<https://w3id.org/maillage/def#Partnership> ObjectSomeValuesFrom(",
    ),
    "a datatype outside OWL 2 RL": (
        "mlg:start rdfs:range xsd:gYear .",
        "OWL 2 RL",
        "DataPropertyRange(<https://w3id.org/maillage/def#start>",
    ),
    "a property of two sorts": (
        "mlg:funds a owl:DatatypeProperty .",
        "OWL 2 DL",
        "https://w3id.org/maillage/def#funds",
    ),
    "a term that is not declared": (
        "mlg:Partnership rdfs:subClassOf <https://example.org/Undeclared> .",
        "OWL 2 DL",
        "https://example.org/Undeclared",
    ),
    "an unsatisfiable class": (
        "mlg:Municipality rdfs:subClassOf mlg:Partnership .",
        "satisfiable",
        "https://w3id.org/maillage/def#Municipality",
    ),
    "an inconsistent ontology": (
        "<https://example.org/x> a owl:NamedIndividual, mlg:FundingLine, mlg:Partnership .",
        "consistent",
        "https://w3id.org/maillage/def",
    ),
}


@pytest.fixture(scope="module")
def jar() -> Path:
    spec = find_spec("owlready2")
    found = Path(spec.origin).with_name("hermit") / "HermiT.jar" if spec and spec.origin else None
    if found is None or not found.is_file() or not shutil.which("java"):
        reason = "this needs Java (default-jre-headless) and owlready2"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def findings(jar: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list]]:
    """The findings against each ontology, by rule."""
    folder = tmp_path_factory.mktemp("profiles")
    together = ontology_graph()
    for triple in alignment_graph():
        if triple[0] != ALIGNMENT:  # a document has one header
            together.add(triple)
    readings = {"ontology": ontology_graph(), "alignment": alignment_graph(), "both": together}
    for name, (added, _, _) in BROKEN.items():
        readings[name] = Graph().parse(data=PROLOGUE + added, format="turtle") + together
    for name, graph in readings.items():
        graph.serialize(folder / name, format="xml")
    lines = subprocess.run(
        ["java", "-cp", str(jar), str(PROFILES), *readings],
        cwd=folder,
        capture_output=True,
        check=True,
        text=True,
        timeout=250,
    ).stdout.splitlines()
    found: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        name, rule, finding = line.split("\t")
        found[name][rule].append(finding)
    return found


@pytest.mark.parametrize("name", ["ontology", "alignment", "both"])
def test_it_is_in_both_profiles_consistent_and_satisfiable(findings, name: str) -> None:
    [axioms] = findings[name].pop("axioms")
    assert int(axioms) > 20
    assert findings[name] == {}, [placed(each) for rule in findings[name].values() for each in rule]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named(findings, name: str) -> None:
    _, rule, named = BROKEN[name]
    assert any(named in finding for finding in findings[name][rule])


def placed(finding: str) -> str:
    """The finding, with the file and line of the first term of ours that it names."""
    source = documents()[ONTOLOGY]
    for iri in re.findall(r"https://w3id\.org/maillage/def#\w+", finding):
        return f"{place(source, iri)}: {finding}"
    return finding


def test_a_finding_is_placed_at_the_file_and_line_of_its_term() -> None:
    finding = placed("SubClassOf(<https://w3id.org/maillage/def#Partnership> ...)")
    [number] = re.findall(r"\Amaillage\.ttl, line (\d+): SubClassOf", finding)
    line = documents()[ONTOLOGY].read_text("utf-8").splitlines()[int(number) - 1]
    assert line == "mlg:Partnership"
