"""Whose a statement is: whether the words before a verb make the association its subject.

    (opener ,)? subject (, apposition ,)? (…, and)? auxiliary? | verb

The subject is the association's name, acronym or kind with its article, or a pronoun where the
sentence before was about the association. What these forms do not reach is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from loaders.datasets.associations.names import LONGEST_SENTENCE
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.page import PageLine

PARTICIPLE = (
    r"(?:(?:re)?(?:cr[ée]{2}e?|fondée?|née?|constituée?|instituée?|établie?|lancée?|basée?)"
    r"|mise? (?:en place|sur pied)|created|founded|established|set up|formed|launched|born|based"
    r"|headquartered)"
)
_AUXILIARY = (
    r"(?:\s+(?:a été|est|fut|était|qui a été|qui est|was|is|has been|had been|which was|which is"
    r"|that was|were|are|have been|a|qui|which|that|officially|currently|now|today|formally"
    r"|officiellement|juridiquement|actuellement|aujourd['’]hui|désormais|also|also has))*"
)
_PRONOUN = r"(?:elle|il|it|we|nous)(?!\w)"
_OPENER = (
    r"(?:(?:en|in|au|as of)\s+(?:\w+\s)?[12]\d{3}\s+)?"
    rf"(?:(?:{PARTICIPLE}|\w{{3,}}(?:ée?|ed)|issue?|en|depuis|dès|à|au|aux|après|avec|par|pour|lors|in|on|since|as|at"
    r"|after|with|by|from|for|aujourd['’]hui|today|currently|actuellement|avant|before|fort|forte"
    r"|formerly|anciennement|originally|initialement|autrefois)"
    r"(?!\w)[^;:]{0,160}?,\s*(?:et\s[^,;:]{3,60},\s*|and\s[^,;:]{3,60},\s*)?)?"
)
_FOREIGN = r"\b(?:membre|member|partenaire|partner|affili\w+|filiale|branche?|section|soutien)\b"
_BODIES = re.compile(
    r"\b(?:association|union|f[ée]d[ée]ration|organi[sz]ation|r[ée]seau|network|alliance|ligue"
    r"|league|body|organisme|structure|plateforme|platform|forum|institution|organe|fa[iî]ti[èe]re"
    r"|umbrella|ong|ngo|entity|voice|porte-parole)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a line; `topical`: a pronoun in it may stand for the association."""

    line: PageLine
    text: str
    topical: bool


@lru_cache(maxsize=64)
def _forms(body: str) -> dict[str, re.Pattern[str]]:
    subject = rf"(?:{body}|{_PRONOUN})"
    forms = {
        "direct": rf"{_OPENER}{subject}(?:\s*,)?{_AUXILIARY}\s*",
        "told": rf"{_OPENER}{subject}(?P<rest>.*)",
        "named": rf"(?:[^;:]*?[\s,(])?{body}",
        "begins": rf"{_OPENER}{body}",
        "goes on": rf"{_OPENER}{_PRONOUN}",
    }
    return {name: re.compile(form, re.IGNORECASE) for name, form in forms.items()}


def sentences(lines: list[PageLine], naming: Naming) -> Iterator[Sentence]:
    """The sentences of lines of text, parted at semicolons; a heading makes the topic ours again.

    A sentence that begins with another subject makes the pronouns after it the other's.
    """
    ours = True
    for line in lines:
        forms = _forms(naming.body)
        if line.heading or not line.text:
            ours = True
        for sentence in line.sentences:
            for text in re.split(r"\s*;\s+", sentence):
                if len(text) > LONGEST_SENTENCE:
                    continue
                if forms["begins"].match(text) or re.match(rf"{PARTICIPLE}\b", text, re.I):
                    ours = True
                elif not (forms["goes on"].match(text) or _possessive(text)):
                    other = re.match(
                        r"(?:l[ea]s?|l['’]|un|une|the|an?|ce|cette|this)\b", text, re.I
                    )
                    ours = ours and not other and not re.match(r"[A-ZÀ-Ý]{2,}", text)
                yield Sentence(line, text, ours)


def is_ours(before: str, sentence: Sentence, naming: Naming, *, finite: bool = False) -> bool:
    """True where the words before a verb make the association its subject.

    `finite`: the verb is not a participle, so that it goes on with the first subject of the
    sentence after "and", whatever stands between.
    """
    forms = _forms(naming.body)
    if not before.strip():
        return sentence.topical
    if not sentence.topical and not forms["begins"].match(before):
        return False
    if forms["direct"].fullmatch(before):
        return True
    if re.fullmatch(rf"{_OPENER}{_AUXILIARY}\s*", before, re.I) and "," in before:
        return sentence.topical
    told = forms["told"].fullmatch(before)
    if not told:
        return False
    rest = told["rest"]
    if re.match(r"\s*['’]s\b", rest):
        return False  # the association's board, not the association
    apposition = (
        rf"\s*,\s*(?:{PARTICIPLE}|qui|which|dont|whose|ou|or)\b[^;:]{{0,160}},{_AUXILIARY}\s*"
    )
    if re.fullmatch(apposition, rest, re.IGNORECASE):
        return True
    joined = re.fullmatch(
        rf"[^;:]*[\s,](?:et|and)(?:\s{_PRONOUN})?(?P<aux>{_AUXILIARY})\s*", rest, re.I
    )
    if joined and (finite or joined["aux"].strip()):
        return True
    return _is_described(rest)


def describes(text: str, naming: Naming) -> bool:
    """True where words are "the association is an association", with no other body in them."""
    told = _forms(naming.body)["told"].fullmatch(text)
    return told is not None and _is_described(told["rest"])


def _is_described(rest: str) -> bool:
    copula = r"\s+(?:est|is|constitue|forme|était|was)\s+(?:une?|la|le|l['’]|an?|the|that)\b"
    described = re.match(copula, rest, re.IGNORECASE)
    if not described or re.search(_FOREIGN, rest, re.IGNORECASE) or re.search(r"[;:]", rest):
        return False
    return len(_BODIES.findall(rest)) == 1


def _possessive(text: str) -> bool:
    return bool(re.match(r"(?:s[aeo]n?s?|nos|notre|its|our)\b", text, re.IGNORECASE))
