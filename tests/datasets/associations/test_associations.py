from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from loaders.errors import NotOfThisKind
from loaders.model.values import PartialDate, Ref, Text
from loaders.sources.dataset import registrations
from tests.datasets.associations.pages import (
    FIXTURE,
    PAGES,
    figures,
    organs,
    read,
    targets,
)

# The real pages


def test_the_association_of_mayors_of_senegal_is_read_to_the_letter(real_sources: Path) -> None:
    page = read(real_sources / PAGES["ams"])
    ams = page.association
    assert (ams.key, page.record.key) == ("association-des-maires-du-senegal", "ams")
    assert ams.names == (Text("Association des Maires du Sénégal"),)
    assert (ams.acronym, ams.country) == ("AMS", Ref("country/SEN"))
    assert ams.kind == Ref("concept/kind/local-government-association")
    assert page.record.document.issued == PartialDate("2021-05-12")
    assert page.site.address is not None
    assert page.site.address.full == (
        "Maison des élus locaux, 31 rue Carnot - Place de l'Indépendance, B.P. 3866 Dakar"
    )
    assert (page.site.address.box, page.site.address.post_name) == ("3866", "Dakar")
    assert page.site.address.country_name is None
    assert targets(page.site.telephones) == ["tel:+221738424821", "tel:+221776307586"]
    assert page.site.telephones_as_stated == ("+221 7384 24821/7763 07586",)
    assert page.site.faxes == ("+221 3384 25062",)
    assert targets(page.site.emails) == ["mailto:maissenegal2012@gmail.com"]
    assert ams.homepage is None
    assert ams.founding_date == PartialDate("1958")
    assert ams.legal_basis == Text("Code des Obligations Civiles et Commerciales (COCC)")
    assert figures(ams) == [("members", 557, "exact", "maires", "2021-05-12")]
    # The page says "organes" and no more: no type is read into it.
    assert organs(ams) == [
        ("Assemblée Générale", None, None),
        ("Bureau national", "national", None),
    ]
    assert [objective.position for objective in ams.objectives] == list(range(1, 14))
    assert ams.objectives[6].text == Text("Promouvoir l'échange et la diffusion d'informations")


def test_the_association_of_municipalities_of_mali_is_read_to_the_letter(
    real_sources: Path,
) -> None:
    page = read(real_sources / PAGES["amm"])
    amm = page.association
    assert (amm.key, page.record.key) == ("association-des-municipalites-du-mali", "amm")
    assert page.site.address is not None
    assert page.site.address.full == "Quartier du fleuve, BP E1347 I26 Bamako MALI"
    assert page.site.address.box == "E1347 I26"
    assert (page.site.address.post_name, page.site.address.country_name) == ("Bamako", "MALI")
    assert targets(page.site.telephones) == ["tel:+22376397702", "tel:+22364664317"]
    assert page.site.faxes == ("+223 2023 7025",)
    assert targets(page.site.emails) == ["mailto:amm@amm-mali.org"]
    assert amm.homepage == Ref("http://www.coopdec-mali.org/")
    assert (amm.founding_date, amm.country) == (PartialDate("2000-11"), Ref("country/MLI"))
    assert amm.purpose is not None
    assert amm.purpose.value.startswith("participer à la sauvegarde")
    assert organs(amm) == [
        ("Congrès", "national", "deliberative-body"),
        ("Conseil National", "national", "deliberative-body"),
        ("Conférence Régionale", "regional", "deliberative-body"),
        ("Assemblée de Cercle", "cercle", "deliberative-body"),
        ("Bureau Exécutif National", "national", "executive-body"),
        ("Secrétariat permanent", "national", "secretariat"),
        ("Bureau de la Coordination Régionale", "regional", "executive-body"),
        ("Bureau du Cercle", "cercle", "executive-body"),
    ]
    (secretariat,) = [organ for organ in amm.organs if organ.serves]
    assert secretariat.names == (Text("Secrétariat permanent"),)
    assert targets(secretariat.serves) == [
        "organ/association-des-municipalites-du-mali-bureau-executif-national"
    ]
    assert [objective.position for objective in amm.objectives] == [1, 2, 3, 4, 5, 6]
    assert amm.figures == ()


def test_a_member_count_is_told_from_its_parts_and_from_an_organ_s_seats(
    real_sources: Path,
) -> None:
    ambf = read(real_sources / PAGES["ambf"]).association
    assert figures(ambf) == [
        ("members", 351, "exact", "communes", None),
        ("rural-municipalities", 302, "exact", "communes rurales", None),
        ("urban-municipalities", 47, "exact", "communes urbaines", None),
        ("special-status-municipalities", 2, "exact", "communes à statut particulier", None),
    ]
    bureau = next(organ for organ in ambf.organs if organ.other_names == (Text("BN"),))
    assert figures(bureau) == [("seats", 61, "exact", "membres", None)]
    regional = ambf.organs[-1]
    assert regional.names == (Text("Bureaux Régionaux"),)
    assert figures(regional) == [("organs", 13, "exact", "Bureaux Régionaux", None)]


def test_organs_of_one_name_at_two_levels_are_two(real_sources: Path) -> None:
    ambf = read(real_sources / PAGES["ambf"]).association
    keys = [
        organ.key for organ in ambf.organs if organ.names == (Text("Commissions spécialisées"),)
    ]
    assert keys == [
        "association-des-municipalites-du-burkina-faso-commissions-specialisees-national",
        "association-des-municipalites-du-burkina-faso-commissions-specialisees-regional",
    ]


def test_organs_in_brackets_keep_the_type_of_their_group(real_sources: Path) -> None:
    cvuc = read(real_sources / PAGES["cvuc"]).association
    assert organs(cvuc) == [
        ("assemblée générale", None, "deliberative-body"),
        ("assemblées régionales", "regional", "deliberative-body"),
        ("assemblées départementales", "departmental", "deliberative-body"),
        ("bureau exécutif national", "national", "executive-body"),
        ("bureaux régionaux", "regional", "executive-body"),
        ("bureaux départementaux", "departmental", "executive-body"),
        ("commissions techniques", None, "advisory-body"),
        ("secrétariat exécutif national", "national", "technical-body"),
        ("secrétariats permanents régionaux", "regional", "technical-body"),
    ]
    assert [figures(organ)[:1] for organ in cvuc.organs[1:3]] == [
        [("organs", 10, "exact", "assemblées régionales", None)],
        [("organs", 58, "exact", "assemblées départementales", None)],
    ]
    assert figures(cvuc) == [
        ("members", 360, "exact", "communes", None),
        ("members", 14, "exact", "communautés urbaines", None),
    ]


def test_a_page_without_a_title_is_named_by_its_text(real_sources: Path) -> None:
    page = read(real_sources / PAGES["uct"])
    assert page.association.names == (Text("Union des Communes du Togo"),)
    assert page.association.founding_date == PartialDate("1996-05")
    assert page.association.legal_basis == Text("association de loi 1901")
    assert figures(page.association) == [
        ("members", 9, "exact", "Communes", "1996"),
        ("members", 21, "exact", "Communes membres", None),
    ]
    assert len(page.association.objectives) == 4
    assert [note.field for note in page.issues.notes if note.level == "info"] == ["name"]


@pytest.mark.parametrize("name", PAGES)
def test_every_line_of_a_real_page_has_one_fate(name: str, real_sources: Path) -> None:
    path = real_sources / PAGES[name]
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    page = read(path)
    assert page.issues.lines.total() == len(lines)
    told = [note.line for note in page.issues.notes if note.field == "line"]
    assert page.issues.lines["unknown"] == len(told)
    assert page.issues.counts["left out: text"] == page.issues.lines["withheld"]


@pytest.mark.parametrize("name", PAGES)
def test_what_ships_states_the_facts_of_the_real_page_in_other_words(
    name: str, real_sources: Path
) -> None:
    real = read(real_sources / PAGES[name]).association
    (file,) = [
        f for f in registrations()["associations"].shipped_files() if f.name == f"{name}.txt"
    ]
    shipped = read(file.path).association
    assert [o.position for o in shipped.objectives] == [o.position for o in real.objectives]
    assert not {o.text for o in shipped.objectives} & {o.text for o in real.objectives}
    assert dataclasses.replace(shipped, objectives=(), purpose=None) == dataclasses.replace(
        real, objectives=(), purpose=None
    )


@pytest.mark.parametrize("folder", ["seeds", "atlas", "associations"])
def test_pages_of_another_kind_are_not_profiles(folder: str, real_sources: Path) -> None:
    for path in sorted((real_sources / folder).iterdir()):
        if f"{folder}/{path.name}" not in PAGES.values():
            with pytest.raises(NotOfThisKind):
                read(path)


# The page that was made up


def test_the_sample_page_gives_all_its_facts() -> None:
    page = read(FIXTURE)
    union = page.association
    assert page.record.key == "umcb"
    assert (union.founding_date, union.country) == (PartialDate("1998-03-12"), Ref("country/BEN"))
    assert union.legal_basis == Text("association de loi 1901")
    assert union.purpose == Text("représenter les communes")
    assert page.site.address is not None
    assert page.site.address.full == "Quartier Exemple, 01 BP 0000 Exempleville, Bénin"
    assert page.site.address.box == "01 BP 0000"
    assert targets(page.site.telephones) == ["tel:+22921000001", "tel:+22921000002"]
    assert page.site.faxes == ("+229 21 00 00 03",)
    assert targets(page.site.emails) == ["mailto:contact@example.org"]
    assert union.homepage == Ref("http://www.example.org")
    assert figures(union) == [
        ("members", 70, "at-least", "communes", "2021-04-01"),
        ("rural-municipalities", 30, "about", "communes rurales", "2021-04-01"),
        ("members", 67, "exact", "communes membres", "2012-12-31"),
    ]
    assert organs(union) == [
        ("Assemblée Générale", "national", "deliberative-body"),
        ("Conseil National", "national", "deliberative-body"),
        ("Conseils Départementaux", "departmental", "deliberative-body"),
        ("Bureau Exécutif", None, "executive-body"),
        ("Secrétariat Permanent", None, "secretariat"),
    ]
    assert [o.text.value for o in union.objectives] == [
        "Défendre les communes",
        "Former les élus, notamment par des stages qui durent un mois",
        "Relier les communes",
    ]


def test_a_person_s_details_are_left_out_counted_and_masked() -> None:
    page = read(FIXTURE)
    shown = repr(page.record) + repr(page.issues.as_json())
    for private in ("modele.exemple", "presse@", "90000000", "90 00 00 0", "FICTIF", "EXEMPLE"):
        assert private not in shown
    assert page.issues.counts["left out: contact"] == 5
    assert page.issues.lines["contact"] == 5


def test_an_html_page_gives_what_its_text_gives(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    html.write_text(
        "<!DOCTYPE html><html><head><title>Hub</title><style>p{}</style></head><body>"
        "<nav><ul><li><a href='/'>Accueil</a></li></ul></nav>"
        "<h1>Union Modèle des Communes du Bénin (UMCB)</h1>"
        "<p>UMCB, Quartier Exemple<br/>01 BP 0000 Exempleville, Bénin<br>"
        "Tél. : (229) 21 00 00 01/02<br>E-mail : "
        "<a href='mailto:contact@example.org'>contact (@) example.org</a><br>"
        "Lien : <a href='http://www.example.org/'>notre site</a></p>"
        "<p>jeudi 1er avril 2021</p><!-- vu --><p>Créée en <b>mai</b>\n1996, l'<b>UMCB</b> a "
        "des <em>objectifs</em> :</p>"
        "<ul><li><p>Défendre les communes ;</p></li><li>Relier les communes.</li></ul>"
        "</body></html>",
        "utf-8",
    )
    page = read(html)
    assert page.site.address is not None
    assert page.site.address.full == "Quartier Exemple, 01 BP 0000 Exempleville, Bénin"
    assert targets(page.site.emails) == ["mailto:contact@example.org"]
    assert page.association.homepage == Ref("http://www.example.org/")
    assert page.association.founding_date == PartialDate("1996-05")
    assert [o.text.value for o in page.association.objectives] == [
        "Défendre les communes",
        "Relier les communes",
    ]
    assert page.fates == {"noise": 1, "taken": 10}
