"""Things never to be published are nowhere: not in a graph, a dump, a report or a log."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SMALL

# Names of the contact persons of the pages, and how contacts are recognised in them.
BLOCK = re.compile(
    r"(?:Correspondant coopération décentralisée|Conseiller de coopération[^\n]+)\n"
    r"(?P<name>[^\n]+)\n"
)
EMAIL = re.compile(r"[\w.+-]+ ?(?:@|\[at\]|\((?:@|at)\)|\\\(@\\\)) ?[\w.-]+")
ORGANISATIONS_OWN = {
    "maissenegal2012",
    "amm",
    "ambf",
    "info",
}
PLACEHOLDERS = ("???", "pagination.page", "commun.ico", "menu.atlas")


@pytest.fixture(scope="module")
def published(real_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything that a build of the real records writes, shows and logs, as one text."""
    home = tmp_path_factory.mktemp("real")
    command = [sys.executable, "-m", "server.cli.main", "build", "--home", str(home)]
    command += [word for name in sorted(SMALL) for word in ("--only", name)]
    for name, folders in {
        "atlas": ["seeds", "atlas"],
        "associations": ["seeds", "associations"],
    }.items():
        for folder in folders:
            command += ["--source", f"{name}={real_sources / folder}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    version = home / "current"
    texts = [done.stdout, done.stderr]
    texts += [gzip.decompress(path.read_bytes()).decode() for path in version.glob("*.gz")]
    texts += [path.read_text("utf-8") for path in version.rglob("*.json")]
    texts += [(version / "report.txt").read_text("utf-8")]
    texts += [(version / "names.sqlite").read_bytes().decode("utf-8", "replace")]
    return "\n".join(texts)


def pages(real_sources: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(real_sources.glob("*/*.txt"))]


def test_no_contact_person_is_published(real_sources, published):
    names = {
        match["name"].strip()
        for page in pages(real_sources)
        for match in BLOCK.finditer(page)
        if not match["name"].startswith("Courriel")
    }
    rows = re.compile(r"^(?:.*?) ([A-Z]{4,} [A-Z][a-zéè]+)(?: [^\n]*)?$", re.MULTILINE)
    for page in pages(real_sources):
        table = re.search(r"Nom Prénom Fonction Courriel\n(.*?)\n\n", page, re.DOTALL)
        names |= {match[1] for match in rows.finditer(table[1])} if table else set()
    assert len(names) > 10
    shown = published.casefold()
    assert not [name for name in names if name.casefold() in shown]


def test_no_personal_address_is_published(real_sources, published):
    found = {
        match[0].split("[")[0].split("(")[0].split("@")[0].strip(" \\")
        for page in pages(real_sources)
        for match in EMAIL.finditer(page)
    }
    personal = {name for name in found if name not in ORGANISATIONS_OWN}
    assert len(personal) > 8
    assert not [name for name in personal if f"{name}@" in published or f"{name}[" in published]


def test_no_telephone_of_a_person_is_published(published):
    digits = re.sub(r"\D", "", "".join(re.findall(r"tel:\+\d+|\d[\d .]{8,}\d", published)))
    assert "0639980102" not in digits  # in a description
    assert "212661585954" not in digits  # a press contact


def test_no_placeholder_is_published(published):
    assert not [noise for noise in PLACEHOLDERS if noise in published]


def test_no_paragraph_of_a_reserved_text_is_published(real_sources, published):
    words = re.findall(r"\w+", published.casefold())
    length = 14
    runs = {tuple(words[i : i + length]) for i in range(len(words) - length)}
    checked = 0
    for page in pages(real_sources):
        for paragraph in page.split("\n"):
            if len(paragraph) <= 300:
                continue
            checked += 1
            own = re.findall(r"\w+", paragraph.casefold())
            assert not any(tuple(own[i : i + length]) in runs for i in range(len(own) - length)), (
                paragraph[:60]
            )
    assert checked > 20
