"""Parties and countries: split and found where their form shows it."""

from collections.abc import Callable
from typing import Any

import pytest

from loaders.model.values import Ref

IMPLEMENTER = "Association Exemple pour l'eau (AEE) - Bénin"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("E&D et comité villageois de Biguelé", ["E&D", "comité villageois de Biguelé"]),
        ("Chinon et Etaules", ["Chinon", "Etaules"]),
        ("Région de l'Isère et Département de X", ["Région de l'Isère", "Département de X"]),
        ("Ville de Chinon et Commune-Modèle", ["Ville de Chinon", "Commune-Modèle"]),
        ("Ville A ; la Région B", ["Ville A", "Région B"]),
        ("Ville A / Région B", ["Ville A", "Région B"]),
        ("Ville A, Région B et le Cercle C", ["Ville A", "Région B", "Cercle C"]),
        ("Association Exemple\n- Commune de Zorgho", ["Association Exemple", "Commune de Zorgho"]),
        ("Syndicat mixte\nd'exemple", ["Syndicat mixte d'exemple"]),
        ("Ministère de l'Agriculture, de l'Eau et des Forêts",
         ["Ministère de l'Agriculture, de l'Eau et des Forêts"]),
        ("Association des villes et communes d'exemple",
         ["Association des villes et communes d'exemple"]),
        ("Département de Lot et Garonne", ["Département de Lot et Garonne"]),
        ("Villes de Chinon et Etaules", ["Villes de Chinon et Etaules"]),
        ("Association X (eau, Ville de Y et Z)", ["Association X (eau, Ville de Y et Z)"]),
        ("La Rochelle", ["La Rochelle"]),
        ("la Ville de La Rochelle", ["Ville de La Rochelle"]),
        ("Mme NOM-FICTIF", []),
        ("Association Exemple, tél. 01 99 00 12 34", []),
    ],
)  # fmt: skip
def test_parties_are_split_where_form_shows_it(
    cell: str, names: list[str], read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed((IMPLEMENTER, cell)))
    assert [party.name for party in outcome.it.implementers] == names
    assert "implementers" not in [field for field, _, _ in outcome.notes("warning")]


@pytest.mark.parametrize(
    "cell",
    [
        "Ville de Chinon et Etaules",
        "Ministère de l'Agriculture, Pêche",
        "Ville A, partenaires locaux",
    ],
)
def test_an_undecided_cell_is_one_party_and_told(
    cell: str, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed((IMPLEMENTER, cell)))
    assert [party.name for party in outcome.it.implementers] == [cell]
    assert ("implementers", cell, 59) in outcome.notes("warning")


@pytest.mark.parametrize(
    ("row", "name", "country"),
    [
        ("Fada N'Gourma Burkina Faso", "Fada N'Gourma", "BFA"),
        ("Kinshasa République démocratique du Congo", "Kinshasa", "COD"),
        ("Kinshasa Congo (RDC)", "Kinshasa", "COD"),
        ("Brazzaville Congo", "Brazzaville", "COG"),
        ("Hué Viet Nam", "Hué", "VNM"),
        ("Bouaké Côte d'Ivoire", "Bouaké", "CIV"),
        ("Naplouse Territoires palestiniens", "Naplouse", "PSE"),
        ("Djibouti Djibouti", "Djibouti", "DJI"),
        ("Bissau Guinée-Bissau", "Bissau", "GNB"),
        ("Union des communes du Togo Togo", "Union des communes du Togo", "TGO"),
        ("Union des communes du Togo", "Union des communes du Togo", None),
        ("Ville d'Ailleurs Pays-Inconnu", "Ville d'Ailleurs Pays-Inconnu", None),
        ("Dakar | Sénégal | |", "Dakar", "SEN"),
        ("Agence d'exemple | |", "Agence d'exemple", None),
        ("Ville d'Ailleurs | Pays-Inconnu |", "Ville d'Ailleurs", None),
    ],
)
def test_the_country_is_the_longest_known_name_at_the_end(
    row: str, name: str, country: str | None, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    partner = read(changed(("Commune-Modèle Bénin commun.ico.loupe.alter", row))).it
    assert partner.foreign_partners[0].name == name
    assert partner.foreign_partners[0].country == (Ref(f"country/{country}") if country else None)


def test_a_country_that_cannot_be_read_is_told(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    row = "Ville d'Ailleurs Pays-Inconnu"
    outcome = read(changed(("Commune-Modèle Bénin commun.ico.loupe.alter", row)))
    assert ("foreign_partners", row, 70) in outcome.notes("warning")


@pytest.mark.parametrize(
    ("row", "name", "country"),
    [
        ("Kayes Mali / Sénégal", "Kayes Mali / Sénégal", None),
        ("Kayes, Mali", "Kayes", "country/MLI"),
    ],
)
def test_a_mark_between_a_name_and_a_country_is_of_neither(
    row: str, name: str, country: str | None, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    partner = read(changed(("Commune-Modèle Bénin", row))).it.foreign_partners[0]
    assert (partner.name, partner.country) == (name, Ref(country) if country else None)


@pytest.mark.parametrize("row", ["Bénin", "| Bénin | |", "Bénin | commun.ico.loupe.alter |"])
def test_a_country_alone_is_no_partner(
    row: str, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("Commune-Modèle Bénin commun.ico.loupe.alter", row)))
    assert [party.name for party in outcome.it.foreign_partners] == ["Cercle-Modèle"]
    refused = [(field, line) for field, _, line in outcome.notes("refused")]
    assert ("foreign_partners", 70) in refused
