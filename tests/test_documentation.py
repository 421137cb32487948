"""The documentation, tried as it is written."""

from __future__ import annotations

import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Graph, URIRef

from ontology.namespaces import ID, SKOS
from server.cli.main import main
from server.http.formats import FORMATS
from server.settings import table
from tests.conftest import ROOT

WRITTEN_ADDRESS = "http://127.0.0.1:8000"
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
CURLS = [text for language, text in BLOCKS if language == "sh" and text.startswith("curl")]


def run(command: str, site: str, folder: Path) -> str:
    """The output of a command of the README, with the address of the server under test."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.replace(WRITTEN_ADDRESS, site)],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_has_its_two_commands():
    commands = [text.strip() for language, text in BLOCKS if language == "sh"][:2]
    assert commands == ["make run", "make test"]
    rules = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test", "install"} <= rules


def test_the_readmes_query_answers(site, tmp_path):
    query, named, *_ = CURLS
    rows = run(query, site, tmp_path).splitlines()
    assert rows[0] == "funder"
    expected = {
        "Agence de l'eau Adour-Garonne",
        "Commune V du District de Bamako",
        "Commune urbaine de Kayes",
        "Communauté d'agglomération Évry Centre Essonne",
        "District de Bamako",
        "Ministère de l'Europe et des Affaires étrangères",
        "SIAEP du Ségala",
        "Ville de Dakar",
        "Évry",
    }
    assert set(rows[1:]) == expected
    assert set(run(named, site, tmp_path).splitlines()[1:]) == expected


def test_the_readmes_turtle_downloads_hold_the_data(site, tmp_path):
    everything, entity = CURLS[2:]
    run(everything, site, tmp_path)
    evry = NamedNode(f"{ID}authority/fra-cog-91228")
    whole = set()  # rdflib takes a minute for two million triples
    for triple in parse(path=tmp_path / "maillage.ttl", format=RdfFormat.TURTLE):
        if triple.subject == evry:
            whole.add((triple.predicate, triple.object))
    text = run(entity, site, tmp_path)
    assert (URIRef(evry.value), SKOS.prefLabel, None) in Graph().parse(data=text, format="turtle")
    stated = (each for each in parse(text, RdfFormat.TURTLE) if each.subject == evry)
    assert {(each.predicate, each.object) for each in stated} <= whole


def test_the_readmes_embed_shows_its_table(site):
    (html,) = [text for language, text in BLOCKS if language == "html"]
    frame = BeautifulSoup(html, "html.parser").iframe
    assert frame["title"]
    with urllib.request.urlopen(frame["src"].replace(WRITTEN_ADDRESS, site)) as answer:
        page = BeautifulSoup(answer.read(), "html.parser")
    cells = [cell.get_text(strip=True) for cell in page.table.find_all("td")]
    assert (
        "Ville de Dakar, Commune V du District de Bamako, District de Bamako, "
        "Commune Urbaine de Kayes" in cells
    )
    assert len(page.table.tbody.find_all("tr")) == 5


def test_every_setting_command_and_format_is_documented():
    text = "\n".join(
        path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    )
    for row in table():
        if row.name != "sockets":
            option = "none" if row.secret else f"`{row.option}`"
            line = f"| {option} | `{row.variable}` | `{row.default}` | {row.help} |"
            assert line in text
    for name in main.commands:
        assert f"maillage {name}" in text, name
    for entry in FORMATS:
        assert f"| `{entry.name}` | `.{entry.extension}` | `{entry.media_type}` |" in text


@pytest.mark.parametrize("name", ["", *main.commands])
def test_every_command_has_help_that_begins_with_what_it_does(name):
    done = CliRunner().invoke(main, [name, "--help"] if name else ["--help"])
    assert done.exit_code == 0
    assert re.search(r"\n\n  [A-Z]\w+", done.output)


def test_links_between_documents_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"
