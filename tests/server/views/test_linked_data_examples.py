"""The examples of docs/linked-data.md, each run as written, and its tables held to the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.graph.exports import TYPES
from server.linked_data.exports.formats import FORMATS
from server.linked_data.negotiation import DOCUMENTS, PARAMETERS

PAGE = Path(__file__).parents[3].joinpath("docs", "linked-data.md").read_text("utf-8")
EXAMPLES = re.findall(r"```(sh|python)\n(.*?)```", PAGE, re.DOTALL)
EXPECTED = (
    "# Ce qui en est dit — What is stated of it",
    "authority:fra-cog-91228 a ",
    "Évry",
    "https://w3id.org/maillage/graph/atlas/",
    "# Maillage, an extract: country Mali",
)


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_an_example_gives_what_it_says(site, number):
    kind, text = EXAMPLES[number]
    text = text.replace("http://127.0.0.1:8000", site.address)
    command = ["sh", "-ec"] if kind == "sh" else [sys.executable, "-c"]
    run = subprocess.run([*command, text], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert EXPECTED[number] in run.stdout


def test_each_example_has_an_expectation():
    assert len(EXAMPLES) == len(EXPECTED)


def test_the_page_names_each_type_and_format_of_an_export():
    for kind in TYPES:
        assert f"`{kind}`" in PAGE
    for entry in FORMATS:
        assert f"`.{entry.extension}`" in PAGE
    for name in ("depth", "scope", "theme"):
        assert f"`{name}=`" in PAGE


def test_the_page_names_each_format_and_parameter():
    for entry in DOCUMENTS:
        assert f"`.{entry.extension}`" in PAGE
        assert f"`{entry.media_type}`" in PAGE
    for name in PARAMETERS:
        assert f"`{name}`" in PAGE or f"`{name}=" in PAGE
