from decimal import Decimal

import pyoxigraph as ox
import pytest

from loaders.model.iris import LONGEST_KEY, expand, named_key, slug
from loaders.model.quads import described, iri, literal, statements
from loaders.model.records import (
    Authority,
    Document,
    FundingLine,
    Objective,
    Party,
    Project,
    SourceRecord,
)
from loaders.model.values import PartialDate, Ref, Text
from ontology.namespaces import ID, MLG, XSD


def test_an_entity_says_what_its_fields_say():
    mali = Authority(
        key="mli-name-x",
        names=(Text("Commune X"),),
        country=Ref("country/MLI"),
        founding_date=PartialDate("1996-05"),
    )
    subject = f"<{ID}authority/mli-name-x>"
    assert set(described(mali)) == {
        f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{MLG}LocalAuthority>",
        f'{subject} <http://www.w3.org/2004/02/skos/core#prefLabel> "Commune X"@fr',
        f"{subject} <{MLG}country> <http://publications.europa.eu/resource/authority/country/MLI>",
        f'{subject} <{MLG}foundingDate> "1996-05"^^<{XSD}gYearMonth>',
        f'{subject} <{MLG}earliest> "1996-05-01"^^<{XSD}date>',
    }


def test_an_entity_within_another_gets_its_rank_and_is_linked():
    project = Project(
        key="atlas-1",
        objectives=(Objective(text=Text("a")), Objective(text=Text("b"))),
        funding=(FundingLine(amount_eur=Decimal("10200.50"), year=PartialDate("2010")),),
    )
    stated = set(described(project))
    line = f"<{ID}funding/atlas-1-3>"
    assert f"{line} <{MLG}fundingOf> <{ID}project/atlas-1>" in stated
    assert f'{line} <{MLG}amountEUR> "10200.5"^^<{XSD}decimal>' in stated
    assert f"<{ID}project/atlas-1> <{MLG}hasObjective> <{ID}objective/atlas-1-2>" in stated


def test_absent_is_not_zero():
    stated = set(described(FundingLine(key="f", water_solidarity_eur=Decimal("0"))))
    assert any('waterSolidarityEUR> "0"' in line for line in stated)
    assert not any("amountEUR" in line for line in stated)


def test_a_party_that_was_not_resolved_is_no_value():
    record = SourceRecord(
        key="1",
        document=Document(title=Text("x")),
        entities=(Project(key="p", home_partners=(Party(name="Evry"),)),),
    )
    with pytest.raises(TypeError, match="Evry"):
        statements(record)


@pytest.mark.parametrize(
    "text", ['"', "\\", "a\nb\r\tc", "\u200f\u0000x", "» ‹ é ï", "'''", "\ud7ff😀", "\x7f\x1f"]
)
def test_any_text_survives_n_triples(text):
    line = f"<http://a> <http://b> {literal(Text(text))} .\n"
    (read,) = ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert read.object.value == text


@pytest.mark.parametrize("value", ["1.50", "105030", "0", "0.10", "54.4211", "100", "1E+3"])
def test_numbers_are_written_as_the_store_keeps_them(value):
    store = ox.Store()
    written = f"<http://a> <http://b> {literal(Decimal(value))} .\n"
    store.load(written.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert (
        store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()).decode() == written
    )


def test_keys_are_short_deterministic_and_distinct():
    assert slug("Fada N’Gourma — Évry-Œuvre") == "fada-n-gourma-evry-oeuvre"
    assert named_key("Commune V", "MLI") == "mli-name-commune-v"
    assert named_key("Reims Métropole") == "xxx-name-reims-metropole"
    long = [slug(f"{'très long titre ' * 20}{n}") for n in range(3)]
    assert len(set(long)) == 3
    assert all(len(key) <= LONGEST_KEY + 9 for key in long)
    assert slug("الرباط") == "الرباط"


def test_references_expand_to_public_addresses():
    assert expand(Ref("country/MLI")).endswith("/authority/country/MLI")
    assert expand(Ref("concept/status/ended")) == f"{ID}concept/status/ended"
    assert expand(Ref("https://example.org/x")) == "https://example.org/x"


def test_square_brackets_in_an_address_are_percent_encoded():
    assert iri("https://example.org/?page[]=1") == "<https://example.org/?page%5B%5D=1>"
