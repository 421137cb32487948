"""The labels that pages put before a value, in French and English, and what each announces."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Field = Literal[
    "name", "acronym", "former", "founded", "members", "law", "country", "languages", "person",
    "other", "address", "telephone", "fax", "both", "email", "web",
]  # fmt: skip

_FAX = r"(?:t[ée]l[ée])?fax|t[ée]l[ée]copie(?:ur)?|facsimile"
_TELEPHONE = r"t[ée]l(?:[ée]?phones?)?s?|phones?|cel(?:l|lulaire)?|gsm|mobiles?|portables?"

CONTACT_WORDS: dict[Field, str] = {
    "both": r"t[ée]l[ée]?(?:phone)?s?\.?\s*(?:/|et|&|and)\s*(?:t[ée]l[ée])?fax",
    "fax": _FAX,
    "telephone": rf"(?:{_TELEPHONE})(?: (?:number|fixe))?|numéro de téléphone",
    "email": r"e[- ]?mails?(?: address)?|courriels?|m[ée]l|mail|adresse (?:électronique|e-?mail)",
    "web": (
        r"liens?|site (?:web|internet|officiel)|sites?(?= *:)|web(?:[- ]?site)?|internet|url"
        r"|page web|home ?page"
    ),
    "address": (
        r"(?:postal |mailing |street )?address|adresse(?: postale)?|si[èe]ge(?: social)?"
        r"|localisation|headquarters|head office|seat|location|based in"
    ),
}
"""The labels of a contact block: several may follow each other on one line."""

_WORDS: dict[Field, str] = {
    "name": (
        r"(?:nom|dénomination|intitulé)(?: complet| officiel| de l['’]association)?"
        r"|(?:full |official )?name(?: of the association)?|association|organi[sz]ation"
    ),
    "acronym": r"sigle|acronyme?|abréviation|abbreviation|short name|initials",
    "former": (
        r"anciens? noms?|ancienne (?:dénomination|appellation)|anciennement|autrefois"
        r"|(?:former|previous|old) names?|formerly(?: known as| called)?"
    ),
    "founded": (
        r"(?:(?:dates?|années?) de )?(?:création|fondation|naissance)|(?:fondée?|créée?)(?: en"
        r"| le)?"
        r"|(?:(?:date|year) (?:of )?)?(?:foundation|founding|creation|establishment|formation"
        r"|founded|established|created|formed)(?: date| year| in)?"
    ),
    "members": (
        r"(?:nombre (?:de |d['’]))?(?:(?:communes|villes|collectivités) )?(?:membres|adhérents)"
        r"|(?:number of )?members?(?:hip)?|(?:number of )?member (?:municipalities|cities"
        r"|councils|local authorities|local governments|counties|districts)"
    ),
    "law": (
        r"(?:forme|statut|régime|nature) (?:juridique|légale?)|base (?:juridique|légale)"
        r"|legal (?:form|status|basis)"
    ),
    "country": r"pays|country",
    "other": (
        r"type(?: d['’](?:organisation|association)| of organi[sz]ation)?|identifiants?|rna|siren"
        r"|(?:zone|domaine|secteur) d['’](?:activités?|influence|intervention)|affiliations?"
        r"|area served|région|region|slogan|motto|devise|budget|effectifs?|staff|logo|statut|status"
    ),
    "languages": r"langues?(?: officielles?| de travail)?|(?:official |working )?languages?",
    "person": (
        r"président(?:e|\(e\))?|(?:vice|1er vice)-président(?:e|\(e\))?|secrétaire(?: général\w*"
        r"| exécutif| exécutive| permanente?)?|direct(?:eur|rice)(?: général\w*| exécuti\w+)?"
        r"|trésori(?:er|ère)|coordonnat(?:eur|rice)|responsable|contacts?(?: presse| person)?"
        r"|personne(?: à contacter|[- ]ressource| de contact)?|point focal|présidence|direction"
        r"|president|chair(?:man|woman|person)?|vice[- ]president|secretary(?:[- ]general)?"
        r"|(?:executive )?director|chief executive(?: officer)?|ceo|treasurer|focal point|mayor"
        r"|key people|leader(?:ship)?|personnages clés|founders?|fondat(?:eur|rice)s?"
    ),
}


def _bare(text: str) -> str:
    """The text without accents: many pages leave them out."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


_LABELS = {
    field: re.compile(_bare(rf"(?:{words})\s*(?:n°)?\s*\.?\s*:?"), re.IGNORECASE)
    for field, words in (_WORDS | CONTACT_WORDS).items()
}
_LABELLED = re.compile(r"(?P<label>[^\W\d_][^:|]{1,60}?)\s*(?::|\s[–-]\s|\|)\s*(?P<value>\S.*)")


def field_of(label: str) -> Field | None:
    """The field that a label announces; None where the label is not known.

    >>> field_of("Date de création :"), field_of("Member cities"), field_of("Horaires")
    ('founded', 'members', None)
    """
    label = re.sub(r"\s*\([^()]*\)(?=\s*:?$)", "", _bare(label.strip()))
    return next((field for field, words in _LABELS.items() if words.fullmatch(label)), None)


def labelled(text: str) -> tuple[Field, str, str] | None:
    """The field, the label and the value of a line `Label : value`; None for any other line.

    >>> labelled("Fondation : 5 mai 1992")
    ('founded', 'Fondation', '5 mai 1992')
    >>> labelled("Members – 300"), labelled("Horaires : 12 h")
    (('members', 'Members', '300'), None)
    """
    match = _LABELLED.fullmatch(text)
    field = field_of(match["label"]) if match else None
    return (field, match["label"], match["value"]) if match and field else None
