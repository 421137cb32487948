"""The project as a whole: its packages, its wheel, and the places that CONTRIBUTING names."""

from __future__ import annotations

import csv
import dataclasses
import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, URIRef

from loaders.model import records
from loaders.model.records import Entity
from ontology.documents import alignment_graph, ontology_graph, shapes_graph
from ontology.namespaces import MLG, OWL, SH
from tests.conftest import ROOT

PACKAGES = ("loaders", "ontology", "queries", "server")


def test_nothing_else_on_the_path_owns_our_names():
    owners = importlib.metadata.packages_distributions()
    assert {name: set(owners.get(name, ["maillage"])) for name in PACKAGES} == {
        name: {"maillage"} for name in PACKAGES
    }
    for name in PACKAGES:
        assert Path(sys.modules.get(name, __import__(name)).__file__).is_relative_to(ROOT)


def test_the_wheel_holds_every_file_of_the_packages(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    assert {name for name in listed if name} <= held


ENTITIES = [
    thing
    for thing in vars(records).values()
    if isinstance(thing, type) and issubclass(thing, Entity) and thing is not Entity
]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.__name__)
def test_a_class_stands_in_records_ontology_and_shapes(entity):
    ontology, shapes = ontology_graph() + alignment_graph(), shapes_graph()
    own_properties = {
        str(property_)
        for field in dataclasses.fields(entity)
        for property_ in field.metadata.get("properties", ())
        if str(property_).startswith(str(MLG))
    }
    declared = {
        str(term)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in ontology.subjects(RDF.type, kind)
    }
    assert own_properties <= declared
    for rdf_class in entity.CLASSES:
        if not str(rdf_class).startswith(str(MLG)):
            continue
        assert (rdf_class, RDF.type, OWL.Class) in ontology
        above = set(ontology.transitive_objects(rdf_class, RDFS.subClassOf))
        targeted = set(shapes.objects(None, SH.targetClass))
        assert {term for term in above if isinstance(term, URIRef)} & targeted


def test_a_source_and_a_query_are_added_without_touching_a_file(tmp_path):
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    added = tmp_path / "loaders" / "datasets" / "example"
    (added / "source").mkdir(parents=True)
    content = b"Modele-sur-Exemple\n"
    (added / "source" / "towns.csv").write_bytes(content)
    (added / "dataset.yml").write_text(
        """
title: {fr: Exemple, en: Example}
description: {fr: Des communes., en: Communes.}
publisher: {name: Exemple}
language: fr
rights: open
rights_statement: {fr: ouverte, en: open}
licence: https://creativecommons.org/publicdomain/zero/1.0/
counts: {records: 1}
files: {towns.csv: SUM}
""".replace("SUM", __import__("hashlib").sha256(content).hexdigest())
    )
    (added / "loader.py").write_text(
        """
from loaders.model.records import Authority, Document, SourceRecord
from loaders.model.values import Ref, Text


def records(file, dataset, issues):
    for line in file.text().splitlines():
        issues.line("taken")
        town = Authority(key="xxx-example", names=(Text(line),), country=Ref("country/FRA"),
                         kind=Ref("concept/kind/fra-commune"))
        yield SourceRecord(key="1", document=Document(title=Text(line)), entities=(town,))
"""
    )
    (added / "__init__.py").touch()
    (tmp_path / "queries" / "example.rq").write_text(
        """#+ summary: {fr: Exemple, en: Example}
#+ description: {fr: Le nom., en: The name.}
#+ tags: [example]
#+ view: table
#+ columns: {name: {fr: nom, en: name}}
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?name WHERE {
  <https://w3id.org/maillage/id/authority/xxx-example> skos:prefLabel ?name
}
"""
    )
    command = [sys.executable, "-m", "server.cli.main"]
    options = {
        "cwd": tmp_path,
        "capture_output": True,
        "text": True,
        "env": {**os.environ, "PYTHONPATH": str(tmp_path), "MAILLAGE_HOME": str(tmp_path / "h")},
    }
    built = subprocess.run(
        [*command, "build", "--quiet", "--only", "countries", "--only", "example"], **options
    )
    assert built.returncode == 0, built.stderr
    answer = subprocess.run([*command, "query", "example"], **options)
    assert list(csv.reader(answer.stdout.splitlines())) == [["name"], ["Modele-sur-Exemple"]]
