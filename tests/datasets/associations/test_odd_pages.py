from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from loaders.errors import NotOfThisKind, RecordError, SourceError
from loaders.model.values import Ref, Text
from tests.datasets.associations.pages import (
    FIXTURE,
    HEAD,
    Written,
    organs,
    read,
    targets,
)

# What may be published


def test_a_long_objective_of_a_reserved_source_is_dropped_and_counted(page: Written) -> None:
    long = "mot " * 80
    text = f"{HEAD}BP 1 Exempleville\n## Objectifs\n- Aider ;\n- {long};\n- Former."
    read_page = page(text)
    objectives = read_page.association.objectives
    assert [(o.position, o.text.value) for o in objectives] == [(1, "Aider"), (3, "Former")]
    assert read_page.issues.counts["left out: text"] == 1
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
    assert [(n.field, n.value, n.line) for n in read_page.issues.notes] == [("line", "Bilan", 5)]


def test_the_profile_of_another_organisation_is_not_one_of_these(page: Written) -> None:
    with pytest.raises(NotOfThisKind):
        page("Université Modèle (UM)\nTel : +223 20 00 00 00\nCréée en 1998, l'UM enseigne.\n")


def test_a_contact_in_an_objective_takes_the_objective_with_it(page: Written) -> None:
    text = f"{HEAD}BP 1 Exempleville\n## Objectifs\n- Aider : modele@example.org ;\n- Former."
    read_page = page(text)
    assert [o.text.value for o in read_page.association.objectives] == ["Former"]
    assert "modele" not in repr(read_page.issues.as_json())
    assert read_page.issues.counts["left out: contact"] == 1


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
        assert cut.issues.lines.total() == sum(bool(line.strip()) for line in lines[:end])


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
    (note,) = read_page.issues.notes
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
    assert [(note.field, note.line) for note in read_page.issues.notes] == [("line", 2)]


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
    assert [(note.value, note.line) for note in read_page.issues.notes] == [("Présentation", 6)]


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
        ("Président(e) : Mme Prénom NOM-FICTIF", "‹contact›"),
        ("Vu par Prénom Second NOM-FICTIF", "Vu par ‹name›"),
        ("Langues : français, arabe", "Langues : français, arabe"),
    ],
)
def test_a_name_in_a_line_that_is_not_understood_is_masked(
    line: str, shown: str, page: Written
) -> None:
    read_page = page(f"{HEAD}Tel : +228 22 00 00 00\nCréée en 1998, l'ACM aide.\n{line}\n")
    assert [note.value for note in read_page.issues.notes] == [shown]


@pytest.mark.parametrize(
    "line", ["Présentation", "Nos missions", "Organes de l'ACM :", "Créée en 1998."]
)
def test_the_text_below_an_address_is_not_of_it(line: str, page: Written) -> None:
    address = page(f"{HEAD}BP 1 Exempleville\n{line}\nCréée en 1998, l'ACM aide.\n").site.address
    assert address is not None
    assert address.full == "BP 1 Exempleville"
