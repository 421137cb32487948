"""`maillage resolve`: the decision on a name, its candidates and its reasons."""

import json

import pytest
from click.testing import CliRunner

from loaders.identity.resolution import Authorities
from loaders.model.records import Authority, Identifier
from loaders.model.values import PartialDate, Ref, Text
from server.cli import resolve as resolving
from server.cli.main import main


def commune(code, departement, **more):
    return Authority(
        key=f"fra-cog-{code}",
        names=(Text("Évry"),),
        country=Ref("country/FRA"),
        kind=Ref("concept/kind/fra-commune"),
        within=(Ref(f"authority/fra-dep-{departement}"),),
        **more,
    )


@pytest.fixture
def answer(monkeypatch):
    known = Authorities(
        [
            commune("91228", "91", end=PartialDate("2018-12-31")),
            commune("89162", "89"),
            Authority(
                key="fra-dep-91",
                names=(Text("Essonne"),),
                country=Ref("country/FRA"),
                identifiers=(Identifier(key="d", notation="91"),),
            ),
        ]
    )
    monkeypatch.setattr(resolving, "known_authorities", lambda home: known)
    return lambda *arguments: CliRunner().invoke(main, ["resolve", *arguments])


def test_candidates_and_reasons_are_shown_to_a_person(answer):
    assert answer("Evry (91)", "--country", "FR", "--date", "2010").output.splitlines() == [
        "Evry (91): https://w3id.org/maillage/id/authority/fra-cog-91228",
        "  score 0.99, by exact name",
        "  - Évry, https://w3id.org/maillage/id/authority/fra-cog-91228: chosen",
        "  - Évry, https://w3id.org/maillage/id/authority/fra-cog-89162: not known to lie in 91",
    ]


def test_an_ambiguity_is_an_answer(answer):
    result = answer("Evry", "--country", "France", "--date", "2010", "--json")
    content = json.loads(result.output)
    assert (result.exit_code, content["resolved"], content["method"]) == (0, None, "ambiguous")
    assert [c["objection"] for c in content["candidates"]] == [None, None]


@pytest.mark.parametrize("context", [["--in", "91"], ["--in", "Essonne"], ["--beside", "Essonne"]])
def test_each_option_gives_context(answer, context):
    result = answer("Evry", "--country", "FRA", "--date", "2010", "--json", *context)
    assert json.loads(result.output)["resolved"].endswith("fra-cog-91228")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--country", "Atlantide"], "no country 'Atlantide'"),
        (["--date", "hier"], "'hier' is no date"),
        (["--kind", "royaume"], "no kind 'royaume'"),
        (["--at", "91, 2"], "is no point"),
    ],
)
def test_what_is_no_context_is_refused(answer, arguments, told):
    result = answer("Evry", *arguments)
    assert result.exit_code == 1
    assert told in result.output


def test_before_the_first_build_it_says_what_to_do(tmp_path):
    result = CliRunner().invoke(main, ["resolve", "Evry", "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert f"there is no version in {tmp_path}: run `maillage build` first" in result.output


def test_the_version_that_is_served_answers(small_home):
    found = CliRunner().invoke(
        main, ["resolve", "FNCT", "--country", "TN", "--json", "--home", str(small_home)]
    )
    assert found.exit_code == 0, found.output
    assert json.loads(found.output)["name"] == "FNCT"
