"""The data dictionary says what the records and the ontology say today."""

from __future__ import annotations

from pathlib import Path

from loaders.model.dictionary import dictionary

FILE = Path(__file__).parent.parent.parent / "docs" / "data-dictionary.md"


def test_the_data_dictionary_is_up_to_date(regenerate: bool) -> None:
    if regenerate:
        FILE.write_text(dictionary(), "utf-8")
    assert FILE.read_text("utf-8") == dictionary(), (
        "write it anew: python -m loaders.model.dictionary > docs/data-dictionary.md"
    )


def test_a_field_stands_there_with_its_property_value_and_meaning() -> None:
    lines = dictionary().splitlines()
    (year,) = [line for line in lines if line.startswith("| `amount_eur` | `mlg:amountEUR`")]
    assert "| Decimal |" in year
    assert year.count("|") == 5
    assert "## Authority" in lines
    assert "Is a `mlg:LocalAuthority`; its IRI is `id/authority/…`." in lines
