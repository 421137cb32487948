"""A whole page: every field of it, every line of it, and the real pages where they lie."""

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from loaders.errors import NotOfThisKind
from loaders.model.records import Project
from loaders.model.values import Ref
from loaders.sources.dataset import registrations

SOURCES = Path(__file__).parents[4] / "shared" / "sources"
REAL = sorted(SOURCES.glob("atlas/*.txt")) + sorted(SOURCES.glob("seeds/003*.txt"))
OTHERS = sorted(
    path
    for pattern in ("seeds/00[0124]*.txt", "associations/*.txt", "atlas/*.json")
    for path in SOURCES.glob(pattern)
)
needs_sources = pytest.mark.skipif(not REAL, reason="the source documents are not at hand")


def test_every_field_of_a_page_is_read(whole: Any) -> None:
    it, document = whole.it, whole.record.document
    assert whole.record.key == "424242"
    assert it.key == "atlas-424242"
    assert document.address == "https://atlas.example.org/detailProjet.html?criteres.prjId=424242"
    assert document.rights_statement.value == "Tous droits réservés - Éditeur d'exemple 2013"
    assert it.names[0].value == (
        "Eau et services publics : la coopération de Ville-Exemple et de Commune-Modèle"
    )
    assert it.first_signature.lexical == "2011"
    assert it.start.lexical == "2012"
    assert it.end.lexical == "2015-12-31"
    assert it.status == Ref("concept/status/ongoing")
    assert it.form == Ref("concept/form/decentralised-cooperation-project")
    assert it.themes == (Ref("concept/theme/eau-et-assainissement"),)
    assert it.diplomatic_post.name == "Ambassade de France à Cotonou"


def test_the_closing_sentences_are_true_or_false_or_absent(whole: Any) -> None:
    assert whole.it.triennial is True
    assert whole.it.communicated_in_france is True
    assert whole.it.communicated_in_partner_countries is False
    assert whole.it.evaluated is None


def test_partners_are_authorities_of_their_country(whole: Any) -> None:
    it = whole.it
    assert [(p.name, p.country, p.authority) for p in it.foreign_partners] == [
        ("Commune-Modèle", Ref("country/BEN"), True),
        ("Cercle-Modèle", Ref("country/CIV"), True),
    ]
    assert [(p.name, p.country, p.authority) for p in it.home_partners] == [
        ("Ville-Exemple", Ref("country/FRA"), True),
        ("Communauté de communes du Pays d'Exemple", Ref("country/FRA"), True),
    ]


def test_owners_that_are_partners_are_the_same_parties(whole: Any) -> None:
    assert whole.it.project_owners == whole.it.home_partners[::-1]
    assert [(p.name, p.country, p.authority) for p in whole.it.implementers] == [
        ("Association Exemple pour l'eau (AEE) - Bénin", Ref("country/BEN"), False)
    ]


def test_other_themes_and_goals_keep_their_priorities(whole: Any) -> None:
    assert [
        (p.concept and p.concept.target, p.theme_as_stated, p.priority) for p in whole.it.priorities
    ] == [
        ("concept/theme/jeunesse-genre", None, 1),
        ("concept/theme/agriculture-et-agroalimentaire", None, 2),
        ("concept/theme/education-social-et-recherche", "Thème d'exemple", 3),
        ("concept/sdg/6", None, 2),
        ("concept/sdg/17", None, 1),
    ]


def test_a_goal_whose_number_and_label_differ_is_kept_as_stated(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed(("6 - Eau propre et assainissement 2", "6 - Pas de pauvreté 2"))
    goal = read(page).it.priorities[3]
    assert (goal.concept, goal.theme_as_stated, goal.priority) == (
        None, "6 - Pas de pauvreté", 2,
    )  # fmt: skip


def test_every_line_of_a_page_has_one_fate(whole: Any) -> None:
    assert dict(whole.issues.lines) == {
        "taken": 62, "noise": 18, "contact": 4, "withheld": 4, "refused": 1,
    }  # fmt: skip
    assert whole.issues.counts["left out: personal contact"] == 4
    assert whole.issues.counts["left out: text"] == 2


def test_a_line_that_nothing_announces_is_told(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    statement = "Tous droits réservés - Éditeur d'exemple 2013"
    outcome = read(changed((statement, f"{statement}\nUne ligne d'exemple")))
    assert outcome.issues.lines["unknown"] == 1
    assert ("line", "Une ligne d'exemple", 114) in outcome.notes("warning")


def test_an_unknown_closing_sentence_is_told(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("Une communication a été engagée en France", "Une phrase d'exemple")))
    assert outcome.it.communicated_in_france is None
    assert ("line", "Une phrase d'exemple", 101) in outcome.notes("warning")


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("Le partenariat n’est pas triennal", "triennial", False),
        ("Le projet est triennal.", "triennial", True),
        ("Une politique d'évaluation a été engagée", "evaluated", True),
        ("Aucune politique d'évaluation n'a été engagée", "evaluated", False),
        ("Une politique d'évaluation n'a pas été engagée", "evaluated", False),
    ],
)
def test_a_closing_sentence_affirms_or_denies(
    sentence: str, field: str, value: Any, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    it = read(changed(("Le partenariat est triennal", sentence))).it
    assert getattr(it, field) is value


def test_a_table_that_goes_on_elsewhere_is_told(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("precedent 1 pag", "precedent 1 2 3 pag")))
    assert ("other_themes", "3", 25) in outcome.notes("warning")


@needs_sources
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_every_line_of_a_real_page_is_understood(path: Path, read: Callable[..., Any]) -> None:
    outcome = read(path)
    text = path.read_text("utf-8")
    lines = outcome.issues.lines
    assert lines.total() == sum(bool(line.strip()) for line in text.splitlines())
    assert lines["unknown"] == lines["refused"] == 0
    assert outcome.notes("warning") == []
    assert outcome.it.names[0].value in " ".join(text.split())


@needs_sources
def test_the_commune_v_page_has_five_funding_lines(read: Callable[..., Any]) -> None:
    lines = read(REAL[-1]).it.funding
    assert sum(line.amount_eur for line in lines) == Decimal(105030)
    assert [line.water_solidarity_eur for line in lines] == [None, 0, 0, None, None]
    assert [len(line.joint_funders) for line in lines] == [0, 0, 0, 4, 0]
    assert [line.unnamed for line in lines] == [None, None, None, None, True]


@needs_sources
def test_a_shipped_page_says_nothing_that_the_real_one_does_not(read: Callable[..., Any]) -> None:
    real = {outcome.record.key: outcome.it for outcome in map(read, REAL)}
    for file in registrations()["atlas"].shipped_files():
        outcome = read(file.path)
        for field in dataclasses.fields(Project):
            value = getattr(outcome.it, field.name)
            stated = getattr(real[outcome.record.key], field.name)
            assert value in (None, (), stated), f"{file.name}: {field.name}"
        real.pop(outcome.record.key)
    assert real == {}


@needs_sources
@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_a_document_of_another_kind_is_told_apart(path: Path, read: Callable[..., Any]) -> None:
    with pytest.raises(NotOfThisKind):
        read(path)
