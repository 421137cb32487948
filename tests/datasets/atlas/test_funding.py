"""The funding table, row by row: read by its form, or refused."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from loaders.model.records import FundingLine
from loaders.model.values import PartialDate


def test_an_unreadable_amount_refuses_its_line_only(whole: Any) -> None:
    assert [
        (line.funder_as_stated, line.amount_eur, line.water_solidarity_eur, line.year.lexical)
        for line in whole.it.funding
    ] == [
        ("Ministère de l'Europe et des Affaires étrangères", Decimal("12500.50"), None, "2012"),
        ("Ville-Exemple", Decimal(22500), Decimal(0), "2012"),
        ("Ville-Exemple, Commune-Modèle", Decimal(104500), Decimal(1045), "2013"),
        ("9 communes d'exemple", Decimal(1200), None, "2013"),
        ("Autre", Decimal(8000), None, "2013"),
    ]
    assert whole.notes("refused") == [("funding", "Ville-Exemple n.c. 2014", 97)]


def test_a_funder_is_sole_or_joint_or_unnamed(whole: Any) -> None:
    lines = whole.it.funding
    assert [line.sole_funder and line.sole_funder.name for line in lines] == [
        "Ministère de l'Europe et des Affaires étrangères", "Ville-Exemple", None,
        "9 communes d'exemple", None,
    ]  # fmt: skip
    assert [[party.name for party in line.joint_funders] for line in lines] == [
        [], [], ["Ville-Exemple", "Commune-Modèle"], [], [],
    ]  # fmt: skip
    assert [line.unnamed for line in lines] == [None, None, None, None, True]


@pytest.mark.parametrize(
    ("row", "funder", "amount", "share", "year"),
    [
        ("1 200 2006", None, "1200", None, "2006"),
        ("104 500 1 045 2013", None, "104500", "1045", "2013"),
        ("Yaoundé 6 15000 2012", "Yaoundé 6", "15000", None, "2012"),
        ("Yaoundé 6 15 000 2012", "Yaoundé 6", "15000", None, "2012"),
        ("Yaoundé 2 15000 0 2012", "Yaoundé 2", "15000", "0", "2012"),
        ("Fonds européen 2007-2013 15000 2012", "Fonds européen 2007-2013", "15000", None, "2012"),
        ("Fonds européen 2007-2013 15 000 2012", "Fonds européen 2007-2013", "15000", None, "2012"),
        ("Fonds 2007 - 2013 15000 150 2012", "Fonds 2007 - 2013", "15000", "150", "2012"),
        ("Contrat 2014/20 9 146,94 2015", "Contrat 2014/20", "9146.94", None, "2015"),
        ("Plan 2000-2006 axe 3 8000 2005", "Plan 2000-2006 axe 3", "8000", None, "2005"),
        ("Ville d'Exemple 1 250 000 2010", "Ville d'Exemple", "1250000", None, "2010"),
        ("Ville d'Exemple 50 000 50 000 2010", "Ville d'Exemple", "50000", "50000", "2010"),
        ("Ville d'Exemple 33333,33 2022", "Ville d'Exemple", "33333.33", None, "2022"),
        ("Ville d'Exemple 9 146,94 2019", "Ville d'Exemple", "9146.94", None, "2019"),
        ("Ville d'Exemple 9\u202f146,94\u00a0€ 2019", "Ville d'Exemple", "9146.94", None, "2019"),
        ("Région Exemple 0 0 2013", "Région Exemple", "0", "0", "2013"),
        ("Autre 50 2012", "Autre", "50", None, "2012"),
        ("9 communes du Burkina 27000 2010", "9 communes du Burkina", "27000", None, "2010"),
        ("Ville d'Exemple | 60000 | | | | 2018 |", "Ville d'Exemple", "60000", None, "2018"),
        ("| 8000 | 2010 | | | |", None, "8000", None, "2010"),
        ("8000 | 2010 | | | | |", None, "8000", None, "2010"),
        ("Ville d'Exemple | 600 | 700 | 2018 | | |", "Ville d'Exemple", "600", None, "2018"),
    ],
)
def test_a_row_is_read_by_its_form(
    row: str,
    funder: str | None,
    amount: str,
    share: str | None,
    year: str,
    read: Callable[..., Any],
    with_funding: Callable[..., str],
) -> None:
    (line,) = read(with_funding(row)).it.funding
    assert line.funder_as_stated == funder
    assert line.amount_eur == Decimal(amount)
    assert line.water_solidarity_eur == (None if share is None else Decimal(share))
    assert line.year == PartialDate(year)
    assert line.unnamed == (True if funder in (None, "Autre") else None)


@pytest.mark.parametrize(
    "row",
    [
        "Ville d'Exemple n.c. 2010",
        "Ville d'Exemple 1,6 million 2010",
        "Ville d'Exemple 1,6 M€ 0 2010",
        "Ville d'Exemple -5000 2010",
        "Ville d'Exemple - 5000 2010",
        "Ville d'Exemple 12.500 0 2010",
        "Ville d'Exemple 5 000 F CFA 0 2010",
        "Ville d'Exemple environ 5000 2010",
        "Ville d'Exemple 20 000 200 2010",  # 20 000 200, or 20 000 of which 200
        "Ville d'Exemple 500 500 2010",
        "Yaoundé 6 5 2010",
        "Fonds européen 2007-2013 2012",
        "Fonds européen 2007 - 2013",
        "Fonds européen 2007 15000 2012",  # a year of the name, or an amount of 2007
        "Fonds européen 2013-2007 15000 2012",
        "Yaoundé 6 2010",
        "Ville d'Exemple 8000 9000 2010",
        "Ville d'Exemple 2010",
        "Ville d'Exemple 8000",
        "Ville d'Exemple 8000 20100",
        "Ville d'Exemple",
        "Ville d'Exemple" + " 1" * 5000 + " 2010",
        "Ville d'Exemple | n.c. | 2010 | | | |",
        "Ville d'Exemple | 2010 | | | | |",
        "Ville d'Exemple | 8000 | 201 | | | |",
    ],
    ids=lambda row: row[:40],
)
def test_a_row_that_form_does_not_decide_is_refused(
    row: str, read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    outcome = read(with_funding(row, "Autre 1000 2011"))
    assert [line.amount_eur for line in outcome.it.funding] == [1000]
    assert [(field, line) for field, _, line in outcome.notes("refused")] == [("funding", 92)]
    assert outcome.issues.lines["refused"] == 1


def test_a_joined_number_is_refused_where_the_page_knows_a_party_of_that_name(
    read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    page = with_funding("Commune-Modèle 6 150 000 2012")
    assert [line.amount_eur for line in read(page).it.funding] == [6150000]
    page = page.replace("Commune-Modèle Bénin", "Commune-Modèle 6 Bénin")
    assert read(page).it.funding == ()


def test_a_share_larger_than_its_amount_is_refused_and_the_line_kept(
    read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    outcome = read(with_funding("Ville-Exemple | 600 | 700 | 2018 | | |"))
    assert [line.amount_eur for line in outcome.it.funding] == [600]
    assert outcome.notes("refused") == [("1 % Eau", "700", 92)]


def test_a_row_that_stands_twice_is_two_lines(
    read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    outcome = read(with_funding("Autre 1000 2011", "Autre 1000 2011"))
    assert [line.amount_eur for line in outcome.it.funding] == [1000, 1000]
    assert outcome.notes("info") == [("funding", "Autre", 93)]


def test_a_name_that_goes_on_is_read_with_the_next_line(
    read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    page = with_funding("Ville-Exemple, Commune-Modèle,", "District-Modèle 10 200 2010")
    (line,) = read(page).it.funding
    assert [party.name for party in line.joint_funders] == [
        "Ville-Exemple", "Commune-Modèle", "District-Modèle",
    ]  # fmt: skip


def test_a_funder_that_is_a_partner_is_the_same_party(
    read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    it = read(with_funding("Commune-Modèle 5000 2012")).it
    assert it.funding[0].sole_funder == it.foreign_partners[0]


def test_an_undecided_funder_is_kept_as_stated_and_linked_to_nobody(
    read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    outcome = read(with_funding("Ville de Chinon et Etaules 5000 2010"))
    assert outcome.it.funding == (
        FundingLine(
            funder_as_stated="Ville de Chinon et Etaules",
            amount_eur=Decimal(5000),
            year=PartialDate("2010"),
        ),
    )
    assert ("funder", "Ville de Chinon et Etaules", 92) in outcome.notes("warning")


@pytest.mark.parametrize(
    "funder", ["Autres collectivités", "Autre : mécénat", "Autre (préciser)", "Divers", "AUTRE"]
)
def test_a_kind_of_nobody_is_no_funder(
    funder: str, read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    (line,) = read(with_funding(f"{funder} 8000 2012")).it.funding
    assert (line.unnamed, line.sole_funder, line.joint_funders) == (True, None, ())
    assert line.funder_as_stated == funder


@pytest.mark.parametrize("funder", ["Autre-Terre", "Diversité Exemple", "Autrement dit"])
def test_a_name_that_begins_like_nobody_is_a_name(
    funder: str, read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    (line,) = read(with_funding(f"{funder} 8000 2012")).it.funding
    assert line.sole_funder.name == funder
