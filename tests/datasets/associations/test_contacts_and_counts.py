from __future__ import annotations

import pytest

from loaders.datasets.associations.telephones import telephones
from loaders.model.values import PartialDate
from tests.datasets.associations.pages import (
    HEAD,
    Written,
    figures,
    targets,
)

# Telephones, e-mails, dates, counts


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("+221 7384 24821/7763 07586", ["+221738424821", "+221776307586"]),
        ("(226) 503 823 27/28", ["+22650382327", "+22650382328"]),
        ("(00226) 50 38 23 27 ; 50 38 23 28", ["+22650382327", "+22650382328"]),
        ("00 229 21 30 56 84 ou +229 97 00 00 00", ["+22921305684", "+22997000000"]),
        ("+33 (0)1 44 00 00 00", ["+33144000000"]),
        ("+261 20 22 000 00 / 033 12 000 00", ["+261202200000", "+261331200000"]),
        ("+237 2220 1683", ["+23722201683"]),
        ("(+241) 01 76 00 00 ou 01 76 00 01", ["+24101760000", "+24101760001"]),
        ("+225 07 00 00 00 00 / 07 00 00 00 01", ["+2250700000000", "+2250700000001"]),
        ("+226 25 30 00 00 / 925 30 00 00", ["+22625300000"]),
        ("20 22 35 44", []),
        ("+999 12 34 56 78", []),
        ("+223 76 39 77 02/345 678", ["+22376397702"]),
        ("néant", []),
    ],
)
def test_telephones_are_read_in_the_form_of_e164_or_not_at_all(
    text: str, numbers: list[str]
) -> None:
    assert telephones(text)[0] == numbers


def test_a_telephone_that_cannot_be_read_stays_as_stated_and_is_told(page: Written) -> None:
    read_page = page(f"{HEAD}Tel : 20 22 35 44\n")
    assert read_page.site.telephones == ()
    assert read_page.site.telephones_as_stated == ("20 22 35 44",)
    (note,) = read_page.issues.notes
    assert (note.level, note.field, note.value, note.line) == (
        "warning", "telephone", "‹telephone›", 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "Email : acm (@) example.org",
        "E-mail: acm[at]example.org",
        r"**Courriel : [acm \(@\) example.org](mailto:acm@example.org)**",
        "Mél : acm (at) example.org",
        "Email : acm@example.org",
        "Email :\nacm@example.org",
    ],
)
def test_an_e_mail_address_is_decoded(line: str, page: Written) -> None:
    assert targets(page(f"{HEAD}{line}\n").site.emails) == ["mailto:acm@example.org"]


def test_an_e_mail_address_without_a_domain_gives_none_and_is_told(page: Written) -> None:
    read_page = page(f"{HEAD}BP 12 Exempleville\nEmail : acm (@)\n")
    assert read_page.site.emails == ()
    assert read_page.fates == {"taken": 2, "refused": 1}
    (note,) = read_page.issues.notes
    assert (note.field, note.value, note.line) == ("e-mail", "‹e-mail›", 3)


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("Créée en 1958, l'ACM aide ses membres.", "1958"),
        ("Créée en en novembre 2000, elle aide.", "2000-11"),
        (
            "ACM est né en décembre 2003, de deux associations d'avant le 21 janvier 1996.",
            "2003-12",
        ),
        ("Créé en mai 1996 à l'issue d'une réunion, le réseau grandit.", "1996-05"),
        ("Fondée en mai 2013, et basée à Rabat, elle aide.", "2013-05"),
        ("L'association a été créée le 12 mars 1998.", "1998-03-12"),
        ("L'Association des Communes Modèles (ACM), fondée le 1er août 1998, aide.", "1998-08-01"),
        ("L'ACM a vu le jour en 1995.", "1995"),
        ("Date de création : 12/03/1998", "1998-03-12"),
        ("Créée à l'issue de l'assemblée constitutive d'avril 2003, elle aide.", "2003-04"),
        ("Fondée lors du congrès de 2003, elle aide.", "2003"),
        ("Créée par ordonnance n° 60-085 du 18 août 1960, l'ACM aide.", "1960-08-18"),
        ("Née d'une volonté commune, l'ACM a vu le jour le 15 mai 1997.", "1997-05-15"),
        ("Après deux ans d'attente, l'ACM a été créée en 1997.", "1997"),
        ("Issue d'une réforme, la ville a été créée en 1997.", None),
        ("Créée à l'initiative de maires élus en assemblée par la loi de 1996, elle aide.", None),
        ("Elle a été reconnue par les autorités en août 2001.", None),
        ("Créée à la suite des élections de 1996, elle aide.", None),
        ("Le ministère a été créé en 1990.", None),
        ("Depuis 1998, l'ACM aide ses membres.", None),
    ],
)
def test_the_founding_date_has_the_precision_of_the_sentence(
    sentence: str, date: str | None, page: Written
) -> None:
    founded = page(f"{HEAD}Tel : +223 20 00 00 00\n\n{sentence}\n").association.founding_date
    assert founded == (PartialDate(date) if date else None)


def test_a_day_that_does_not_exist_is_refused_and_told(page: Written) -> None:
    read_page = page(f"{HEAD}BP 1 Exempleville\nCréée le 31 février 1998, l'ACM aide.\n")
    assert read_page.association.founding_date is None
    assert read_page.fates == {"taken": 2, "refused": 1}


def test_a_second_founding_date_is_told_and_the_first_kept(page: Written) -> None:
    read_page = page(
        f"{HEAD}BP 1 Exempleville\nCréée en 1998, l'ACM aide.\nL'ACM est née en 1999.\n"
    )
    assert read_page.association.founding_date == PartialDate("1998")
    assert [(n.level, n.value) for n in read_page.issues.notes] == [("warning", "1999")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("L'ACM regroupe près de 60 communes.", [("members", 60, "almost", "communes", None)]),
        ("Elle compte une soixantaine de maires.", [("members", 60, "about", "maires", None)]),
        (
            "L'ACM réunit au moins 1 541 communes.",
            [("members", 1541, "at-least", "communes", None)],
        ),
        ("Elle fédère trois (3) villes.", [("members", 3, "exact", "villes", None)]),
        ("En 1996, l'ACM comptait neuf communes.", [("members", 9, "exact", "communes", "1996")]),
        (
            "Elle regroupe plus de mille deux cents communes.",
            [("members", 1200, "at-least", "communes", None)],
        ),
        ("L'ACM réunit trois mille cinq villes.", [("members", 3005, "exact", "villes", None)]),
        (
            "Nombre de membres : 264 municipalités",
            [("members", 264, "exact", "municipalités", None)],
        ),
        ("Membres : une trentaine de villes", [("members", 30, "about", "villes", None)]),
        (
            "L'ACM regroupe 75 communes ; elle comptait 40 membres en 2001.",
            [
                ("members", 75, "exact", "communes", None),
                ("members", 40, "exact", "membres", "2001"),
            ],
        ),
        (
            "L'ACM réunit 60 communes.\nElle compte 12 cercles.\nL'ACM réunit 60 communes.",
            [
                ("members", 60, "exact", "communes", None),
                ("members", 12, "exact", "cercles", None),
            ],
        ),
        ("Le pays compte 703 communes.", []),
        ("L'ACM a un Bureau composé de 61 membres.", []),
        ("L'ACM a formé 60 maires.", []),
    ],
)
def test_members_are_counted_with_what_when_and_how_precisely(
    sentence: str, expected: list[tuple[str, int, str, str, str | None]], page: Written
) -> None:
    assert figures(page(f"{HEAD}BP 1 Exempleville\n{sentence}\n").association) == expected
