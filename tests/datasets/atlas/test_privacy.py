"""The parts of a page that are left out: persons, their contacts, and reserved texts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[4] / "shared" / "sources"
REAL = sorted(SOURCES.glob("atlas/*.txt")) + sorted(SOURCES.glob("seeds/003*.txt"))
SHORT = "Donner de l'eau aux quartiers d'exemple."


@pytest.mark.parametrize("texts", ["drop", "publish"])
def test_no_contact_detail_leaves_the_page(
    texts: str, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(), texts=texts)
    for word in ("NOM-DU", "@", "[at]", "contact(", "01 99"):
        assert word not in " ".join(outcome.told())
    assert outcome.issues.counts["left out: personal contact"] == 4


def test_a_name_without_the_label_of_its_post_is_left_out_as_well(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed(('Contacts dans le poste diplomatique "Ambassade de France à Cotonou"\n', ""))
    outcome = read(page)
    assert "NOM-DU" not in " ".join(outcome.told())
    assert outcome.it.diplomatic_post is None


def test_a_name_on_the_last_line_of_a_cut_page_is_not_told(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed()
    outcome = read(page[: page.index(" Prénom Maire")])
    assert "NOM-DU" not in " ".join(outcome.told())


def test_reserved_texts_are_left_out_unless_the_operator_has_the_right(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    assert read(changed()).it.description == ()
    published = read(changed(), texts="publish").it.description
    assert [text.value.split("\n")[-1] for text in published] == [
        "Historique des forages : un autre paragraphe d'exemple.",
        "Un paragraphe d'exemple. Renseignements : ‹telephone›.",
    ]


def test_a_short_objective_is_quoted(whole: Any) -> None:
    assert [objective.text.value for objective in whole.it.objectives] == [SHORT]
    assert [text.value for text in whole.it.beneficiaries] == [
        "- les habitants des quartiers d'exemple - les agents de Commune-Modèle"
    ]


@pytest.mark.parametrize(
    "text", [f"{SHORT} " * 8, f"{SHORT} Écrire à eau@example.org.", f"{SHORT} Voir M. NOM-FICTIF."]
)
def test_a_long_objective_or_one_with_a_contact_is_withheld(
    text: str, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed((SHORT, text)))
    assert outcome.it.objectives == ()
    assert outcome.issues.counts["left out: text"] == 3


def test_a_text_whose_label_stands_twice_is_not_quoted(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed(
        ("Historique\nObjectif", "Objectif"),
        ("Un paragraphe d'exemple, qui", "Objectif du partenariat\nUn paragraphe d'exemple, qui"),
    )
    outcome = read(page)
    assert outcome.it.objectives == ()
    assert "objective" in [field for field, _, _ in outcome.notes("warning")]


@pytest.mark.skipif(not REAL, reason="the source documents are not at hand")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_no_name_of_a_contact_of_a_real_page_is_told(path: Path, read: Callable[..., Any]) -> None:
    text = path.read_text("utf-8")
    told = " ".join(read(path).told())
    assert "@" not in told
    assert "[at]" not in told
    for name in ("BENALLA", "GIANVITI", "MAGASSOUBA", "FICT", "EXEMPL", "MODEL", "INVENTARA"):
        assert name not in text or name not in told


@pytest.mark.parametrize(
    "row", ["M. NOM-FICTIF 300 2012", "M. NOM-FICTIF n.c. 2012", "nom-fictif@example.org 20 2012"]
)
def test_a_person_is_no_funder_and_not_told(
    row: str, read: Callable[..., Any], with_funding: Callable[..., str]
) -> None:
    outcome = read(with_funding(row))
    assert outcome.it.funding == ()
    assert [line for _, _, line in outcome.notes("refused")] == [92]
    assert "nom-fictif" not in " ".join(outcome.told()).lower()


def test_a_person_in_a_line_that_nobody_understands_is_left_out(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("PIED DE PAGE", "Directeur : M. NOM-FICTIF\nPIED DE PAGE")))
    assert "NOM-FICTIF" not in " ".join(outcome.told())
    stray = read(changed(("\n2011\n", "\n2011\nSuivi par Mme NOM-FICTIF\n")))
    assert "NOM-FICTIF" not in " ".join(stray.told())
    assert (stray.issues.lines["contact"], stray.issues.lines["unknown"]) == (10, 0)


def test_who_speaks_for_a_party_is_left_out(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    cell = "Communauté de communes du Pays d'Exemple et la Ville-Exemple"
    outcome = read(changed((cell, "Ville d'Exemple, représentée par son maire Prénom NOM-FICTIF")))
    assert [party.name for party in outcome.it.project_owners] == ["Ville d'Exemple"]
    assert outcome.issues.counts["left out: personal contact"] == 5
    assert "NOM-FICTIF" not in " ".join(outcome.told())
