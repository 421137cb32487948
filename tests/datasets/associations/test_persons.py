"""A person beside the association's own contact block leaves no name, number or address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.datasets.associations.test_unseen_pages import read

HEAD = "Association modèle des communes (AMC)\n"
OPENINGS = (f"{HEAD}Créée en 1990, elle compte 12 communes.\n", f"{HEAD}BP 5 Lomé\n")


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize(
    "lines",
    [
        "Contact\nPrénom Nomfictif\n06 00 00 00 09\nprenom.nomfictif@example.org",
        "Contact : Prénom Nomfictif, 06 00 00 00 09",
        "Adresse : Prénom Nomfictif, BP 12 Lomé\nTél : 06 00 00 00 09",
        "Adresse : c/o Mme Nomfictif, Lomé",
        "Siège\nPrénom NOMFICTIF\nTél : +228 06 00 00 00 09",
        "Secrétaire général : Nomfictif Prénom\nTél : +228 60 00 00 09",
        "| Président | Prénom Nomfictif |\n| Tél | +228 60 00 00 09 |",
        "Pour nous joindre, appelez Prénom Nomfictif :\nTél : +228 60 00 00 09",
        "Le président, Prénom Nomfictif, répond au +228 60 00 00 09.",
        "Trésorier\nPrénom Nomfictif\n+228 60 00 00 09",
        "Directeur Prénom Nomfictif\nTel: +228 60 00 00 09",
        "Prénom Nomfictif (président)\nTel : +228 60 00 00 09",
        "prénom nomfictif\n+228 60 00 00 09",
        "- Président : Prénom Nomfictif\n- Téléphone : +228 60 00 00 09",
    ],
)
def test_a_person_leaves_no_trace(opening: str, lines: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"{opening}{lines}\n", "utf-8")
    found, issues = read(path)
    assert any(fact == ("amc", "acronym", "AMC") for fact in found)
    shown = (repr(found) + repr(issues.as_json())).casefold()
    assert [each for each in ("nomfictif", "00 09", "0009") if each in shown] == []
