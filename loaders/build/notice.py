"""The notice at the head of a dump, in comments: what it is, whose, on which terms, how to cite it.

It tells no time: the same input gives the same bytes. Times stand in the manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from loaders.sources.dataset import Dataset

WORDS: Final = {
    "fr": (
        "Maillage : collectivités, associations, partenariats et financeurs",
        "Version {version}, {triples} triplets sans doublon",
        "Sources, avec leurs droits :",
        "- {title}, {publisher} ; licence : {licence} ; droits : {rights}",
        "Pour citer : {title}. Version {version}. {iri}",
    ),
    "en": (
        "Maillage: local authorities, associations, partnerships and funders",
        "Version {version}, {triples} triples, none twice",
        "Sources, with their rights:",
        "- {title}, {publisher}; licence: {licence}; rights: {rights}",
        "To cite: {title}. Version {version}. {iri}",
    ),
}
RIGHTS: Final = {
    "open": {"fr": "ouverts", "en": "open"},
    "reserved": {"fr": "réservés", "en": "reserved"},
    "forbidden": {"fr": "reproduction interdite", "en": "reproduction forbidden"},
    "unstated": {"fr": "non précisés", "en": "not stated"},
}
PRINTED: Final = {ord("'"): "’", ord('"'): "”"}
VERSION: Final = "https://w3id.org/maillage/version/"


def notice(version: str, triples: int, datasets: Iterable[Dataset]) -> bytes:
    """The lines of the notice, French and English, as N-Quads and Turtle have comments."""
    known = list(datasets)
    text = [line for language in WORDS for line in _lines(language, version, triples, known)]
    return "".join(map(comment, text)).encode()


def comment(line: str) -> str:
    """A line as a comment of N-Quads and Turtle, its quotation marks those of print.

    Raptor's reader of N-Triples takes a straight one in a comment for the beginning of a text, and
    everything up to the next for its content, without a word.
    """
    return f"# {' '.join(line.split())}".rstrip().translate(PRINTED) + "\n"


def _lines(language: str, version: str, triples: int, datasets: Iterable[Dataset]) -> Iterator[str]:
    title, counted, heading, source, cited = WORDS[language]
    yield title
    yield counted.format(version=version, triples=triples)
    yield heading
    for each in sorted(datasets, key=lambda each: each.name):
        yield source.format(
            title=getattr(each.title, language),
            publisher=each.publisher.name,
            licence=each.licence or "—",
            rights=RIGHTS.get(each.rights, {}).get(language, each.rights),
        )
    yield cited.format(title=title, version=version, iri=f"{VERSION}{version}")
