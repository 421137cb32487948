from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from loaders.dataset import registrations
from loaders.datasets.associations.telephones import telephones
from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.ledger import Ledger
from loaders.records import Association, Organ, Site, SourceRecord
from loaders.sources import SourceFile
from loaders.values import PartialDate, Ref, Text

FIXTURE = Path(__file__).with_name("source.txt")
PAGES = {
    "ams": "seeds/000_117a91147f490e54.txt",
    "amm": "seeds/001_55eeb453f173ac6a.txt",
    "ambf": "associations/ambf_burkina_uclga.txt",
    "cvuc": "associations/cvuc_cameroun_uclga.txt",
    "uct": "associations/uct_togo_site.txt",
}
HEAD = "Association des Communes Modèles (ACM)\n"


@dataclasses.dataclass(frozen=True)
class Page:
    record: SourceRecord
    association: Association
    ledger: Ledger

    @property
    def site(self) -> Site:
        assert self.association.site is not None
        return self.association.site

    @property
    def fates(self) -> dict[str, int]:
        return {str(fate): count for fate, count in self.ledger.lines.items()}


Written = Callable[[str | bytes], Page]


def read(path: Path, texts: Literal["drop", "publish"] = "drop") -> Page:
    registration = registrations()["associations"]
    ledger = Ledger("associations")
    ledger.open(path.name)
    dataset = dataclasses.replace(registration.dataset, texts=texts)
    (record,) = registration.load(SourceFile(path, path.name), dataset, ledger)
    (association,) = record.entities
    assert isinstance(association, Association)
    return Page(record, association, ledger)


@pytest.fixture
def page(tmp_path: Path) -> Written:
    """Writes a page down, as text or as bytes, and reads it."""

    def written(content: str | bytes) -> Page:
        path = tmp_path / "page.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path)

    return written


def organs(association: Association) -> list[tuple[str, str | None, str | None]]:
    def notation(ref: Ref | None) -> str | None:
        return ref.target.rpartition("/")[2] if ref else None

    return [
        (o.names[0].value, notation(o.level), notation(o.organ_type)) for o in association.organs
    ]


def figures(of: Association | Organ) -> list[tuple[str, int, str, str, str | None]]:
    return [
        (
            figure.measure.target.rpartition("/")[2],
            int(figure.value),
            figure.precision.target.rpartition("/")[2],
            figure.unit.value if figure.unit else "",
            figure.date.lexical if figure.date else None,
        )
        for figure in of.figures
    ]


def targets(refs: tuple[Ref, ...]) -> list[str]:
    return [ref.target for ref in refs]


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
    assert [note.level for note in page.ledger.notes] == ["info"]


@pytest.mark.parametrize("name", PAGES)
def test_every_line_of_a_real_page_has_one_fate(name: str, real_sources: Path) -> None:
    path = real_sources / PAGES[name]
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    page = read(path)
    assert page.ledger.lines.total() == len(lines)
    assert page.ledger.lines["unknown"] == 0
    assert page.ledger.counts["left out: text"] == page.ledger.lines["withheld"]


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
    shown = repr(page.record) + repr(page.ledger.as_json())
    for private in ("modele.exemple", "presse@", "90000000", "90 00 00 0", "FICTIF", "EXEMPLE"):
        assert private not in shown
    assert page.ledger.counts["left out: contact"] == 5
    assert page.ledger.lines["contact"] == 5


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
    (note,) = read_page.ledger.notes
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
    (note,) = read_page.ledger.notes
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
    assert [(n.level, n.value) for n in read_page.ledger.notes] == [("warning", "1999")]


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


# What may be published


def test_a_long_objective_of_a_reserved_source_is_dropped_and_counted(page: Written) -> None:
    long = "mot " * 80
    text = f"{HEAD}BP 1 Exempleville\n## Objectifs\n- Aider ;\n- {long};\n- Former."
    read_page = page(text)
    objectives = read_page.association.objectives
    assert [(o.position, o.text.value) for o in objectives] == [(1, "Aider"), (3, "Former")]
    assert read_page.ledger.counts["left out: text"] == 1
    assert read_page.fates == {"taken": 5, "withheld": 1}


def test_texts_are_published_where_an_operator_has_the_right(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"{HEAD}BP 1 Exempleville\nUne longue histoire est contée ici en détail.\n")
    assert read(path).association.description == ()
    told = read(path, texts="publish").association.description
    assert told == (Text("Une longue histoire est contée ici en détail."),)


def test_a_list_of_things_done_is_no_list_of_objectives(page: Written) -> None:
    text = f"{HEAD}BP 1 Exempleville\nVoici quelques actions menées pour ces objectifs :\n- Aider."
    read_page = page(text)
    assert read_page.association.objectives == ()


# Bad input


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf \n", b"\x89PNG\r\n\x1a\n\x00\x01\x02"])
def test_an_empty_or_binary_file_is_refused(content: bytes, page: Written) -> None:
    with pytest.raises(SourceError):
        page(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_changes_nothing(encoding: str, page: Written) -> None:
    text = FIXTURE.read_text("utf-8")
    assert page(text.encode(encoding)).association == read(FIXTURE).association


def test_decomposed_accents_change_nothing(page: Written) -> None:
    text = unicodedata.normalize("NFD", FIXTURE.read_text("utf-8"))
    assert page(text).association == read(FIXTURE).association


def test_a_truncated_page_gives_what_is_left_of_it(page: Written) -> None:
    text = FIXTURE.read_text("utf-8")
    cut = page(text[: text.index("Fax")])
    assert targets(cut.site.telephones) == ["tel:+22921000001", "tel:+22921000002"]
    assert cut.association.objectives == ()
    assert cut.association.founding_date is None


def test_a_profile_without_a_name_is_rejected(page: Written) -> None:
    with pytest.raises(RecordError, match="add its title"):
        page("BP 12 Exempleville\nTel : +223 20 00 00 00\nCréée en 1998, elle aide les communes.\n")


def test_a_line_that_is_not_understood_is_told(page: Written) -> None:
    read_page = page(f"{HEAD}BP 1 Exempleville\nCréée en 1998, l'ACM aide.\n\nBilan\n")
    assert read_page.fates == {"taken": 3, "unknown": 1}
    assert [(n.field, n.value, n.line) for n in read_page.ledger.notes] == [("line", "Bilan", 5)]


def test_the_profile_of_another_organisation_is_not_one_of_these(page: Written) -> None:
    with pytest.raises(NotOfThisKind):
        page("Université Modèle (UM)\nTel : +223 20 00 00 00\nCréée en 1998, l'UM enseigne.\n")


def test_a_contact_in_an_objective_takes_the_objective_with_it(page: Written) -> None:
    text = f"{HEAD}BP 1 Exempleville\n## Objectifs\n- Aider : modele@example.org ;\n- Former."
    read_page = page(text)
    assert [o.text.value for o in read_page.association.objectives] == ["Former"]
    assert "modele" not in repr(read_page.ledger.as_json())
    assert read_page.ledger.counts["left out: contact"] == 1


def test_an_item_may_say_the_type_of_the_organ_after_it(page: Written) -> None:
    text = (
        f"{HEAD}BP 1 Exempleville\nL'ACM a deux organes : un organe délibérant, l'Assemblée "
        "Générale, et un organe exécutif, le Comité Directeur.\n"
    )
    assert organs(page(text).association) == [
        ("Assemblée Générale", None, "deliberative-body"),
        ("Comité Directeur", None, "executive-body"),
    ]


def test_a_file_with_an_endless_word_is_not_a_profile(page: Written) -> None:
    with pytest.raises(NotOfThisKind):
        page(f"{HEAD}BP 1 Exempleville\nCréée en 1998, l'ACM aide.\n{'a' * 20_000}\n")


def test_the_lines_of_a_page_cut_anywhere_are_all_accounted_for(page: Written) -> None:
    lines = FIXTURE.read_text("utf-8").splitlines()
    for end in range(9, len(lines)):
        cut = page("\n".join(lines[:end]))
        assert cut.ledger.lines.total() == sum(bool(line.strip()) for line in lines[:end])


# Forms of the contact block, of lists and of the name


def test_an_address_goes_on_below_its_label(page: Written) -> None:
    block = "Adresse : Route de l'Exemple\n01 BP 6000\nOuagadougou 01\nBurkina Faso\n"
    read_page = page(f"{HEAD}{block}Tel : +226 25 30 00 00\n")
    address = read_page.site.address
    assert address is not None
    assert address.full == "Route de l'Exemple, 01 BP 6000, Ouagadougou 01, Burkina Faso"
    assert (address.box, address.post_name, address.country_name) == (
        "01 BP 6000", None, "Burkina Faso",
    )  # fmt: skip
    assert read_page.association.country == Ref("country/BFA")
    assert read_page.fates == {"taken": 6}


def test_a_name_below_an_address_is_not_of_it(page: Written) -> None:
    read_page = page(f"{HEAD}Adresse : BP 1 Exempleville\nPrénom NOM-FICTIF\n")
    address = read_page.site.address
    assert address is not None
    assert address.full == "BP 1 Exempleville"
    (note,) = read_page.ledger.notes
    assert (note.field, note.value, note.line) == ("line", "‹name›", 3)


def test_numbers_below_a_telephone_are_telephones_too(page: Written) -> None:
    block = "Tél. :\n+226 25 30 00 00\n+226 70 00 00 00\nFax : +226 25 30 00 01\n"
    site = page(f"{HEAD}{block}").site
    assert targets(site.telephones) == ["tel:+22625300000", "tel:+22670000000"]
    assert site.faxes == ("+226 25 30 00 01",)


def test_the_number_below_a_person_is_that_person_s(page: Written) -> None:
    block = "Tel : +226 25 30 00 00\nMme NOM-FICTIF\n+226 70 00 00 00\n"
    assert targets(page(f"{HEAD}{block}").site.telephones) == ["tel:+22625300000"]


def test_a_name_in_another_script_is_no_address(page: Written) -> None:
    read_page = page(f"{HEAD}جمعية الجماعات\n12, rue Modèle, BP 45 Rabat, Maroc\n")
    address = read_page.site.address
    assert address is not None
    assert address.full == "12, rue Modèle, BP 45 Rabat, Maroc"
    assert [(note.field, note.line) for note in read_page.ledger.notes] == [("line", 2)]


def test_the_address_of_a_link_is_taken_with_its_protocol(page: Written) -> None:
    link = "Site : [acm.example.org](https://acm.example.org/)"
    read_page = page(f"{HEAD}BP 1 Exempleville\n{link}\n")
    assert read_page.association.homepage == Ref("https://acm.example.org/")


def test_a_box_may_have_a_letter_apart(page: Written) -> None:
    address = page(f"{HEAD}Rue 300, BP E 2456 Bamako\nTel : +223 20 00 00 00\n").site.address
    assert address is not None
    assert (address.box, address.post_name) == ("E 2456", "Bamako")


def test_initials_on_a_line_of_their_own_are_the_acronym(page: Written) -> None:
    title = "Association Exemple des Villes Modèles\nAEVM\n"
    read_page = page(f"{title}BP 1 Exempleville\nTel : +216 71 000 000\n")
    assert (read_page.association.acronym, read_page.record.key) == ("AEVM", "aevm")
    assert read_page.site.address is not None
    assert read_page.site.address.full == "BP 1 Exempleville"


@pytest.mark.parametrize("mark", ["-", "•", "1.", "1)", "1-", "1°", "1°-", "a)", "B)", "iv)", "✓"])
def test_a_list_is_known_by_its_marks(mark: str, page: Written) -> None:
    read_page = page(f"{HEAD}BP 1 Exempleville\nSes objectifs sont :\n{mark} Former les élus\n")
    assert [each.text.value for each in read_page.association.objectives] == ["Former les élus"]


def test_seats_may_stand_in_brackets(page: Written) -> None:
    read_page = page(f"{HEAD}BP 1 Exempleville\nLes organes sont : le Bureau (9 membres).\n")
    (bureau,) = read_page.association.organs
    assert [(int(each.value), each.unit and each.unit.value) for each in bureau.figures] == [
        (9, "membres")
    ]


def test_what_follows_the_contacts_is_not_of_the_address(page: Written) -> None:
    block = "Coordonnées\nRue Modèle\nBP 12 Lomé, Togo\nTel : +228 22 00 00 00\nPrésentation\n"
    read_page = page(f"{HEAD}{block}Créée en 1998, l'ACM aide ses membres.\n")
    address = read_page.site.address
    assert address is not None
    assert (address.full, address.country_name) == ("Rue Modèle, BP 12 Lomé, Togo", "Togo")
    assert [(note.value, note.line) for note in read_page.ledger.notes] == [("Présentation", 6)]


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><th>{}</th><td>{}</td></tr><tr><th>{}</th><td>{}</td></tr></table>",
        "<table><tr><th>{}:</th><td>{}</td></tr><tr><th>{} :</th><td>{}</td></tr></table>",
        "<dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>",
    ],
)
def test_the_cells_of_an_html_table_are_labels_and_values(markup: str, page: Written) -> None:
    cells = ("Adresse", "BP 12, Lomé, Togo", "E-mail", "acm@example.org")
    read_page = page(f"<html><h1>{HEAD}</h1>{markup.format(*cells)}</html>")
    address = read_page.site.address
    assert address is not None
    assert address.full == "BP 12, Lomé, Togo"
    assert targets(read_page.site.emails) == ["mailto:acm@example.org"]


def test_a_line_before_a_list_may_announce_organs(page: Written) -> None:
    read_page = page(f"{HEAD}BP 1 Exempleville\nOrganes de l'ACM\n- Assemblée\n- Bureau\n")
    assert [name for name, _, _ in organs(read_page.association)] == ["Assemblée", "Bureau"]


def test_an_executive_among_the_instances_does_not_deliberate(page: Written) -> None:
    text = "Instances : l'Assemblée générale et le Bureau exécutif national.\n"
    assert organs(page(f"{HEAD}BP 1 Exempleville\n{text}").association) == [
        ("Assemblée générale", None, "deliberative-body"),
        ("Bureau exécutif national", "national", None),
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Président(e) : Mme Prénom NOM-FICTIF", "‹name›"),
        ("Vu par Prénom Second NOM-FICTIF", "Vu par ‹name›"),
        ("Langues : français, arabe", "Langues : français, arabe"),
    ],
)
def test_a_name_in_a_line_that_is_not_understood_is_masked(
    line: str, shown: str, page: Written
) -> None:
    read_page = page(f"{HEAD}Tel : +228 22 00 00 00\nCréée en 1998, l'ACM aide.\n{line}\n")
    assert [note.value for note in read_page.ledger.notes] == [shown]


@pytest.mark.parametrize(
    "line", ["Présentation", "Nos missions", "Organes de l'ACM :", "Créée en 1998."]
)
def test_the_text_below_an_address_is_not_of_it(line: str, page: Written) -> None:
    address = page(f"{HEAD}BP 1 Exempleville\n{line}\nCréée en 1998, l'ACM aide.\n").site.address
    assert address is not None
    assert address.full == "BP 1 Exempleville"
