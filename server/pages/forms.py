"""The choices of a form for the parameters of a query, and its words about them."""

from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from ontology.namespaces import CONCEPT, COUNTRY
from queries import ANY, Parameter, Query, catalogue
from server.engine.errors import EngineError
from server.engine.results import Table
from server.graph.labels import read_labels
from server.i18n import Voice
from server.questions import select, select_text
from server.site import Site


def accepted(parameter: Parameter, voice: Voice) -> str:
    """The values that a caller may write for a parameter, in words."""
    kind = "choices" if parameter.choices else parameter.type
    words = [voice(f"accepted.{kind}" if voice.known(f"accepted.{kind}") else "accepted.text")]
    if parameter.any:
        words.append(voice("accepted.any"))
    if parameter.many:
        words.append(voice("accepted.many"))
    return ", ".join(words)


@dataclass(frozen=True)
class Option:
    """A value that a form offers."""

    value: str
    label: str


def options(site: Site, version: str, query: Query, name: str, voice: Voice) -> tuple[Option, ...]:
    """The choices of a form for a parameter that give rows; none where any text will do."""
    parameter = query.parameters[name]
    chosen: tuple[Option, ...] = ()
    if parameter.choices:
        chosen = tuple(
            Option(value, str(getattr(words, voice.language)))
            for value, words in parameter.choices.items()
        )
    elif parameter.scheme:
        chosen = concepts(site, version, parameter.scheme, voice)
    elif parameter.type == "country":
        chosen = countries(site, version, voice)
    fruitful = offered(site, version, query.name, name)
    if fruitful:
        kept = {parameter.shown(NamedNode(iri)) for iri in fruitful} | set(query.defaults[name])
        chosen = tuple(option for option in chosen if option.value in kept)
    return (Option(ANY, voice("any")), *chosen) if chosen and parameter.any else chosen


@lru_cache(maxsize=256)
def offered(
    site: Site,
    version: str,  # noqa: ARG001 (the cache's key)
    query: str,
    name: str,
) -> frozenset[str]:
    """The IRIs with which a query has rows; empty where it does not say how to find them.

    Where they take too long to find, the form offers all.
    """
    text = catalogue()[query].offers(name)
    if text is None:
        return frozenset()
    try:
        rows = select_text(site.engine, text).rows
    except EngineError:
        return frozenset()
    return frozenset(row[name].value for row in rows)


@lru_cache(maxsize=64)
def concepts(
    site: Site,
    version: str,  # noqa: ARG001 (the cache's key)
    scheme: str,
    voice: Voice,
) -> tuple[Option, ...]:
    """The concepts of a scheme."""
    base = f"{CONCEPT}{scheme}"
    table = select(site.engine, "concepts", scheme=NamedNode(base))
    return listed(site, table, f"{base}/", voice)


@lru_cache(maxsize=8)
def countries(
    site: Site,
    version: str,  # noqa: ARG001 (the cache's key)
    voice: Voice,
) -> tuple[Option, ...]:
    """The countries that the data speaks of."""
    return listed(site, select(site.engine, "countries"), str(COUNTRY), voice)


def listed(site: Site, table: Table, base: str, voice: Voice) -> tuple[Option, ...]:
    """The IRIs in the column `o` of a table, under that base, by label."""
    iris = [row["o"].value for row in table.rows]
    labels = read_labels(site.engine, iris)
    found = (
        Option(iri.removeprefix(base), named.value)
        for iri in iris
        if iri.startswith(base) and (named := voice.choose(labels.get(iri, ())))
    )
    return tuple(sorted(found, key=lambda option: option.label.casefold()))
