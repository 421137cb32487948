"""Words that cannot be read or be true: kept as stated, refused, or rejected, and always told."""

from collections.abc import Callable
from typing import Any

import pytest

from loaders.errors import RecordError, SourceError
from loaders.model.values import PartialDate, Ref
from loaders.sources.issue_log import IssueLog

TITLE = "Eau et services publics :\nla coopération de Ville-Exemple et de Commune-Modèle\n"


def test_an_unknown_status_form_and_theme_are_kept_as_stated(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(
        changed(
            ("\nEn cours\n", "\nSuspendu\n"),
            ("Projet de coopération décentralisée", "Convention d'exemple"),
            ("\nEau et assainissement\n", "\nThème inconnu\n"),
        )
    )
    it = outcome.it
    assert (it.status, it.status_as_stated) == (None, "Suspendu")
    assert (it.form, it.form_as_stated) == (None, "Convention d'exemple")
    assert it.themes == (Ref("concept/theme/eau-et-dechets"),)
    assert it.themes_as_stated == ("Thème inconnu",)
    warned = {(field, value) for field, value, _ in outcome.notes("warning")}
    assert warned > {
        ("status", "Suspendu"),
        ("form", "Convention d'exemple"),
        ("sub_sub_theme", "Thème inconnu"),
    }


@pytest.mark.parametrize("value", ["20100", "31/02/2012", "fin 2012", "0012", "31/12/12"])
def test_an_unreadable_date_is_refused(
    value: Any, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("31/12/2015", value)))
    assert outcome.it.end is None
    assert ("end", value, 45) in outcome.notes("refused")


@pytest.mark.parametrize(
    ("value", "lexical"), [("2014", "2014"), ("1/6/2014", "2014-06-01"), ("06/2014", "2014-06")]
)
def test_a_date_keeps_its_precision(
    value: Any, lexical: str, read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    assert read(changed(("31/12/2015", value))).it.end.lexical == lexical


def test_an_end_before_the_start_rejects_the_record(
    read: Callable[..., Any], changed: Callable[..., str], issues: IssueLog
) -> None:
    page = changed(("31/12/2015", "31/12/2009"))
    with pytest.raises(RecordError) as caught:
        read(page)
    error = caught.value
    assert (error.field, error.value, error.line) == ("end", "2012 → 2009-12-31", 44)
    assert issues.lines.total() == sum(bool(line.strip()) for line in page.split("\n"))


def test_a_signature_after_the_end_is_odd_and_kept(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("convention\n2011", "convention\n2019")))
    assert outcome.it.first_signature.lexical == "2019"
    assert ("first_signature", "2019 → 2015-12-31", 44) in outcome.notes("warning")


@pytest.mark.parametrize("replacement", [("\nTitre\n", "\n"), (TITLE, "")], ids=["label", "value"])
def test_a_page_without_a_title_is_rejected(
    replacement: tuple[str, str], read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    with pytest.raises(RecordError) as caught:
        read(changed(replacement))
    assert caught.value.field == "title"


def test_a_page_cut_after_its_title_is_rejected(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed()
    with pytest.raises(RecordError) as caught:
        read(page[: page.index("2011\n")])
    assert caught.value.field == "page"


def test_a_page_cut_in_the_middle_gives_what_stands_but_not_its_last_line(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    page = changed()
    outcome = read(page[: page.index("Pays d'Exemple et la")])
    assert outcome.it.start.lexical == "2012"
    assert outcome.it.project_owners == ()
    assert outcome.notes("refused") == [("page", "", 61)]
    assert "page" in [field for field, _, _ in outcome.notes("warning")]


@pytest.mark.parametrize("percent", range(1, 100, 2))
def test_a_page_cut_anywhere_says_nothing_else_than_the_whole(
    percent: int, read: Callable[..., Any], changed: Callable[..., str], whole: Any
) -> None:
    page = changed()
    try:
        cut = read(page[: len(page) * percent // 100], "prj424242.txt")
    except (SourceError, RecordError):
        return
    for field in ("names", "first_signature", "start", "end", "status", "form", "triennial"):
        assert getattr(cut.it, field) in (None, getattr(whole.it, field))
    for field in ("foreign_partners", "home_partners", "project_owners", "implementers"):
        named = [{party.name for party in getattr(it, field)} for it in (cut.it, whole.it)]
        assert named[0] <= named[1]
    rows = [
        {(line.funder_as_stated, line.amount_eur, line.year) for line in it.funding}
        for it in (cut.it, whole.it)
    ]
    assert rows[0] <= rows[1]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf \n", b"\x00\x01\x02PDF", b"\xff\xfe\x00"])
def test_an_empty_or_binary_file_is_no_source(content: bytes, read: Callable[..., Any]) -> None:
    with pytest.raises(SourceError):
        read(content)


def test_a_rejected_page_gives_nothing_by_the_account_of_its_lines(
    read: Callable[..., Any], changed: Callable[..., str], issues: IssueLog
) -> None:
    with pytest.raises(RecordError):
        read(changed(("31/12/2015", "31/12/2010")))
    assert (issues.lines["taken"], issues.lines["refused"]) == (0, issues.lines.total())


def test_a_whole_page_with_empty_fields_is_a_record(read: Callable[..., Any]) -> None:
    outcome = read(
        "Titre\nUn partenariat d'exemple\nLe partenariat est\nObjectif du partenariat\n"
        "Aider.\nPIED DE PAGE\n"
    )
    assert [objective.text.value for objective in outcome.it.objectives] == ["Aider."]


def test_of_a_first_signature_only_the_year_is_published(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("\n2011\n", "\n12/2001\n")))
    assert outcome.it.first_signature == PartialDate("2001")
    assert ("first_signature", "2001-12", 16) in outcome.notes("info")


def test_what_is_told_before_the_key_is_known_is_told_of_its_record(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    outcome = read(changed(("\n2011\n", "\nvers 2011\n")))
    assert {note.record for note in outcome.issues.notes} == {"424242"}


def test_of_contradictory_sentences_neither_line_is_taken(
    read: Callable[..., Any], changed: Callable[..., str]
) -> None:
    sentence = "Une communication a été engagée en France"
    contrary = "Aucune communication n'a été engagée en France"
    outcome = read(changed((sentence, f"{sentence}\n{contrary}"), ("n.c. 2014", "100 2014")))
    assert outcome.it.communicated_in_france is None
    assert outcome.issues.lines["refused"] == 2
