"""Mints IRIs from stable source identifiers: the same input gives the same IRI, on any host."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from loaders.model.values import Ref
from ontology.namespaces import COUNTRY, GRAPH, ID

LONGEST_KEY = 120


def slug(text: str) -> str:
    """The text in lower case, without accents, its words joined by hyphens.

    Letters of other scripts stay. A longer text than LONGEST_KEY is cut at a word and closed with
    eight hexadecimal digits of its SHA-256, so that two long titles do not meet.

    >>> slug("Fada N'Gourma — Évry")
    'fada-n-gourma-evry'
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = folded
    if not folded.isascii():
        bare = "".join(c for c in folded if not unicodedata.combining(c))
    key = "-".join(re.findall(r"[^\W_]+", bare.replace("œ", "oe").replace("æ", "ae")))
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{key[:LONGEST_KEY].rpartition('-')[0]}-{digest}"


def named_key(name: str, country: str | None = None) -> str:
    """The key of an agent without a register code: `{iso3 or xxx}-name-{normalised name}`."""
    return f"{(country or 'xxx').lower()}-name-{slug(name)}"


def mint_iri(segment: str, key: str) -> str:
    """The IRI of an entity, `https://w3id.org/maillage/id/{segment}/{key}`."""
    return f"{ID}{segment}/{key}"


def graph_iri(dataset: str, key: str) -> str:
    """The IRI of the named graph of one source record, which is also the record's own."""
    return f"{GRAPH}{dataset}/{key}"


def expand(ref: Ref) -> str:
    """The absolute IRI of a reference."""
    segment, _, key = ref.target.partition("/")
    if ":" in segment:
        return ref.target
    return entity_iri(segment, key)


def entity_iri(segment: str, key: str) -> str:
    """The IRI of an entity: of a country, that of the EU authority table; else a minted one."""
    return f"{COUNTRY}{key}" if segment == "country" else mint_iri(segment, key)
