"""IRIs and the addresses under which this site shows them.

Data keeps its public IRIs (`https://w3id.org/maillage/…`) on every host; a page links to the path
of its own host that stands for them.
"""

import re
from urllib.parse import quote, urlsplit

from pyoxigraph import NamedNode

from ontology.namespaces import COUNTRY, GRAPH, ID, MLG, ONTOLOGY

PUBLIC = "https://w3id.org/maillage/"
FOLLOWED = ("http", "https", "mailto", "tel")
"""The schemes that a page may link to: anything else, `javascript:` above all, stays text."""

_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff]")
_KEPT = "/:@!$&'()*+,;=-._~"


def path_of(address: str) -> str:
    """The path of an address; empty where it is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def entity_iri(segment: str, key: str) -> str | None:
    """The IRI of what `/id/{segment}/{key}` stands for; None where no IRI can be so."""
    base = str(COUNTRY) if segment == "country" else f"{ID}{segment}/"
    return checked(base + key) if key else None


def graph_iri(name: str) -> str | None:
    """The IRI of the graph at `/graph/{name}`; None where no IRI can be so."""
    return checked(f"{GRAPH}{name}") if name else None


def checked(iri: str) -> str | None:
    """The IRI, if it is one (RFC 3987): then it can stand in a query."""
    try:
        return None if _FORBIDDEN.search(iri) else NamedNode(iri).value
    except ValueError:
        return None


def document_path(iri: str) -> str | None:
    """The path of the page about an IRI on this host; None where the IRI belongs to others."""
    if iri.startswith(str(COUNTRY)):
        return "/doc/country/" + quote(iri.removeprefix(str(COUNTRY)), safe=_KEPT)
    if iri.startswith(str(ID)):
        return "/doc/" + quote(iri.removeprefix(str(ID)), safe=_KEPT)
    if iri.startswith(str(GRAPH)):
        return "/graph/" + quote(iri.removeprefix(str(GRAPH)), safe=_KEPT)
    if iri.startswith(str(MLG)):
        return "/def#" + quote(iri.removeprefix(str(MLG)), safe=_KEPT)
    return "/def" if iri == str(ONTOLOGY) else None


def outside_link(iri: str) -> str | None:
    """The IRI, if a page may link to it as it stands."""
    try:
        scheme = urlsplit(iri).scheme.lower()
    except ValueError:
        return None
    return iri if scheme in FOLLOWED else None


def tail(iri: str) -> str:
    """The last part of an IRI, to name what has no label."""
    return re.split(r"[#/:]", iri.rstrip("/#"))[-1] or iri


def segment_of(iri: str) -> str:
    """The type in an IRI of the data, as `authority`; empty for others."""
    if iri.startswith(str(COUNTRY)):
        return "country"
    return iri.removeprefix(str(ID)).partition("/")[0] if iri.startswith(str(ID)) else ""
