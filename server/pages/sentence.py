"""One sentence that says what a thing is, made of what the graph says of it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ontology.namespaces import MLG
from server.engine.results import Term
from server.graph.entities import DescribedEntity
from server.graph.labels import label
from server.i18n import Voice

if TYPE_CHECKING:  # which shows labels by these words too
    from server.pages.ties import Ties


def sentence(entity: DescribedEntity, kind: str, ties: "Ties | None", voice: Voice) -> str:
    """The kind, place, lifetime and number of partners of an entity, in a sentence.

    Empty where only a kind is known, which the page says anyway.
    """
    clauses = [
        around(entity, voice),
        lifetime(entity, voice),
        partners(ties, voice) if ties else "",
    ]
    said = "".join(clause for clause in clauses if clause)
    form = form_of(entity, kind, voice)
    if not said and form == kind:
        return ""
    return f"{form[:1].upper()}{form[1:]}{said}."


def form_of(entity: DescribedEntity, kind: str, voice: Voice) -> str:
    """The most particular of its kinds: `commune nouvelle` rather than `municipality`."""
    kinds = [term.value for term in values(entity, "kind")]
    if not kinds:
        return kind
    # A key with a country in it is of that country's own law.
    chosen = max(kinds, key=lambda iri: ("-" in iri.rpartition("/")[2], iri))
    return bare(label(entity.labels, chosen, voice).value)


def bare(form: str) -> str:
    """The name of a form without its country in brackets, which is said beside it.

    >>> bare("commune nouvelle (France)")
    'commune nouvelle'
    """
    return re.sub(r" \([^()]*\)$", "", form)


def around(entity: DescribedEntity, voice: Voice) -> str:
    """In brackets the places that it is in, from the narrow to the wide, and its country."""
    places = sorted(values(entity, "within"), key=breadth) + list(values(entity, "country"))
    places += values(entity, "partnershipCountry")[:4]
    named = [label(entity.labels, term.value, voice).value for term in places]
    return f" ({', '.join(dict.fromkeys(named))})" if named else ""


def breadth(term: Term) -> tuple[bool, str]:
    """A département before its region."""
    return ("-reg-" in term.value, term.value)


def lifetime(entity: DescribedEntity, voice: Voice) -> str:
    """From when to when it was, as far as is known."""
    since = next(iter([*values(entity, "foundingDate"), *values(entity, "start")]), None)
    until = next(iter(values(entity, "end")), None)
    if since and until:
        return f", {dated('from', since, voice)} {dated('to', until, voice)}"
    if until:
        return f", {dated('until', until, voice)}"
    return f", {dated('since', since, voice)}" if since else ""


def dated(name: str, date: Term, voice: Voice) -> str:
    """A date after its preposition, which in French is another before a day than before a year."""
    day = ".day" if len(date.value) >= len("2019-01-01") else ""
    return voice(f"sentence.{name}{day}", date=voice.literal(date))


def partners(ties: "Ties", voice: Voice) -> str:
    """With how many partners, in how many countries, since when."""
    if ties.general or ties.list_name == "encounters":
        return ", " + voice.count(f"sentence.{ties.list_name}", ties.total)
    said = ", " + voice.count("sentence.partners", ties.partners)
    if ties.countries:
        said += " " + voice.count("sentence.countries", ties.countries)
    return said + (", " + voice("sentence.first", year=ties.since) if ties.since else "")


def values(entity: DescribedEntity, name: str) -> Sequence[Term]:
    """The values of a property of Maillage."""
    return entity.facts.get(str(MLG[name]), ())
