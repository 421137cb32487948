"""Breaches are found with the records that state them, and those records are held back."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.build import report
from loaders.build.build import build, rehearse
from loaders.build.validation import Finding, findings, rules
from loaders.errors import ValidationError
from loaders.identity.register import Register
from loaders.inference.forward import Contradiction
from loaders.sources.reading import Sources
from ontology.namespaces import GRAPH, GRAPH_INFERRED, GRAPH_PROVENANCE, ID, PREFIXES
from tests.conftest import ROOT, SMALL

COUNTRY = "http://publications.europa.eu/resource/authority/country/"
HOME = f"{ID}authority/home"
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def record(name: str) -> str:
    return f"{GRAPH}test/{name}"


def store_of(default: str = "", **named: str) -> ox.Store:
    """A store whose records each state some triples, and whose default graph merges them."""
    store = ox.Store()
    prologue = f"{PROLOGUE} BASE <{ID}>\n"
    for country in ("FRA", "MLI", "BEL"):
        default += f' country:{country} skos:prefLabel "{country}"@fr .'
    store.update(f"{prologue} INSERT DATA {{ {default} {' '.join(named.values())} }}")
    for name, triples in named.items():
        store.update(f"{prologue} INSERT DATA {{ GRAPH <{record(name)}> {{ {triples} }} }}")
    return store


def found(store: ox.Store, rule: str, *precedence: str) -> list[Finding]:
    order = [record(name) for name in precedence]
    return [finding for finding in findings(store, order) if finding.rule == rule]


KNOWN = (
    '<authority/home> a mlg:LocalAuthority ; skos:prefLabel "Modèle"@fr ; '
    "mlg:resolution <concept/resolution/unresolved> . "
)


def test_a_value_is_found_where_it_is_stated_and_nowhere_else():
    store = store_of(
        good=KNOWN + "<authority/home> mlg:country country:FRA .",
        bad="<authority/home> vcard:hasTelephone <tel:012>, <tel:+22312345678> .",
    )
    (finding,) = found(store, "telephone-e164")
    assert (finding.entity, finding.value) == (HOME, "tel:012")
    assert finding.graphs == (record("bad"),)


def test_what_is_missing_is_found_where_the_entity_is_described():
    store = store_of(
        one='<change/c> a org:ChangeEvent ; skos:prefLabel "Fusion"@fr .',
        other="<change/c> org:resultingOrganization <authority/home> .",
    )
    (finding,) = found(store, "change-dated")
    assert (finding.value, finding.graphs) == ("", (record("one"),))


def test_of_records_that_contradict_each_other_the_first_stays():
    stated = {
        "a": "<authority/home> mlg:country country:MLI .",
        "b": KNOWN + "<authority/home> mlg:country country:FRA .",
        "c": "<authority/home> mlg:country country:FRA .",
        "d": "<authority/home> mlg:country country:FRA, country:BEL .",
    }
    late = {f.value: f.graphs for f in found(store_of(**stated), "country-once", *"bcad")}
    assert late == {
        f"{COUNTRY}MLI": (record("a"),),
        f"{COUNTRY}BEL": (record("d"),),
    }
    late = {f.value: f.graphs for f in found(store_of(**stated), "country-once", *"dabc")}
    assert late[f"{COUNTRY}BEL"] == (record("d"),)
    assert late[f"{COUNTRY}FRA"] == (record("d"), record("b"), record("c"))


def test_the_same_breach_of_several_constraints_of_a_shape_is_one_finding():
    # No IRI, and not of the pattern either.
    store = store_of(one=KNOWN + '<authority/home> vcard:hasEmail "nobody" .')
    (finding,) = found(store, "email-mailto")
    assert finding.value == "nobody"


def test_a_source_record_is_looked_at_in_the_provenance():
    store = store_of(one=KNOWN)
    provenance = f"""
        <{record("one")}> a mlg:SourceRecord ; dct:title "Une page"@fr ;
            prov:wasDerivedFrom <source/page> .
        <source/page> dct:language <https://example.org/fr> ."""
    store.update(
        f"{PROLOGUE} BASE <{ID}>\nINSERT DATA {{ GRAPH <{GRAPH_PROVENANCE}> {{ {provenance} }} }}"
    )
    assert found(store, "source-title") == found(store, "source-language") == []
    (finding,) = found(store, "source-rights")
    assert (finding.severity, finding.entity) == ("Warning", record("one"))
    assert finding.graphs == (record("one"),)


def test_what_is_only_inferred_is_found_where_the_entity_is_described():
    store = store_of(one=KNOWN + "<authority/home> mlg:succeededBy <authority/other> .")
    circle = f"<{HOME}> <{PREFIXES['mlg']}succeededBy> <{HOME}>"
    store.update(f"INSERT DATA {{ {circle} . GRAPH <{GRAPH_INFERRED}> {{ {circle} }} }}")
    (finding,) = found(store, "succession-in-a-circle")
    assert finding.graphs == (record("one"),)


def test_a_contradiction_of_the_inference_is_laid_to_the_later_record():
    amount = f"<{PREFIXES['mlg']}amountEUR>"
    line = f"<{ID}funding/l>"
    store = store_of(
        a=f"{line} {amount} 6.0 .", b=f"{line} {amount} 5.0 .", c=f"{line} {amount} 6.0 ."
    )
    decimal = f"^^<{PREFIXES['xsd']}decimal>"
    clash = Contradiction(
        "prp-fp/mlg:amountEUR",
        ((line, amount, f'"5.0"{decimal}'), (line, amount, f'"6.0"{decimal}')),
        "One amount.",
    )
    order = [record(name) for name in "bac"]
    (finding,) = [f for f in findings(store, order, [clash]) if f.rule == clash.rule_id]
    assert (finding.severity, finding.entity) == ("Violation", line.strip("<>"))
    assert finding.graphs == (record("a"), record("c"))


def test_a_contradiction_with_what_is_inferred_is_laid_to_the_last_record_that_speaks_of_it():
    of_type = f"<{PREFIXES['rdf']}type>"
    store = store_of(
        a=KNOWN,
        b="<authority/home> mlg:hasPartner <authority/other> .",
        c="<authority/other> mlg:partnerOf <authority/third> .",
    )
    home = f"<{HOME}>"
    clash = Contradiction(
        "cax-dw/mlg:LocalAuthority/mlg:Cooperation",
        (
            (home, of_type, f"<{PREFIXES['mlg']}LocalAuthority>"),
            (home, of_type, f"<{PREFIXES['mlg']}Cooperation>"),
        ),
        "No authority is a cooperation.",
    )
    order = [record(name) for name in "abc"]
    (finding,) = [f for f in findings(store, order, [clash]) if f.rule == clash.rule_id]
    assert finding.graphs == (record("b"),)


def test_many_breaches_of_a_rule_are_counted_and_some_of_them_listed():
    lines = "".join(f"<change/c{number}> a org:ChangeEvent . " for number in range(1000))
    all_found = findings(store_of(one=lines))
    assert all(finding.graphs == (record("one"),) for finding in all_found)
    told = report.report([], report.Graphs(Register(())), all_found)["validation"]
    assert told["rules"] == {"change-dated": 1000}
    assert told["counts"] == {"Violation": 1000}
    assert len(told["findings"]) == report.LISTED


def test_a_personal_address_is_masked_where_a_finding_shows_it():
    store = store_of(one="<person/p> a foaf:Person ; vcard:hasEmail <mailto:x@example.org> .")
    told = json.dumps([finding.as_json() for finding in findings(store)])
    assert "person-email" in told
    assert "x@example.org" not in told


HEAD = """
document: {title: Un exemple, publisher: Exemple, rights: open}
sections:
"""
GOOD = """
  - title: Sans faute
    statements:
      - authority: {key: xxx-name-modele, names: [Modèle], kind: concept/kind/fra-commune,
                    country: country/FRA}
"""
# name of the rule: a section that breaks it, the entity
BREACHES = {
    "country-once": (
        "{key: fra-cog-91228, country: country/BEL}",
        "authority",
        "authority/fra-cog-91228",
    ),
    "kind-of-another-country": (
        "{key: xxx-name-x, names: [X], kind: concept/kind/fra-commune, country: country/MLI}",
        "authority",
        "authority/xxx-name-x",
    ),
    "country-unknown": (
        "{key: xxx-name-x, names: [X], kind: concept/kind/municipality, country: country/XYZ}",
        "authority",
        "authority/xxx-name-x",
    ),
    "authority-kind": (
        "{key: xxx-name-x, names: [X], country: country/MLI}",
        "authority",
        "authority/xxx-name-x",
    ),
    "end-before-start": (
        "{key: x, names: [X], start: 2012, end: 2010}",
        "project",
        "project/x",
    ),
    "joint-funders": (
        "{key: x, names: [X], funding: [{key: x-1, funder_as_stated: Evry, amount_eur: 5, "
        "sole_funder: authority/fra-cog-91228, joint_funders: [authority/fra-cog-91182, "
        "authority/fra-cog-91086]}]}",
        "project",
        "funding/x-1",
    ),
    "partners-in-one-country": (
        "{key: x, names: [X], home_partners: [authority/fra-cog-91182], "
        "foreign_partners: [authority/fra-cog-91086]}",
        "project",
        "project/x",
    ),
}


def written(folder: Path, *sections: str) -> Sources:
    source = folder / "statements.yml"
    source.write_text(HEAD + "".join(sections), "utf-8")
    return Sources(added={"curated": [source]}, only=SMALL)


def section(rule: str) -> str:
    body, kind, _ = BREACHES[rule]
    return f"\n  - title: {rule}\n    statements:\n      - {kind}: {body}\n"


def curated(content: dict) -> dict:
    return next(row for row in content["datasets"] if row["dataset"] == "curated")


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return rehearse(written(tmp_path_factory.mktemp("good"), GOOD))


@pytest.mark.parametrize("rule", BREACHES)
def test_the_record_that_breaks_a_rule_is_held_back_and_no_other(rule, unbroken, tmp_path):
    content = rehearse(written(tmp_path, GOOD, section(rule)))
    graph = f"{GRAPH}curated/statements-{rule}"
    assert unbroken["triples"].keys() == content["triples"].keys()
    assert curated(content)["rejected"] == 1
    breaches = [f for f in content["validation"]["findings"] if f["severity"] == "Violation"]
    assert [(f["rule"], f["entity"], f["records"]) for f in breaches] == [
        (rule, f"{ID}{BREACHES[rule][2]}", [graph])
    ]
    (note,) = [n for n in curated(content)["notes"] if n["level"] == "rejected"]
    assert (note["file"], note["record"], note["field"]) == (
        "statements.yml",
        f"statements-{rule}",
        rule,
    )
    assert breaches[0]["entity"] in note["advice"]


def test_a_record_that_is_held_back_is_kept_as_a_pointer(tmp_path):
    sources = written(tmp_path, GOOD, *(section(r) for r in ("joint-funders", "authority-kind")))
    built = build(tmp_path / "home", sources)
    assert built.report["validation"]["counts"]["Violation"] == 2
    kept = sorted((tmp_path / "home/current/rejected/curated").glob("*.json"))
    pointers = [json.loads(path.read_text("utf-8")) for path in kept]
    assert {p["field"] for p in pointers} == {"joint-funders", "authority-kind"}
    assert all(p["file"] == "statements.yml" and p["checksum"] for p in pointers)
    store = ox.Store.read_only(str(tmp_path / "home/current/store"))
    named = {graph.value for graph in store.named_graphs()}
    assert f"{GRAPH}curated/statements-sans-faute" in named
    assert f"{GRAPH}curated/statements-joint-funders" not in named


def test_a_strict_build_refuses_a_breach(tmp_path):
    with pytest.raises(ValidationError, match="end-before-start"):
        build(tmp_path / "home", written(tmp_path, GOOD, section("end-before-start")), strict=True)


def test_what_a_held_back_record_made_others_break_is_looked_at_again(unbroken, tmp_path):
    # With Évry in Belgium its kind were of another country, and the shipped record at fault.
    elsewhere = section("country-once").replace("country/BEL", "country/MLI")
    content = rehearse(written(tmp_path, GOOD, elsewhere, section("partners-in-one-country")))
    assert unbroken["triples"].keys() == content["triples"].keys()
    assert content["validation"]["rules"]["country-once"] == 1
    assert "kind-of-another-country" not in content["validation"]["rules"]


def test_a_record_that_contradicts_the_ontology_is_held_back(unbroken, tmp_path):
    line = "funding: [{key: x-1, funder_as_stated: X, amount_eur: 5, unnamed: true}]"
    clash = f"""
  - title: Deux montants
    statements:
      - project: {{key: x, names: [X], {line}}}
      - project: {{key: x, names: [X], {line.replace("5", "6")}}}
"""
    content = rehearse(written(tmp_path, GOOD, clash))
    assert unbroken["triples"].keys() == content["triples"].keys()
    assert curated(content)["rejected"] == 1


def test_the_shipped_data_breaks_no_rule(built_home):
    told = json.loads((built_home / "current" / "report.json").read_text("utf-8"))
    assert "Violation" not in told["validation"]["counts"]
    assert told["validation"]["counts"]["Info"] > 0


def test_every_rule_is_documented_with_its_severity_and_message():
    text = (ROOT / "docs" / "validation.md").read_text("utf-8")
    rows = {
        cells[0].strip(" `"): [cell.strip() for cell in cells[1:]]
        for cells in (line.strip("|").split("|") for line in text.splitlines())
        if len(cells) == 5 and cells[0].startswith(" `")
    }
    known = {rule.name: rule for rule in rules()}
    assert rows.keys() == known.keys()
    for name, (severity, place, says, advice) in rows.items():
        by_check = (ROOT / "ontology" / "checks" / f"{name}.rq").is_file()
        assert place == (f"`checks/{name}.rq`" if by_check else "`shapes.ttl`")
        assert (severity, says) == (known[name].severity, known[name].message["en"])
        assert advice.endswith("."), name
