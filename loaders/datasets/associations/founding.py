"""The date of the founding of an association, as a sentence says it.

    subject? auxiliary? participle (by …|in place …)? preposition DATE
    since its creation in DATE

A year of recognition, of elections or of a first congress is none.
"""

from __future__ import annotations

import re

from loaders.datasets.associations.dates import DATE, partial_date
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.subjects import Sentence, is_ours
from loaders.model.values import PartialDate

_FOUNDED = (
    r"(?:cr[ée]{2}e?|fondée?|née?|constituée?|instituée?|établie?|lancée?|vu le jour"
    r"|mise? (?:en place|sur pied)|created|founded|established|set up|formed|constituted|launched"
    r"|born|came into (?:being|existence)|dates back)"
)
_PART = r"(?:début|fin|mi-|early|late|mid-?|the (?:beginning|end) of)?\s*"
_AT = (
    r"(?:\s+(?:en|le|l['’]an|depuis|du|au mois d[e'’]|courant|dès|in|on|since|to|in the year"
    rf"|as early as))+\s+{_PART}"
)
_OTHER_EVENT = (
    r"\b(?:élue?s?|elected|adopt\w+|vot[ée]\w*|signée?s?|signed|reconnu\w*|recogni\w+|suite"
    r"|élections?|elections?|loi|law|following)\b"
)
_AMID = (
    r"(?:\s+(?:à|au|par|lors|sous|by|at|in|under|during|as|from|with)\s"
    r"[^.;:,\d]{2,90}?(?:n°\s?\d[\d/-]*)?)"
)
_FOUNDING = re.compile(
    rf"\b{_FOUNDED}(?:,?\s+(?:officiellement|juridiquement|officially|formally))?"
    rf"(?:(?P<amid>{_AMID})?{_AT}"
    r"|\s+(?:à|au|par|lors|at)\s[^.;:,\d]{0,60}?(?:assemblée|congrès)"
    r"(?:\s(?:générale|nationale|constitutive?|fondat(?:eur|rice)))*\s+(?:de\s+|d['’]\s?))"
    rf"(?P<date>{DATE})",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"(?:depuis|dès|since|upon)\s+(?:sa|its|our|notre)\s+(?:création|fondation|naissance|creation"
    r"|foundation|founding|establishment|inception|formation),?"
    rf"\s+(?:en|le|in|on)\s+{_PART}(?P<date>{DATE})",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    rf"(?:en\s|le\s|in\s|on\s|since\s|depuis\s)?(?P<date>{DATE})"
    r"(?:\s*[,;(].*|\s+(?:à|in|at)\s[A-ZÀ-Ý].*)?",
    re.IGNORECASE,
)
_SUBJECT_AFTER = re.compile(r",\s+(?=(?:l[ea]s?\s|l['’]|the\s|une?\s|an?\s))", re.IGNORECASE)


def founding(sentence: Sentence, naming: Naming, language: str) -> tuple[PartialDate, str] | None:
    """The founding date that a sentence states, and the words that say so.

    Raises ValueError for a day that does not exist.
    """
    text = sentence.text
    for match in _FOUNDING.finditer(text):
        amid = re.search(_OTHER_EVENT, match["amid"] or "", re.IGNORECASE)
        law = re.match(r"\s+(?:par|by)\s(?:l['’]\s?|une\s)?ordonnance", match["amid"] or "")
        if (not amid or law) and _passive(text[: match.start()], match[0]):
            before = text[: match.start()]
            if is_ours(before, sentence, naming) and _is_of_ours(text, match.end(), before, naming):
                return partial_date(match["date"], language), match[0]
    since = _SINCE.search(text)
    if since and (not text[: since.start()].strip() or is_topic(text, naming)) and sentence.topical:
        return partial_date(since["date"], language), since[0]
    return None


def founded_on(value: str, language: str) -> PartialDate | None:
    """The date that the value of a label states; None where it is more than a date and a place.

    >>> founded_on("le 5 mai 1992 (à Rabat)", "fr"), founded_on("années 1990", "fr")
    (PartialDate(lexical='1992-05-05'), None)
    """
    match = _FRAGMENT.fullmatch(value.strip(" ."))
    return partial_date(match["date"], language) if match else None


def is_topic(text: str, naming: Naming) -> bool:
    """True where a sentence begins with the association or a pronoun for it."""
    opening = rf"(?:{naming.body}|elle\b|il\b|it\b|we\b|nous\b)"
    return bool(re.match(opening, text, re.IGNORECASE))


def _passive(before: str, found: str) -> bool:
    """True where a participle is no active verb: "l'ACM a créé en 1998 un fonds"."""
    if re.match(r"vu le jour", found, re.IGNORECASE):
        return bool(re.search(r"\ba\s*$", before))
    active = re.search(r"(?<!\w)(?:a|ont|avait|has|had|have)\s*$", before, re.IGNORECASE)
    intransitive = re.match(r"(?:came|dates)", found, re.IGNORECASE)
    bare = re.match(r"(?:created|founded|established|set up|formed|launched)", found, re.IGNORECASE)
    # An English participle right after its noun may be active: "founded in 1998 a school".
    attached = bare and re.search(r"\w\s*$", before)
    aux = re.search(r"\b(?:was|is|were|been|and|officially|formally|first)\s*$", before, re.I)
    described = re.search(r"\b(?:is|was)\s(?:an?|the)\b", before)
    return not active and (bool(intransitive) or not attached or bool(aux) or bool(described))


def _is_of_ours(text: str, end: int, before: str, naming: Naming) -> bool:
    """True where a sentence that opens with its participle goes on about the association."""
    if re.search(r"\w", before):
        return True
    following = _SUBJECT_AFTER.search(text, end)
    return not following or bool(re.match(naming.body, text[following.end() :], re.IGNORECASE))


def founding_alone(text: str, naming: Naming, language: str) -> PartialDate | None:
    """The date of a text that tells of the founding and nothing else: an item, a chronicle's line.

    >>> founding_alone("Fondée en 1992 à Lomé", Naming("ACM"), "fr")
    PartialDate(lexical='1992')
    >>> founding_alone("1992 : création de l'ACM", Naming("ACM"), "fr")
    PartialDate(lexical='1992')
    """
    of_it = rf"(?:\s(?:de |of |d['’])?(?:{naming.body}))?"
    event = r"(?:création|fondation|naissance|foundation|founding|creation|establishment)"
    forms = (
        rf"{_FOUNDED}{_AT}(?P<date>{DATE})(?:\s(?:à|in|at)\s[A-ZÀ-Ý][\w\s'’-]*)?",
        rf"(?P<date>{DATE})\s*[:–—-]\s*{event}{of_it}",
    )
    found = (re.fullmatch(form, text, re.IGNORECASE) for form in forms)
    return next((partial_date(match["date"], language) for match in found if match), None)
