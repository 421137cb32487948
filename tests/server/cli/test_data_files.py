"""`maillage serve --data FILE…`: any RDF, read-only, with the site around it."""

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from server.cli.serve import fingerprint
from tests.server.conftest import ROOT, Endpoint, run_server

EX = "https://example.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ID = "https://w3id.org/maillage/id/authority/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
FILES = {
    "a.ttl": f"@prefix ex: <{EX}> . ex:turtle ex:p [ ex:q <#here> ] .",
    "b.trig": f"<{EX}g> {{ <{EX}trig> <{EX}p> 1 }}",
    "c.nt": f'<{EX}ntriples> <{EX}p> "1" .',
    "d.nq": f'<{EX}nquads> <{EX}p> "1" <{EX}h> .',
    "e.jsonld": f'{{"@id": "{EX}jsonld", "{EX}p": "1"}}',
    "f.rdf": f'<r:RDF xmlns:r="{RDF}" xmlns:e="{EX}">'
    f'<r:Description r:about="{EX}rdfxml"><e:p>1</e:p></r:Description></r:RDF>',
    "g.ttl.gz": f"<{EX}packed> <{EX}p> [] .",
    "h.ttl": f"\ufeff@prefix ex: <{EX}> . ex:windows ex:p 1 .",
    "labels.ttl": f'<{ID}x-1> <{LABEL}> "Évry"@fr . <{ID}x-2> <{LABEL}> "Évreux"@fr . '
    f'<{EX}x-3> <{LABEL}> "Orléans"@fr .',
}


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Endpoint]:
    """The server that the command starts, set by a file, the environment and an option."""
    folder = tmp_path_factory.mktemp("files")
    for name, content in FILES.items():
        data = content.encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    config = folder / "maillage.toml"
    config.write_text(f"port = 1\nevaluators = 1\naccess_log = ''\nhome = '{folder}/home'\n")
    command = [sys.executable, "-m", "server.cli.main", "serve", "--config", str(config)]
    files = [part for name in FILES for part in ("--data", str(folder / name))]
    process = subprocess.Popen(
        [*command, "--port", "0", *files],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "MAILLAGE_DEADLINE": "3"},
    )
    told = process.stdout.readline()
    yield Endpoint(re.search(r"http://[\d.:]+", told)[0], folder, process)
    process.terminate()
    assert process.wait(120) == 0
    process.stdout.close()


def test_every_format_is_read_and_named_graphs_stay_named(served):
    pattern = f"{{ ?s <{EX}p> ?o }}"
    query = f"SELECT ?s ?g {{ {pattern} UNION {{ GRAPH ?g {pattern} }} }} ORDER BY ?s"
    assert [(s.removeprefix(EX), g.removeprefix(EX)) for s, g in served.get(query).values] == [
        ("jsonld", ""),
        ("nquads", "h"),
        ("ntriples", ""),
        ("packed", ""),
        ("rdfxml", ""),
        ("trig", "g"),
        ("turtle", ""),
        ("windows", ""),
    ]


def test_blank_nodes_of_different_files_stay_apart(served):
    query = f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ ?s <{EX}p> ?o FILTER isBlank(?o) }}"
    assert served.get(query).values == [("2",)]


def test_the_option_wins_over_the_file_and_the_environment_is_heard(served):
    query = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + "}"
    assert served.get(query, timeout="60").json["limit"] == 3
    assert len(served.evaluators) <= 3  # one, and those that take over from slow queries


def test_the_labels_of_the_files_are_searched(served):
    found = served.request("/search.json?q=evry").json["results"]
    assert [(hit["iri"], hit["label"]) for hit in found] == [(f"{ID}x-1", "Évry")]
    (others,) = served.request("/search.json?q=orleans").json["results"]
    assert (others["iri"], others["page"]) == (f"{EX}x-3", None)
    assert (
        f'<a href="{EX}x-3" lang="fr">Orléans</a>'
        in served.request("/search?q=orl%C3%A9ans&lang=en").text
    )


@pytest.mark.parametrize(
    "path",
    ["/", "/query", "/queries", "/datasets", "/search?q=x", "/def", "/health", "/export.nt"],
)
def test_the_pages_are_there_without_a_version_folder(served, path):
    assert served.request(path, headers={"Accept": "text/html"}).status == 200


@pytest.mark.parametrize("path", ["/doc/authority/x", "/id/authority/x", "/graph/x", "/nothing"])
def test_what_the_files_do_not_have_is_not_found(served, path):
    assert served.request(path, headers={"Accept": "text/html"}).status == 404


def test_the_version_is_named_for_what_the_files_hold(served, tmp_path):
    version = served.request("/health").json["version"]
    files = [served.home / name for name in FILES]
    assert version == f"data-{fingerprint(files)}"
    changed = tmp_path / "a.ttl"
    changed.write_text(FILES["a.ttl"] + "\n")
    assert fingerprint([changed]) != fingerprint(files[:1])


@pytest.mark.parametrize("text", ["CLEAR ALL", "LOAD <http://a/>"])
def test_the_data_cannot_be_changed(served, text):
    assert served.post(text.encode(), "application/sparql-update").status == 403
    assert served.post(f"update={text}".encode(), "application/x-www-form-urlencoded").status == 403
    assert (served.home / "a.ttl").read_text() == FILES["a.ttl"]


def test_keys_of_json_ld_without_a_term_are_left_out(tmp_path):
    file = tmp_path / "vocabulary.jsonld"
    label = '{"@id": "http://www.w3.org/2000/01/rdf-schema#label", "@container": "@language"}'
    file.write_text(
        f'{{"@context": {{"label": {label}}}, "@id": "http://ex.example/vocab#OpeningHours",'
        ' "label": {"fr": "Horaires", "en": "Opening hours"},'
        ' "definition": {"en": "When an office is open.", "fr": {"@id": "relative"}}}'
    )
    for served in run_server(tmp_path, data=[file]):
        reply = served.get("SELECT ?p ?o { ?s ?p ?o } ORDER BY ?o")
        assert [value for _, value in reply.values] == ["Horaires", "Opening hours"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("b.ttl", f'<{EX}5> <{EX}p> "D\xe9partement"@fr .'.encode("latin-1"), "save it as UTF-8"),
        ("b.ttl", b"@prefix : <https://example.org/> .\n:a :b\n", "line"),
        (
            "b.jsonld",
            b'{"@context": "https://schema.org/", "@id": "https://example.org/a", "name": "A"}',
            "its @context is another document, which is not fetched",
        ),
        ("b.ttl.gz", b"<a> <b> <c> .", "gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_served(tmp_path, name, content, told):
    (tmp_path / "a.ttl").write_text(FILES["a.ttl"])
    (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-m", "server.cli.main", "serve", "--port", "0"]
    files = [part for each in ("a.ttl", name) for part in ("--data", str(tmp_path / each))]
    ended = subprocess.run([*command, *files], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert ended.returncode == 1
    (line,) = [line for line in ended.stderr.splitlines() if str(tmp_path / name) in line]
    assert told in line
    assert "Traceback" not in ended.stderr
    assert "http" not in ended.stdout
