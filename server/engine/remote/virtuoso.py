"""The changes to a query for Virtuoso to answer as the standard has it (measured on 7.2.5).

A graph stands for the default graph (see `layout`). With one named as such, Virtuoso finds every
named graph by `GRAPH ?g`, that one too, and none by `GRAPH <iri>`: what is written so is named as
well, or is written as a variable where both occur, since naming one hides all others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ontology.namespaces import GRAPH
from server.engine.graph_names import join
from server.engine.query_text import read_prologue, tokens
from server.engine.remote.layout import DEFAULT, NOWHERE, OWN

# DESCRIBE gives what points to a term as well, if it is not asked for what others give.
PRAGMA = 'define sql:describe-mode "CBD"\n'
NAME_TOKENS = ("iri", "prefixed")
IRI_PATTERN = r"\s*+(?:<[^<>\s]*+>|[\w.-]*+:[\w-]*+)"
VALUES_OF_ONE = re.compile(
    rf"\{{\s*VALUES\s+[?$](\w+)\s*\{{({IRI_PATTERN})\s*\}}\s*\}}", re.IGNORECASE
)
VALUES_OF_FEW = re.compile(
    rf"VALUES\s+[?$](\w+)\s*\{{({IRI_PATTERN}(?:{IRI_PATTERN}){{1,7}})\s*\}}", re.IGNORECASE
)
UNION = re.compile(r"\bUNION\b", re.IGNORECASE)
GROUP = re.compile(r"\bGROUP\s+BY\b", re.IGNORECASE)


@dataclass(frozen=True)
class GraphPlace:
    """One `GRAPH ?g` or `GRAPH <iri>` of a text, by its offsets."""

    start: int
    name: int
    end: int
    variable: str


def adapt(
    text: str, base: str, default: Sequence[str], named: Sequence[str]
) -> tuple[str, Sequence[str], Sequence[str]]:
    """The query as Virtuoso is asked, and the graphs of its dataset; none given: the version's."""
    text = with_bindings(text)
    if default or named:
        # An empty default graph has to be named, else it is that of all graphs.
        return f"{PRAGMA}{text}", default or [NOWHERE], named
    found = places(text)
    constants = [place for place in found if not place.variable]
    if len(constants) == len(found):
        prefixes = read_prologue(text).prefixes if constants else {}
        named = [absolute(text[p.name : p.end], prefixes, base) for p in constants]
        return f"{PRAGMA}{text}", [DEFAULT], named
    return f"{PRAGMA}{filtered(text, found)}", [DEFAULT], ()


def with_bindings(text: str) -> str:
    """The query, in which VALUES of a few IRIs is a UNION of BIND, which means the same.

    Virtuoso loses or multiplies the solutions of a UNION that has VALUES in it; where it groups,
    it does not understand BIND in its place. What follows the last brace stays: VALUES alone may
    stand there.
    """
    if not UNION.search(text) or GROUP.search(text):
        return text
    parts = []
    copied = depth = 0
    for token in tokens(text):
        depth += (token.text == "{") - (token.text == "}")
        if token.start < copied or not depth:
            continue
        shape = {"open": VALUES_OF_ONE, "word": VALUES_OF_FEW}.get(token.kind)
        inline = shape.match(text, token.start) if shape else None
        if inline is not None:
            name, iris = inline.groups()
            groups = (f"{{ BIND({iri} AS ?{name}) }}" for iri in iris.split())
            parts += [text[copied : inline.start()], " UNION ".join(groups)]
            copied = inline.end()
    return "".join([*parts, text[copied:]])


def places(text: str) -> Sequence[GraphPlace]:
    """The places of a text that speak of named graphs."""
    found = []
    begin: int | None = None
    for token in tokens(text):
        if token.kind == "comment":
            continue
        if begin is not None and token.kind in ("variable", *NAME_TOKENS):
            variable = token.text[1:] if token.kind == "variable" else ""
            found.append(GraphPlace(begin, token.start, token.end, variable))
        begin = token.start if token.text.lower() == "graph" else None
    return found


def absolute(written: str, prefixes: dict[str, str], base: str) -> str:
    """The IRI that stands for a graph."""
    if written.startswith("<"):
        return join(base, written[1:-1])
    prefix, _, local = written.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + local.replace("\\", "")


def filtered(text: str, found: Sequence[GraphPlace]) -> str:
    """The query, whose variables for graphs are kept to the graphs that there are to be found.

    A FILTER holds for the whole group that it stands in, so that it can stand before its pattern.
    """
    parts = []
    copied = 0
    hidden = ", ".join(f"<{name}>" for name in OWN)
    for number, place in enumerate(found):
        name, written = place.variable, text[place.name : place.end]
        test = f'STRSTARTS(STR(?{name}), "{GRAPH}") && ?{name} NOT IN ({hidden})'
        if not name:
            name = f"maillage_graph_{number}"
            test = f"?{name} = {written}"
        parts.append(f"{text[copied : place.start]}FILTER({test}) GRAPH ?{name}")
        copied = place.end
    return "".join([*parts, text[copied:]])
