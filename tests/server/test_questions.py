"""The questions that the site asks: how their files are written, and how terms are bound."""

import ast
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.questions import question, union

SERVER = Path(__file__).parents[2] / "server"
QUERIES = SERVER / "graph" / "queries"
NAMES = sorted(path.stem for path in QUERIES.glob("*.rq"))
SPARQL = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b[^{]{0,200}\{\s*[{?<$]", re.DOTALL)
OTHERS = ("engine", "sparql/federation.py", "questions.py", "editor/cut.py")
"""The places of SPARQL that is no question of the site: for the engine, or around others."""
HOSTILE = ox.Literal('"} } UNION { ?s ?p ?o } #\n\\')


@pytest.mark.parametrize("name", NAMES)
def test_a_file_opens_with_its_question_and_has_the_prefixes_that_it_uses(name):
    text = (QUERIES / f"{name}.rq").read_text("utf-8")
    assert re.match(r"# [A-Z].*\?\n", text), "the first line is a question"
    declared = re.findall(r"^PREFIX (\w+):", text, re.MULTILINE)
    body = re.sub(r"^(#|PREFIX ).*\n|^ *# .*\n", "", text, flags=re.MULTILINE)
    used = sorted(set(re.findall(r"(?<![\w?$:])([a-z]+):(?!/)", body)))
    # What is constructed is written with the prefixes of its question.
    assert declared == used or ("CONSTRUCT" in body and set(used) <= set(declared))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_a_query_as_it_stands(name):
    # An open parameter is a variable; only a block of values and a limit must be bound.
    text = (QUERIES / f"{name}.rq").read_text("utf-8")
    text = re.sub(r"(?<=LIMIT )\$\w+|(?<=OFFSET )\$\w+", "1", text)
    text = re.sub(r"(?<=\{ )\(\$\w+ \$\w+ \$\w+\)(?= \})", "(UNDEF UNDEF UNDEF)", text)
    ox.Store().query(re.sub(r"(VALUES \?\w+ \{ )\$\w+(?= \})", r"\1UNDEF", text))


def test_no_query_is_written_anywhere_else_in_the_server():
    found = []
    for path in sorted(SERVER.rglob("*")):
        place = path.relative_to(SERVER).as_posix()
        if place.startswith(OTHERS):
            continue
        if path.suffix == ".html" and SPARQL.search(path.read_text("utf-8")):
            found.append(place)
        if path.suffix == ".py":
            found += [f"{place}: {text[:60]}" for text in strings(path) if SPARQL.search(text)]
    assert not found


def strings(path: Path) -> list[str]:
    """The strings of a module, without docstrings; the parts of an f-string joined by `<x>`."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    skipped = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append(
                "<x>".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if id(node) not in skipped else []
    return found


def test_a_text_stays_a_text_whatever_it_says():
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("https://example.org/s"), ox.NamedNode("x:p"), HOSTILE))
    empty = ox.Literal("")
    text = question(
        "names-holding",
        place=HOSTILE, first=empty, second=empty, third=empty, fourth=empty, limit=5,
    )  # fmt: skip
    assert list(store.query(text)) == []
    terms = {"s": None, "p": None, "o": HOSTILE, "number": 1, "limit": 5}
    assert len(list(store.query(question("matching", **terms)))) == 1


@pytest.mark.parametrize("iri", ["https://example.org/a b", "https://example.org/>", "x", "a:{"])
def test_what_is_no_iri_is_never_bound(iri):
    with pytest.raises(ValueError, match=r"IRI|scheme"):
        ox.NamedNode(iri)


@pytest.mark.parametrize("given", [{}, {"entity": ox.NamedNode("x:y"), "other": 1}])
def test_a_question_says_which_parameter_is_missing_or_none_of_its_own(given):
    with pytest.raises(ValueError, match=r"link-counts.rq: .*(entity|other)"):
        question("link-counts", **given)


def test_several_questions_are_asked_at_once():
    store = ox.Store()
    for name in ("a", "b"):
        store.add(ox.Quad(ox.NamedNode(f"x:{name}"), ox.NamedNode("x:p"), ox.NamedNode("x:o")))
    open_ = {"s": None, "p": None, "o": None, "limit": 5}
    text = union([("matching", {**open_, "number": number}) for number in (3, 7)])
    rows = {(row["i"].value, row["s"].value) for row in store.query(text)}
    assert rows == {("3", "x:a"), ("3", "x:b"), ("7", "x:a"), ("7", "x:b")}
