"""What the sentences of a page say of an association: founding, purpose, law, objectives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.datasets.associations.dates import DATE, partial_date
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.page import Line, Page
from loaders.model.values import PartialDate

_FOUNDED = r"(?:créée?s?|fondée?s?|née?s?|constituée?s?|instituée?s?|mise? (?:en place|sur pied))"
_GAP = (
    r"(?:,?\s+(?:officiellement|juridiquement))?"
    r"(?:(?:\s+(?:à|au|par|lors|sous)\s[^.;:,\d]{2,80}?(?:n°\s?\d[\d/-]*)?)?"
    r"(?:\s+(?:en|le|depuis|du|au mois d[e'’]|courant|dès|l['’]an))+\s+"
    r"|\s+(?:à|au|par|lors)\s[^.;:,\d]{0,60}?(?:assemblée|congrès)"
    r"(?:\s(?:générale|nationale|constitutive?|fondat(?:eur|rice)))*\s+(?:de\s+|d['’]\s?))"
)
_OPENING = r"(?:[^.;:,\d]{3,80},\s+)"
_LABEL = rf"(?:(?:date|année) de )?(?:création|fondation)\s*:?\s*(?:en |le )?(?P<date>{DATE})(?!\w)"
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
        r"\b(?P<law>association (?:régie par |de |sous |dite )?(?:la )?loi (?:de |du )?"
        rf"(?:{DATE}))",
        re.IGNORECASE,
    ),
)
_AIMS = r"(?:objectifs?|missions?|buts?|attributions)"
_OBJECTIVES_HEADING = re.compile(
    rf"(?:(?:les|ses|nos)\s+)?(?:principa(?:l|le|ux|les)\s+)?{_AIMS}(?:\s*(?:,|/|et)\s*(?:ses\s+)?{_AIMS})*"
    r"(?:\s+(?:principa\w+|spécifiques|généra\w+|de\s+l['’]\w+))*\s*:?",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(rf"\b{_AIMS}\b[^.:]*:\s*$|\ba (?:pour|comme) {_AIMS}[^.:]*:\s*$", re.I)
_INLINE = re.compile(rf"\b{_AIMS}\b[^.:;]*:\s*(?P<list>[^:]+;[^:]+)$", re.IGNORECASE)
_DONE = re.compile(r"\b(?:actions?|activités|réalisations|projets)\b", re.IGNORECASE)


def founding_date(line: Line, naming: Naming) -> PartialDate | None:
    """When a line says that the association was founded, as precisely as it says.

    The participle opens a sentence or follows the association's name or pronoun; a year of
    recognition, of elections or of a first congress is none.
    """
    if match := re.match(_LABEL, line.text, re.IGNORECASE):
        return partial_date(match["date"])
    subject = rf"(?:{naming.subject}\s*,?\s+)"
    told = re.compile(
        rf"(?:{subject}?(?:(?:a été|est|fut|était|qui a été)\s+)?{_FOUNDED}{_GAP}"
        rf"|{_OPENING}{subject}(?:a été|est|fut)\s+{_FOUNDED}{_GAP}"
        rf"|(?:(?:{_OPENING}?{subject})?(?:a )?vu le jour{_GAP})"
        r"|[Dd](?:epuis|ès) sa création,?\s+(?:en|le)\s+)"
        rf"(?P<date>{DATE})",
        re.IGNORECASE,
    )
    for sentence in line.sentences:
        if match := told.match(sentence):
            return partial_date(match["date"])
    return None


def purpose(line: Line) -> str | None:
    """The purpose that a sentence gives in one piece: what follows "a pour but de"."""
    found = (_PURPOSE.search(sentence) for sentence in line.sentences)
    return next((match["purpose"] for match in found if match), None)


def legal_basis(line: Line) -> str | None:
    """The law that a line says the association is under, by the name that it gives it."""
    found = (law.search(sentence) for sentence in line.sentences for law in _LAWS)
    return next((match["law"] for match in found if match), None)


def objectives_after(page: Page, line: Line) -> Iterator[tuple[Line, str]]:
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


def announces_objectives(line: Line) -> bool:
    """Whether a heading or a sentence announces objectives and nothing more."""
    return bool(_OBJECTIVES_HEADING.fullmatch(line.text) or _ANNOUNCED.search(line.text))


def _trimmed(text: str) -> str:
    return re.sub(r"\s*[;,.]+(?:\s+et)?$", "", text.strip())
