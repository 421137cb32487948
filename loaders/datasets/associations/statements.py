"""The purpose, law, seat and objectives of an association, as its page states them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.datasets.associations.dates import DATE
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.datasets.associations.subjects import Sentence, is_ours

_PURPOSE = re.compile(
    r"\ba (?:pour|comme) (?:but|objet|mission|vocation|objectif)(?: principale?)? d(?:e\s+|['’])"
    r"(?P<purpose>[^:]{10,}?)\s*[.;]?$"
)
_LAWS = (
    re.compile(
        r"\brégie? (?:par|sous)(?: les dispositions (?:d[eu]s?\s+(?:la\s+|l['’])?))?\s*"
        r"(?:l[ea]s?\s+|l['’]\s*)?(?P<law>[^.;,]{4,200}?)(?=\s*(?:[.;,]|$))"
    ),
    re.compile(
        r"\b(?:governed by|registered under|constituted under|established under)\s(?:the\s)?"
        r"(?P<law>(?=[^.;,]*\b(?:acts?|laws?|code|decree|ordinance|statutes?|charter"
        r"|constitution)\b)"
        r"[^.;,]{4,200}?)(?=\s*(?:[.;,]|$))",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<law>association (?:régie par |de |sous |dite )?(?:la )?loi (?:de |du )?"
        rf"(?:{DATE}))",
        re.IGNORECASE,
    ),
)
_PLACE = (
    r"(?-i:(?P<place>[A-ZÀ-Ý][\w'’-]+"
    r"(?:[ -](?:de |du |des |la |le |les |of "
    r"|the )?[A-ZÀ-Ý][\w'’-]+){0,3}"
    r"(?:,\s(?:au |en |aux |in )?[A-ZÀ-Ý][\w'’-]+(?:[ -][A-ZÀ-Ý][\w'’-]+){0,2}(?=\s*[.;,]|$))?))"
)
_SEATS = (
    re.compile(
        r"\b(?:son|its|our|notre) (?:si[èe]ge(?: social)?|secr[ée]tariat|headquarters|head office"
        r"|seat)"
        r"\s(?:est|se trouve|is|are)(?: (?:situé|établi|fixé|basé|located|based|situated))?"
        rf"\s(?:à|au|in|at)\s(?:the City of |la ville de )?{_PLACE}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:basée?|headquartered|based|(?:dont le si[èe]ge|a son si[èe]ge"
        r"|has its (?:headquarters|seat"
        rf"|head office))(?: est)?)\s(?:à|in|at)\s{_PLACE}",
        re.IGNORECASE,
    ),
)
_AIMS = r"(?:objectifs?|missions?|buts?|attributions|objectives?|aims?|goals?|purposes?)"
_OBJECTIVES_HEADING = re.compile(
    r"(?:(?:les|ses|nos|our|its|the)\s+)?(?:main\s+|strategic\s+|key\s+)?"
    rf"(?:principa(?:l|le|ux"
    rf"|les)\s+)?{_AIMS}(?:\s*(?:,|/|et|and)\s*(?:ses\s+)?{_AIMS})*"
    r"(?:\s+(?:principa\w+|spécifiques|généra\w+|de\s+l['’]\w+|of\s+the\s+\w+))*\s*:?",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(rf"\b{_AIMS}\b[^.:]*:\s*$|\ba (?:pour|comme) {_AIMS}[^.:]*:\s*$", re.I)
_INLINE = re.compile(rf"\b{_AIMS}\b[^.:;]*:\s*(?P<list>[^:]+;[^:]+)$", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:actions?|activités|réalisations|projets|activities|projects|achievements)\b",
    re.IGNORECASE,
)


def purpose(sentence: Sentence, naming: Naming) -> str | None:
    """The purpose that a sentence gives in one piece: what follows "a pour but de"."""
    match = _PURPOSE.search(sentence.text)
    ours = match and is_ours(sentence.text[: match.start()], sentence, naming, finite=True)
    return match["purpose"] if match and ours else None


def legal_basis(text: str) -> tuple[str, str] | None:
    """The law that a sentence says the association is under, and the words that say so.

    >>> legal_basis("Elle est régie par la loi de 1901.")
    ('loi de 1901', 'régie par la loi de 1901')
    """
    found = (law.search(text) for law in _LAWS)
    return next(((match["law"], match[0]) for match in found if match), None)


_FORM = re.compile(
    r"\bassociation (?:à but non lucratif|sans but lucratif|reconnue d['’]utilité publique)|"
    r"\b(?:non-profit|not-for-profit) (?:association|organi[sz]ation)",
    re.IGNORECASE,
)


def legal_form(text: str) -> str | None:
    """The form in which a sentence says that the association exists in law.

    >>> legal_form("L'AMS est une association à but non lucratif.")
    'association à but non lucratif'
    """
    match = _FORM.search(text)
    return match[0] if match else None


def seat(sentence: Sentence, naming: Naming) -> tuple[str, str] | None:
    """The place where a sentence says that the association sits, and the words that say so."""
    for form in _SEATS:
        for match in form.finditer(sentence.text):
            before = sentence.text[: match.start()]
            own = bool(re.match(r"(?:son|its|our|notre)\b", match[0], re.IGNORECASE))
            if (own and sentence.topical) or is_ours(before, sentence, naming):
                return match["place"], match[0]
    return None


def objectives_after(page: AssociationPage, line: PageLine) -> Iterator[tuple[PageLine, str]]:
    """The objectives that a heading or a sentence announces, each with the line it stands on."""
    if (match := _INLINE.search(line.text)) and not _DONE.search(line.text[: match.start("list")]):
        yield from ((line, _trimmed(each)) for each in match["list"].split(";") if each.strip())
        return
    heading = _OBJECTIVES_HEADING.fullmatch(line.text)
    last = line.sentences[-1] if line.sentences else ""
    if not heading and not (_ANNOUNCED.search(last) and not _DONE.search(last)):
        return
    in_list, open_ended = False, True
    for following in page.after(line):
        # Where the bullets are lost, semicolons hold the list together.
        loose = not in_list and open_ended and not following.heading
        if not following.item and not (loose and re.search(r"[;,.]$", following.text)):
            return
        in_list = in_list or following.item
        open_ended = following.text.endswith((";", ","))
        yield following, _trimmed(following.text)


def announces_objectives(line: PageLine) -> bool:
    """True where a heading or a sentence announces objectives and nothing more."""
    return bool(_OBJECTIVES_HEADING.fullmatch(line.text) or _ANNOUNCED.search(line.text))


def _trimmed(text: str) -> str:
    return re.sub(r"\s*[;,.]+(?:\s+et)?$", "", text.strip())
