"""How many members an association states, what is counted, when, and how precisely."""

from __future__ import annotations

import re
from decimal import Decimal

from loaders.datasets.associations.dates import DATE, partial_date
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.numbers import NUMBER, read_number
from loaders.datasets.associations.page import Line
from loaders.model.records import Figure
from loaders.model.values import PartialDate, Ref, Text
from ontology import schemes
from ontology.namespaces import CONCEPT, ID

_HEDGES = {"près de": "almost", "presque": "almost", "plus de": "at-least", "plus d": "at-least",
           "au moins": "at-least", "environ": "about", "quelque": "about"}  # fmt: skip
_HEDGE = rf"(?P<hedge>{'|'.join(_HEDGES)})?\s*['’]?\s*"
_NOUN = (
    r"(?:communes?|municipalités?|maires|membres|collectivités|villes|communautés|régions|cercles"
    r"|départements|districts|provinces|préfectures|élus|mairies|conseils|autorités|associations)"
)
_OF_KIND = (
    r"(?:\s+(?:rurales?|urbaines?|membres?|adhérentes?|affiliées?|territoriales?|locales?|locaux"
    r"|municipaux|communaux|régionaux|départementaux|d['’]arrondissement|de plein exercice"
    r"|à statut (?:particulier|spécial)))*"
)
_UNIT = rf"(?P<unit>{_NOUN}{_OF_KIND})(?!\w|\s+(?:fondat|d['’]honneur|honoraires))"
_COUNT = re.compile(rf"(?<!\w){_HEDGE}(?P<number>{NUMBER})\s+(?:des?\s+|d['’])?{_UNIT}", re.I)
_AMOUNT_TO = re.compile(
    rf"\bles {_UNIT}[^.;:]*?\bau nombre d(?:e\s+|['’]){_HEDGE}(?P<number>{NUMBER})",
    re.IGNORECASE,
)
_MEMBERSHIP = re.compile(
    r"\b(?:(?:réuni(?:t|ssent)|regroupe(?:nt)?|rassemble(?:nt)?|fédère(?:nt)?|compt(?:e|ent|ait)"
    r"|compren(?:d|ait))\b|(?:constitué|composé|formé)e?s? d|membres?\b|adhér\w+|représente\b)",
    re.IGNORECASE,
)
_ORGAN = re.compile(
    r"\b(?:Bureau|Comité|Commissions?|Secrétariat|Conseil (?:d['’]|national|exécutif)|Congrès"
    r"|Assemblée|organes?|instances?)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:Nombre (?:de |d['’]))?(?:membres|adhérents)\s*:", re.IGNORECASE)
_NOW = re.compile(r"\b(?:aujourd['’]hui|actuellement|à ce jour|à l['’]heure actuelle)\b", re.I)
_WHEN = re.compile(rf"(?:En|Au|Dès|À la date du|Fin)\s+(?P<date>{DATE})\s*,")
_PART = re.compile(r"\b(?:dont|avec|parmi lesquel\w+)\b|:")


def member_figures(line: Line, naming: Naming, issued: PartialDate | None) -> list[Figure]:
    """The numbers of members that a line of prose states of the association itself.

    "Today" is the day of the page, where it has one. What a sentence counts after "dont", "avec"
    or a colon is a part of the whole: its measure is that of its own unit, where the scheme has
    one, so that members are not counted twice.
    """
    return [figure for sentence in line.sentences for figure in _figures(sentence, naming, issued)]


def _figures(sentence: str, naming: Naming, issued: PartialDate | None) -> list[Figure]:
    subject = (
        rf"(?:^|[\s,;(]){naming.subject}(?!\w)|, (?:elle|il)s?\s|\b(?:[Ss]ont|[Ss]es) membres\b"
    )
    verb = _MEMBERSHIP.search(sentence)
    if not (verb and (_LABEL.match(sentence) or re.search(subject, sentence))):
        return []
    when = _WHEN.match(sentence)
    date = partial_date(when["date"]) if when else issued if _NOW.search(sentence) else None
    found: list[Figure] = []
    parts_from = len(sentence)
    counts = [*_COUNT.finditer(sentence), *_AMOUNT_TO.finditer(sentence)]
    for match in sorted(counts, key=lambda match: match.start()):
        if _ORGAN.search(sentence[: match.start()]):
            break  # what follows is counted of that organ
        if match.start() < verb.start():
            continue  # "née de la fusion de deux associations, elle regroupe"
        part = _PART.search(sentence[: match.start()]) if found else None
        if part:
            parts_from = min(parts_from, part.start())
        value, about = read_number(match["number"])
        then = re.match(rf"\s+en\s+(?P<date>{DATE})(?!\w)", sentence[match.end() :])
        hedge = "about" if about else _HEDGES.get((match["hedge"] or "").lower(), "exact")
        unit = match["unit"]
        own = schemes.concept("measure", unit) if match.start() > parts_from else None
        measure = str(own or CONCEPT["measure/members"]).removeprefix(ID)
        found.append(
            Figure(
                measure=Ref(measure),
                value=Decimal(value),
                precision=Ref(f"concept/precision/{hedge}"),
                unit=Text(unit),
                date=partial_date(then["date"]) if then else date,
            )
        )
    return found
