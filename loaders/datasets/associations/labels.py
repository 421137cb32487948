"""The labels of a contact block, and what tells a person's line from an organisation's."""

from __future__ import annotations

import re

from loaders.datasets.associations.address import BOX
from loaders.datasets.associations.fields import CONTACT_WORDS, Field
from loaders.datasets.associations.page import PageLine
from loaders.datasets.associations.territories import country_named
from loaders.sources.masking import EMAIL

_LABEL = re.compile(
    r"(?:^|(?<=[\s,;/|(–-]))(?:"
    + "|".join(rf"(?P<{name}>{words})" for name, words in CONTACT_WORDS.items())
    + r")\s*(?:n°)?\s*(?:\.?\s*:|\.(?=\s*[+(\d])|(?=\s*\(?\+|\s+\(?\d))\s*",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"(?:nos |our )?(?:contacts?(?: (?:us|details|information))?|coordonnées|adresses?|address"
    r"|si[èe]ge(?: social)?|nous contacter|headquarters|head office)\s*:?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:(?:les|nos|ses|notre|son) )?(?:présentation|histoire|historique|création|missions?|buts?"
    r"|objectifs?|organes?|instances?|organisation|gouvernance|membres?|activités|statuts?|vision"
    r"|valeurs?|à propos|about(?: us)?|history|background|mission|our work|governance"
    r"|members(?:hip)?"
    r"|structure|who we are|what we do|overview|profile)\b[^:.\d]{0,40}:?",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:M\.|Mr\.?|Mme|Mlle|Dr|Pr|Monsieur|Madame|Président\w*|Vice-président\w*|Directeur"
    r"|Directrice|Maire|Secrétaire|Trésori\w+|Coordonnat\w+|Coordinat\w+|Responsable|Chargée?"
    r"|Point focal|Personne|Contact(?:s? presse)?|Mrs\.?|Ms\.?|Miss|Hon\.|President|Chair(?:man"
    r"|woman"
    r"|person)?|Vice-President|Director|Mayor|Secretary|Treasurer|Officer|Manager|Founder|CEO"
    r"|Press contact|Contact person|Alderman|Councillor)(?!\w)"
)
_PLACE = re.compile(
    r"\b(?:quartier|rue|avenue|boulevard|place|cité|immeuble|maison|hôtel|mairie|route|zone|villa|tour"
    r"|centre|bâtiment|résidence|commune|ville|street|road|avenue|house|building|plot|floor|tower|box"
    r"|square|lane|drive|centre|center|city|town|hall|cedex)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-ZÀ-Ý][\w'’-]+\s+[A-ZÀ-Ý][\w'’-]+")
_REACH = re.compile(
    r"\+\s?\d[\d\s().-]{6,}|\b00\d[\d\s().-]{7,}|\b(?:t[ée]l|gsm|fax)\w*\W{0,4}[\d(+]", re.I
)


def labelled_values(line: PageLine) -> tuple[str, list[tuple[Field, str]]]:
    """The words of a line before its first label, and each field with what follows it.

    >>> labelled_values(PageLine(1, "BP 12 Lomé, Tél. : +228 1 / Fax : +228 2"))
    ('BP 12 Lomé', [('telephone', '+228 1'), ('fax', '+228 2')])
    """
    labels = list(_LABEL.finditer(line.text))
    if not labels:
        return line.text, []
    ends = [match.start() for match in labels[1:]] + [len(line.text)]
    values = [
        (
            next(name for name in CONTACT_WORDS if match[name] is not None),
            re.sub(r"(?:^|\s)/\s*$", "", line.text[match.end() : end].strip(" ,;|–-").rstrip(" (")),
        )
        for match, end in zip(labels, ends, strict=True)
    ]
    return line.text[: labels[0].start()].strip(" ,;/|(–-"), values


def opens_block(line: PageLine) -> bool:
    """True where a line is the heading of the organisation's own contact block."""
    return bool(_BLOCK.fullmatch(line.text))


def opens_section(line: PageLine) -> bool:
    """True where a line is the heading of a part of the page's text."""
    return bool(line.heading or _SECTION.fullmatch(line.text))


def begins_with_person(text: str) -> bool:
    """True where a line of a contact block begins with a person's title or office."""
    return bool(_PERSON.match(text))


def names_person(text: str) -> bool:
    """True where words beside a contact detail may name a person: two capitals side by side do."""
    return bool(_PERSON.search(text) or _CAPITALS.search(text))


def is_addressed_to_person(text: str) -> bool:
    """True where an address names a person with a title: `c/o Mme …`."""
    return bool(re.search(r"(?<!\w)(?:M\.|Mr|Mme|Mlle|Mrs|Ms|Monsieur|Madame)(?!\w)", text))


def is_like_a_person_s_name(text: str) -> bool:
    """True where a line is two to four capitalised words that no place is known by.

    >>> list(map(is_like_a_person_s_name, ("Prénom Nom", "Quartier Exemple", "Accra Ghana")))
    [True, False, False]
    """
    if not re.fullmatch(r"(?:[A-ZÀ-Ý][\w'’-]+\s){1,3}[A-ZÀ-Ý][\w'’-]+\s*(?:\([^()]*\))?", text):
        return False
    words = text.split()
    return not (
        _PLACE.search(text) or country_named(words[-1]) or country_named(" ".join(words[-2:]))
    )


def without_names(text: str) -> str:
    """The text as a note may show it: what may name a person is masked."""
    if _PERSON.search(text):
        return "‹name›"
    return re.sub(rf"{_CAPITALS.pattern}(?:\s+[A-ZÀ-Ý][\w'’-]+)*", "‹name›", text)


def is_contact(text: str) -> bool:
    """True where a text holds, or announces, an e-mail address or a telephone number."""
    return bool(EMAIL.search(text) or _REACH.search(text) or _PERSON.fullmatch(text.rstrip(" :")))


def is_prose(line: PageLine) -> bool:
    """True where a line is of the page's text rather than of its head."""
    text = line.text
    if line.item or (BOX.search(text) and not text.endswith(".")):
        return line.item
    words = len(text.split())
    return len(text) > 120 or words >= 14 or (words >= 5 and text[-1] in ".:;")
