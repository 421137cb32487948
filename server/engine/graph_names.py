"""The graphs that a query names, by the protocol or in its text, and its prefixes."""

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode

from server.engine.errors import InvalidGraphName
from server.engine.query_text import QueryStructure, resolve

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Formats whose text is shorter and clearer with the prefixes of the query.
PREFIXED = ("text/turtle", "application/trig")


def dataset_of(
    structure: QueryStructure, base: str, default: Sequence[str], named: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The default and the named graphs of a query, each once: the protocol's, else those of FROM.

    Raises InvalidGraphName.
    """
    if not default and not named:
        default = [join(base, name) for name in structure.default_graphs]
        named = [join(base, name) for name in structure.named_graphs]
    check_graph_names([*default, *named])
    return list(dict.fromkeys(default)), list(dict.fromkeys(named))


def join(base: str, name: str) -> str:
    """The name of a graph against the base, where it is relative."""
    return name if not base or SCHEME.match(name) else resolve(base, name)


def check_graph_names(names: Sequence[str]) -> None:
    """Raise InvalidGraphName for the first that is no absolute IRI."""
    for name in names:
        try:
            NamedNode(name)
        except ValueError:
            raise InvalidGraphName(name) from None


def prefixes_for(media_type: str, structure: QueryStructure) -> dict[str, str]:
    """The prefixes to write a result with: those of the query that stand for absolute IRIs."""
    if media_type not in PREFIXED:
        return {}
    return {
        prefix: iri
        for prefix, iri in structure.prefixes.items()
        if "://" in iri or iri.startswith("urn:")
    }
