"""How often each class has each property: the class partitions of VoID, counted once a build.

What may follow `?x a mlg:Project ;` in a query is read from them, without asking the store.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby

from ontology.namespaces import RDF

NAME = "partitions.json"
TYPE = f"<{RDF.type}>"

Partitions = dict[str, dict[str, int]]
"""The triples of the things of a class, by class and property."""


def partitions(triples: list[str]) -> Partitions:
    """The partitions of triples that are sorted by subject, as N-Triples writes them.

    >>> a = f"<x:a> {TYPE} <x:C>"
    >>> partitions([a, "<x:a> <x:p> <x:b>", "<x:a> <x:p> <x:c>"])["x:C"]["x:p"]
    2
    """
    # Many things are of the same classes: they are counted together.
    alike: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    parts = (triple.split(" ", 2) for triple in triples)
    for _, of_one in groupby(parts, key=lambda part: part[0]):
        known = list(of_one)
        classes = tuple(value for _, verb, value in known if verb == TYPE)
        alike[classes].update(verb for _, verb, _ in known)
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for classes, verbs in alike.items():
        for each in classes:
            found[each].update(verbs)
    return {
        each[1:-1]: {verb[1:-1]: n for verb, n in sorted(verbs.items(), key=order)}
        for each, verbs in sorted(found.items())
        if each.startswith("<")
    }


def order(counted: tuple[str, int]) -> tuple[int, str]:
    """The most frequent first, then by name."""
    return -counted[1], counted[0]
