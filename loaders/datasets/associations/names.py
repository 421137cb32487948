"""The names of associations: what one looks like, in French and English, alone or in a sentence."""

from __future__ import annotations

import re

LONGEST_SENTENCE = 1500
"""Characters of a sentence that is read: none of a page is a third as long."""

KIND = (
    r"(?:Association|Union|Fédération|Confédération|Conférence|Conseil|Assemblée|Réseau|Ligue"
    r"|Alliance|Collectif|Forum|Coordination|Organisation|Groupement|Faîtière|Faitière|Entente)"
)
"""The noun that a French name begins with."""
KIND_IN_ENGLISH = (
    r"(?:Association|Union|Federation|Confederation|Council|League|Network|Conference|Alliance"
    r"|Forum|Congress|Assembly|Organi[sz]ation|Governments|Cities|Municipalities|Mayors)"
)
"""A noun that an English name holds anywhere: Kenya Council of Governors."""
ACRONYM = r"(?=[^\s()]*[A-ZÀ-Ý][^\s()]*[A-ZÀ-Ý])[A-ZÀ-Ý][\w.&/-]{1,19}"

_ARTICLE = r"(?:[Ll]['’]\s?|[Ll]a |[Ll]es? |[Tt]he )?"
_CAPITAL = r"[A-ZÀ-Ý][\w'’.-]*"
_SMALL = r"(?:of|the|and|for|in|on|de|du|des|la|le|les|d['’]|&|et)"
_ENGLISH = (
    rf"(?!(?:The|Our|This|Its|A|An|In|Formerly) )(?=[^.,;:()]*\b{KIND_IN_ENGLISH}\b){_CAPITAL}"
    rf"(?:\s(?:{_SMALL}\s){{0,3}}{_CAPITAL}){{1,14}}"
)
_FRENCH = rf"(?:{KIND}|Communes et Villes|Villes et Communes)\b(?!s?\s*$)[^().;:|]{{4,150}}?"
_BOUND = (
    r"(?=\s*(?:[,.;:()«»\"“”]|$)|\s+(?:en|in|le|on|until|jusqu['’]en|depuis|since|et|and|puis|then"
    r"|avant|before|pour|a|est|is|was|has)\s(?![A-ZÀ-Ý]))"
)

TITLES = (
    re.compile(rf"{_ARTICLE}(?P<name>[^()]{{4,150}}?)\s*\((?P<acronym>{ACRONYM})\)"),
    re.compile(rf"(?P<name>(?:{_FRENCH}|{_ENGLISH}))\s+[-–—:|]\s+(?P<acronym>{ACRONYM})"),
    re.compile(rf"(?P<acronym>{ACRONYM})\s*[-–—:|]\s+(?P<name>(?:{_FRENCH}|{_ENGLISH}))"),
)
"""A name with its acronym, on a line of their own."""

# The nearest name before the acronym: no other body, with its article, stands between them.
_IN_PROSE = re.compile(
    rf"(?P<name>\b{KIND}s?\s(?:(?!(?:[Ll]['’]|[Ll]a |une )\s?{KIND})[^().,;:]){{4,120}}?"
    rf"|{_ENGLISH})\s*\((?P<acronym>{ACRONYM})\)"
)
STATED = (
    rf"(?:[«\"“]\s?[^«»\"“”]{{3,150}}?\s?[»\"”]|{_FRENCH}{_BOUND}|{_ENGLISH}|{ACRONYM}{_BOUND})"
)
"""A name within a sentence, in quotation marks or known by its kind; without groups."""


def names_in(sentence: str) -> list[tuple[str, str]]:
    """The names that a sentence gives with their acronyms in brackets, in its order.

    >>> names_in("En 1990 naît l'Union des communes du Togo (UCT).")
    [('Union des communes du Togo', 'UCT')]
    """
    if "(" not in sentence or len(sentence) > LONGEST_SENTENCE:
        return []
    return [(match["name"], match["acronym"]) for match in _IN_PROSE.finditer(sentence)]


def is_name(text: str) -> bool:
    """True where a text is the name of one association and nothing else, an acronym allowed.

    >>> is_name("Association des communes du Bénin (ACB)"), is_name("Kenya Council of Governors")
    (True, True)
    >>> is_name("Associations nationales"), is_name("L'association compte 40 communes.")
    (False, False)
    """
    name, _ = split_name(text)
    if name.isupper():
        name = re.sub(rf"\b(?:{_SMALL})\b", lambda word: word[0].lower(), name.title(), flags=re.I)
    whole = rf"{_ARTICLE}(?:{_FRENCH}|{_ENGLISH})"
    verb = r"\b(?:est|sont|a|ont|compte|regroupe|réunit|is|are|has|was|were|by|par)\b|[!?]"
    long = len(name) > 150 or len(name.split()) < 2
    return not long and bool(re.fullmatch(whole, name)) and not re.search(verb, name)


def split_name(text: str) -> tuple[str, str | None]:
    """The name and the acronym of a title.

    >>> split_name("Union des communes du Togo (UCT)")
    ('Union des communes du Togo', 'UCT')
    >>> split_name("AMM - Association des municipalités du Mali")
    ('Association des municipalités du Mali', 'AMM')
    """
    for form in TITLES:
        if match := form.fullmatch(text.strip()):
            return match["name"].strip(" -–:,"), match["acronym"]
    return text.strip(' -–:,«»"“”'), None


def begins_with_name(text: str) -> tuple[str, str | None, str] | None:
    """The name and acronym that a text opens with, and what follows; None where it does not.

    >>> begins_with_name("Union des villes modèles (UVM), fondée en 1990")
    ('Union des villes modèles', 'UVM', 'fondée en 1990')
    """
    opening = rf"(?P<name>(?:{_FRENCH}|{_ENGLISH}))(?:\s*\((?P<acronym>{ACRONYM})\))?"
    match = re.match(rf"{opening}\s*(?:[,;:]|\s[–—-]\s)\s*(?P<rest>\S.*)", text)
    return (match["name"], match["acronym"], match["rest"]) if match else None
