"""A server over the data of the cases, and the reader of their tables."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

from tests.server.conftest import Endpoint, run_server

HERE = Path(__file__).parent
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "": "https://example.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": XSD,
}
NUMBERS = {XSD + name: kind for name, kind in [("integer", int), ("decimal", float)]}
NUMBERS |= {XSD + "double": float, XSD + "float": float}
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
UNBOUND = None
BLANK = "_:"


def marks(text: str) -> list[pytest.MarkDecorator]:
    """The marks of a case that fails, and must, where the table has the reason."""
    reason = re.search(r"#deviates: (.*)", text)
    return [pytest.mark.xfail(strict=True, reason=reason[1])] if reason else []


@pytest.fixture(scope="session")
def standard(tmp_path_factory) -> Iterator[Endpoint]:
    """`maillage serve --data` over the data of this folder."""
    home = tmp_path_factory.mktemp("standard")
    data = sorted(HERE.glob("data*.trig"))
    yield from run_server(home, data=data, evaluators=2, base_url="", deadline=10)


def blocks(name: str) -> Iterator[tuple[str, str]]:
    """The clause and the text of each case: a paragraph, or a line of a list."""
    clause = ""
    text = "\n".join(
        line for line in (HERE / name).read_text("utf-8").splitlines() if not line.startswith("# ")
    )
    for part in re.split(r"(?m)^(## .*)$", text):
        if part.startswith("## "):
            clause = part[3:]
            continue
        for block in re.split(r"\n\s*\n", part.strip()):
            if block.strip():
                yield clause, block.strip()


def expected_term(text: str):
    """The term that a table writes as in Turtle; `unbound` or `-` for none."""
    text = text.strip()
    if text in ("unbound", "-"):
        return UNBOUND
    if text.startswith("_:"):
        return BLANK
    prologue = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    (quad,) = pyoxigraph.parse(f"{prologue}:s :p {text} .", RdfFormat.TURTLE)
    return comparable(quad.object)


def comparable(term):
    """A term as a value that is equal when a test should take it so: 1.50 is 1.5, any blank one."""
    if isinstance(term, BlankNode):
        return BLANK
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    kind = NUMBERS.get(term.datatype.value)
    if kind is not None:
        return (kind(term.value.replace("INF", "inf")), term.datatype.value)
    return (term.value, term.datatype.value, (term.language or "").lower())


def found_term(binding: dict[str, str] | None):
    """The term of a result in JSON."""
    if binding is None:
        return UNBOUND
    if binding["type"] == "uri":
        return comparable(NamedNode(binding["value"]))
    if binding["type"] == "bnode":
        return BLANK
    if "xml:lang" in binding:
        return comparable(Literal(binding["value"], language=binding["xml:lang"]))
    datatype = NamedNode(binding.get("datatype", XSD + "string"))
    return comparable(Literal(binding["value"], datatype=datatype))


def rows(reply) -> list[tuple[object, ...]]:
    """The rows of a SELECT result in JSON."""
    columns = reply.json["head"]["vars"]
    return [
        tuple(found_term(row.get(column)) for column in columns)
        for row in reply.json["results"]["bindings"]
    ]
