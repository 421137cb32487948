import pytest

from loaders.sources.masking import EXCERPT, excerpt, mask


@pytest.mark.parametrize(
    "text",
    [
        "prenom.nom@example.org",
        "prenom.nom[at]example.org",
        "prenom (@) example.org",
        "prenom \\(@\\) example.org",
        "prenom(at)example.org",
        "malga (@)",
        "prenom [AT] example.org",
    ],
)
def test_an_address_is_masked_however_it_is_written(text):
    assert mask(f"Courriel : {text} ; fin") == "Courriel : ‹e-mail› ; fin"


@pytest.mark.parametrize(
    "text",
    ["06 39 98 01 02", "+221 7384 24821", "+212 661 58 59 54", "(226) 503 823 27", "0639980102"],
)
def test_a_telephone_number_is_masked(text):
    assert mask(f"Renseignements : {text}.") == "Renseignements : ‹telephone›."


@pytest.mark.parametrize("text", ["31/12/2012", "2010-2012", "105 030 €", "12 500,50 €", "1996"])
def test_dates_and_amounts_are_not(text):
    assert mask(text) == text


def test_an_excerpt_is_one_short_line():
    shown = excerpt("un paragraphe\n" * 40)
    assert len(shown) == EXCERPT
    assert "\n" not in shown


@pytest.mark.parametrize("text", ["a" * 50_000, "a@" * 25_000, "(" * 50_000, "1 " * 25_000])
def test_a_hostile_text_is_masked_in_no_more_than_linear_work(text):
    assert len(mask(text)) <= 4 * len(text)
