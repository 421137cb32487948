"""Names in sentences: a label where it is enough, else with the key of what it means."""

import re

from ontology.namespaces import COUNTRY, ID
from server.graph.sentences.reading import Meanings
from server.iris import checked

_KEYED = re.compile(r"(?:.*\()?((?:[a-z]+/)?[\w./-]+)\)?", re.DOTALL)


def unambiguous(label: str, iri: str, takes: str, meanings: Meanings) -> str:
    """The label, with the key of the IRI after it where it alone may mean something else."""
    if tuple(meanings(takes, (label,))) == (iri,):
        return label
    return f"{label} ({key_of(iri)})"


def key_of(iri: str) -> str:
    """The key by which a sentence tells a thing from its namesakes.

    >>> key_of("https://w3id.org/maillage/id/authority/fra-cog-91228")
    'fra-cog-91228'
    """
    return iri.removeprefix(str(COUNTRY)).removeprefix(f"{ID}authority/").removeprefix(str(ID))


def keyed(name: str) -> str | None:
    """The IRI whose key a name is or has in brackets at its end; None where it is no key.

    >>> keyed("Évry (fra-cog-91228)")
    'https://w3id.org/maillage/id/authority/fra-cog-91228'
    """
    found = _KEYED.fullmatch(name)
    if not found or (name.endswith(")") and "(" not in name):
        return None
    key = found[1]
    if re.fullmatch(r"[A-Z0-9]{3}", key):
        return f"{COUNTRY}{key}"
    if "/" in key:
        return checked(f"{ID}{key}")
    return checked(f"{ID}authority/{key}") if re.match(r"[a-z]{3}-[a-z]+-", key) else None
