"""The forms in which pages are found: the same page says the same in each of them."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from loaders.model.values import Ref

VARIANTS = {
    "a breadcrumb in words": (
        ("???menu.atlas.libelle??? > ???menu.atlas.detailProjet.libelle???",
         "Atlas > Détail projet"),
        ("pagination.page.precedent 1 pagination.page.suivant", "Précédent 1 Suivant"),
    ),
    "projet for partenariat": (
        ("du partenariat", "du projet"),
        ("Année de début du projet", "Année de début de projet"),
        ("Le partenariat est", "Le projet est"),
        ("Votre partenariat", "Votre projet"),
    ),
    "the labels of 2022": (
        ("Année de première signature de la convention",
         "Année de signature de la convention ou de la lettre d'intention"),
        ("\nContexte\n", "\nContexte et historique\n"),
    ),
    "labels in other letters": (
        ("\nTitre\n", "\nTITRE :\n"),
        ("Maître(s) d'œuvre", "MAITRE(S) D’OEUVRE :"),
        ("Thématique d'intervention\nEnv", "Thématique d’intervention :\nEnv"),
        ("Évaluations, communication", "Evaluations, communication"),
    ),
    "values beside their labels": (
        ("Le partenariat est :\nEn cours", "Le partenariat est : En cours"),
        ("partenariat\n2012", "partenariat : 2012"),
    ),
    "carriage returns": (("\n", "\r\n"),),
    "blanks that do not break": (("22 500 0", "22\u202f500\u00a00"), ("104 500", "104\u00a0500")),
}  # fmt: skip

MARKED = (
    ("Thématique éligible Sous-thématique Sous-sous-thématique Priorité",
     "Thématique éligible | Sous-thématique | Sous-sous-thématique | Priorité |\n---|---|---|---|"),
    ("Education, Social et Recherche Jeunesse & genre 1",
     "Education, Social et Recherche | Jeunesse & genre | 1 | |"),
    ("Agriculture et développement rural Agriculture et agroalimentaire 2",
     "| Agriculture et développement rural | Agriculture et agroalimentaire | 2 |"),
    ("Education, Social et Recherche Thème d'exemple 3",
     "Education, Social et Recherche | Thème d'exemple | | 3 |"),
    ("<< < pagination.page.precedent 1 pagination.page.suivant > >>",
     "<<\n< pagination.page.precedent\n1\npagination.page.suivant >\n>>"),
    ("6 - Eau propre et assainissement 2", "6 - Eau propre et assainissement | 2 |"),
    ("Courriel : correspondant[at]", "Courriel :\ncorrespondant[at]"),
    ("Nom de la collectivité étrangère Pays", "Nom de la collectivité étrangère | Pays | |"),
    ("Commune-Modèle Bénin ", "Commune-Modèle | Bénin | "),
    ("Cercle-Modèle Côte d’Ivoire ", "Cercle-Modèle | Côte d'Ivoire | "),
    ("Ville-Exemple commun.ico", "Ville-Exemple | commun.ico"),
    ("étrangères 12 500,50 € 2012", "étrangères | 12 500,50 € | 2012 | | | |"),
    ("Ville-Exemple 22 500 0 2012", "Ville-Exemple | 22 500 | 0 | 2012 | | |"),
    ("Modèle 104 500 1 045 2013", "Modèle | 104 500 | | 1 045 | | 2013 |"),
    ("9 communes d'exemple 1 200 2013", "9 communes d'exemple | 1 200 | 2013 | | | |"),
    ("Autre 8000 2013", "Autre | 8000 | 2013 | | | |"),
    ("Ville-Exemple n.c. 2014", "Ville-Exemple | n.c. | 2014 | | | |"),
)  # fmt: skip


@pytest.fixture
def marked(changed: Callable[..., str]) -> str:
    """Our page with column marks in its tables."""
    return changed(*MARKED)


@pytest.fixture
def html(marked: str) -> str:
    """Our page as HTML: the cells of tables in their columns, some labels in tables or in bold."""
    out = []
    for line in marked.split("\n"):
        text = line.replace("&", "&amp;").replace(" : ", "&nbsp;: ").replace("é", "&eacute;")
        if "---" in line or line.startswith("http"):
            continue
        if "|" in line:
            cells = "".join(f"<td>\n  <span>{cell.strip()}</span></td>" for cell in text.split("|"))
            out.append(f"<table><tbody><tr>{cells}</tr></tbody></table>")
        elif line.startswith("Année de début"):
            out.append(f"<table><tr><td>{text}</td>")
        elif line == "2012":
            out.append(f"<td>{line}</td></tr></table>")
        elif line == "Titre":
            out.append("<p><strong>Titre</strong> ")
        elif line.startswith("Eau et services"):
            out.append(text + "<br/>")
        elif line.startswith("la coopération"):
            out.append(text + "</p>")
        elif line.startswith("correspondant[at]"):
            out.append('<a href="mailto:correspondant@poste.example.org?subject=x">Écrire</a>')
        else:
            out.append(f"<div>{text}</div>")
    return (
        "<!-- saved from url=(0071)https://atlas.example.org/detailProjet.html"
        "?criteres.prjId=424242 -->\n<!DOCTYPE html><html><head><title>Titre</title>"
        "<script>var Titre = 1;</script></head><body><div hidden>Titre</div>"
        '<p style="display: none">Historique</p>' + "\n".join(out) + "</body></html>"
    )


@pytest.mark.parametrize("replacements", [*VARIANTS.values(), MARKED], ids=[*VARIANTS, "marks"])
def test_the_same_page_in_another_form_says_the_same(
    replacements: tuple[tuple[str, str], ...],
    read: Callable[..., Any],
    changed: Callable[..., str],
    whole: Any,
) -> None:
    outcome = read(changed(*replacements))
    assert outcome.it == whole.it
    assert outcome.issues.lines["unknown"] == 0


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_the_same_page_in_another_encoding_says_the_same(
    encoding: str, read: Callable[..., Any], changed: Callable[..., str], whole: Any
) -> None:
    assert read(changed().encode(encoding)).it == whole.it


def test_the_same_page_with_decomposed_accents_says_the_same(
    read: Callable[..., Any], changed: Callable[..., str], whole: Any
) -> None:
    assert read(unicodedata.normalize("NFD", changed())).it == whole.it


def test_html_reduces_to_the_lines_of_the_text(
    html: str, read: Callable[..., Any], whole: Any
) -> None:
    outcome = read(html, "page.html")
    assert outcome.it == whole.it
    assert outcome.record.key == "424242"
    assert outcome.issues.lines["unknown"] == 0


def test_a_contact_detail_leaves_no_form_of_the_page(
    html: str, marked: str, read: Callable[..., Any]
) -> None:
    for page in (html, marked):
        outcome = read(page)
        for word in ("NOM-DU", "correspondant@", "correspondant[", "contact(", "01 99"):
            assert word not in " ".join(outcome.told())
    assert outcome.issues.counts["left out: personal contact"] == 8  # of both pages


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://x.example.org/p?criteres.prjId=77&amp;a=1">',
        '<meta property="og:url" content="https://x.example.org/p?criteres.prjId=0077">',
        '<base href="https://x.example.org/p?criteres.prjId=77">',
    ],
)
def test_the_key_of_an_html_page_is_in_its_own_address(
    head: str, html: str, read: Callable[..., Any]
) -> None:
    page = html.partition("-->\n")[2].replace("<title>", f"{head}<title>")
    assert read(page, "page.html").record.key == "77"


def test_without_an_address_the_key_comes_from_the_file_name(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed().partition("\n")[2], "prj4711.txt")
    assert outcome.record.key == "4711"
    assert outcome.record.document.address is None
    assert outcome.notes("info") == [("key", "prj4711.txt", None)]


def test_without_any_number_the_key_is_derived_from_title_and_year(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed().partition("\n")[2])
    assert outcome.record.key == (
        "eau-et-services-publics-la-cooperation-de-ville-exemple-et-de-commune-modele-2011"
    )
    assert [field for field, _, _ in outcome.notes("info")] == ["key"]


def test_the_address_of_another_project_in_a_text_is_not_the_key(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    address = "https://atlas.example.org/detailProjet.html?criteres.prjId=5"
    assert read(changed(("Le contexte national", address))).record.key == "424242"


def test_labels_in_a_text_are_text(
    read: Callable[..., Any], changed: Callable[..., str], whole: Any
) -> None:
    labels = (
        "Objectif du partenariat\nAnnée de début du partenariat\n1871\n"
        "Maître(s) d'ouvrage\nun paragraphe d'exemple\n"
    )
    page = changed(("Le contexte national\n", f"Le contexte national\n{labels}"))
    assert read(page).it == whole.it


def test_the_label_after_an_empty_value_is_no_value(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed(
        ("\nEn cours\n", "\n"), ("\n31/12/2015\n", "\n"), ("\nEau et assainissement\n", "\n")
    )
    it = read(page).it
    assert (it.status, it.status_as_stated, it.end) == (None, None, None)
    assert it.themes == (Ref("concept/theme/eau-et-dechets"),)


def test_a_label_out_of_its_order_is_nobodys_value(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed(("\nEn cours\n", "\nEn cours\nMaître(s) d'ouvrage\nVille d'Ailleurs\n"))
    outcome = read(page)
    assert outcome.it.status == Ref("concept/status/ongoing")
    assert "Ville d'Ailleurs" not in [party.name for party in outcome.it.project_owners]
    assert outcome.issues.lines["unknown"] == 2


def test_a_breadcrumb_on_several_lines_is_noise(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    crumbs = "Accueil > ???menu.atlas.libelle??? > ???menu.atlas.detailProjet.libelle???"
    outcome = read(changed((crumbs, "Accueil\n>\nAtlas\n>\nDétail projet")))
    assert outcome.issues.lines["unknown"] == 0
