"""Code to copy that asks a question from elsewhere; each runs as it stands."""

import json
import shlex
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import url_for
from markupsafe import escape

from queries import Query
from server.engine import QueryForm
from server.http.formats import GRAPHS
from server.pages.rendering import Page

SNIPPETS = (
    ("html", ""),
    ("curl", "cURL"),
    ("python", "Python"),
    ("pandas", "Python, pandas"),
    ("rdflib", "Python, rdflib"),
    ("r", "R"),
    ("javascript", "JavaScript"),
    ("excel", ""),
)
"""The kinds of code, in the order of the page; a name that is empty is in the texts."""
ROWS_IN_JAVASCRIPT = """const { results } = await answer.json();
for (const row of results.bindings) {
  console.log(Object.values(row).map((cell) => cell.value).join('\\t'));
}"""


def snippets(
    query: Query, page: Page, arguments: Mapping[str, Sequence[str]], text: str
) -> dict[str, str]:
    """The snippets by kind; `text` is the query with its parameters bound."""
    asked = urlencode(arguments, doseq=True)

    def address(suffix: str) -> str:
        path = url_for("catalogue.query", name=f"{query.name}.{suffix}")
        return page.absolute(path) + (f"?{asked}" if asked else "")

    if query.is_graph:
        return {
            "curl": f"curl --fail {shlex.quote(address('ttl'))}",
            "rdflib": (
                "from rdflib import Graph\n\n"
                f"graph = Graph().parse({address('nt')!r}, format='nt')\n"
                "print(graph.serialize(format='turtle'))"
            ),
        }
    csv = address("csv")
    return {
        "html": iframe(query, page, arguments),
        "curl": f"curl --fail {shlex.quote(csv)}",
        "python": in_sparqlwrapper(page.absolute(url_for("sparql.sparql")), text),
        "pandas": f"import pandas\n\ntable = pandas.read_csv({csv!r})\nprint(table)",
        "r": f'table <- read.csv({json.dumps(csv)}, encoding = "UTF-8")\nprint(table)',
        "javascript": (
            f"const answer = await fetch({json.dumps(address('json'))});\n{ROWS_IN_JAVASCRIPT}"
        ),
        "excel": csv,
    }


def snippets_of(text: str, form: QueryForm, page: Page) -> dict[str, str]:
    """The snippets by kind for any query: each sends its text to the endpoint."""
    endpoint = page.absolute(url_for("sparql.sparql"))
    if form in GRAPHS:
        return {
            "curl": in_shell(endpoint, "text/turtle", text),
            "rdflib": (
                "from urllib.parse import urlencode\n\nfrom rdflib import Graph\n\n"
                f"query = {in_python(text)}\n"
                f'address = {endpoint!r} + "?" + urlencode({{"query": query, "format": "nt"}})\n'
                "print(Graph().parse(address, format='nt').serialize(format='turtle'))"
            ),
        }
    if form == "ask":
        return {"curl": in_shell(endpoint, "application/sparql-results+json", text)}
    return {
        "curl": in_shell(endpoint, "text/csv", text),
        "python": in_sparqlwrapper(endpoint, text),
        "pandas": (
            "from urllib.parse import urlencode\n\nimport pandas\n\n"
            f"query = {in_python(text)}\n"
            f'address = {endpoint!r} + "?" + urlencode({{"query": query, "format": "csv"}})\n'
            "print(pandas.read_csv(address))"
        ),
        "r": (
            f"query <- {json.dumps(text, ensure_ascii=False)}\n"
            f"address <- paste0({json.dumps(endpoint + '?format=csv&query=')}, "
            "URLencode(query, reserved = TRUE))\n"
            'print(read.csv(address, encoding = "UTF-8"))'
        ),
        "javascript": (
            f"const query = {json.dumps(text, ensure_ascii=False)};\n"
            f"const body = new URLSearchParams({{ query, format: 'json' }});\n"
            f"const answer = await fetch({json.dumps(endpoint)}, {{ method: 'POST', body }});\n"
            f"{ROWS_IN_JAVASCRIPT}"
        ),
    }


def in_shell(endpoint: str, media_type: str, text: str) -> str:
    """The command of a shell that asks a query."""
    return (
        f"curl --fail -H 'Accept: {media_type}' {shlex.quote(endpoint)} \\\n"
        f"  --data-urlencode query={shlex.quote(text)}"
    )


def in_sparqlwrapper(endpoint: str, text: str) -> str:
    """The program in Python that asks a query and prints its rows."""
    return (
        "from SPARQLWrapper import JSON, POST, SPARQLWrapper\n\n"
        f"endpoint = SPARQLWrapper({endpoint!r})\n"
        "endpoint.setMethod(POST)\n"
        "endpoint.setReturnFormat(JSON)\n"
        f"endpoint.setQuery({in_python(text)})\n"
        'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
        '    print({name: cell["value"] for name, cell in row.items()})'
    )


def in_python(text: str) -> str:
    """A text as a literal of Python, in several lines where it can be."""
    plain = "'''" not in text and "\\" not in text and not text.endswith("'")
    return f"'''\n{text}'''" if plain else repr(text)


def iframe(query: Query, page: Page, arguments: Mapping[str, Sequence[str]]) -> str:
    """The code that shows the results in another page."""
    language = page.voice.language
    asked = urlencode({**arguments, "lang": language}, doseq=True)
    address = page.absolute(url_for("embed.embed", name=query.name))
    title = getattr(query.summary, language)
    return (
        f'<iframe src="{escape(f"{address}?{asked}")}"\n'
        f'  title="{escape(title)}" width="100%" height="420" loading="lazy"></iframe>'
    )
