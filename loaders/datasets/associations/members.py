"""The number of members that an association states, what is counted, when, how precisely.

    subject verb adverb? (all)? (the)? hedge? NUMBER UNIT (, of which hedge? NUMBER UNIT)*
    its NUMBER members    |    an association of NUMBER UNIT    |    Members: NUMBER UNIT?

The verb stands right before the number: "réunit chaque année 300 maires" counts no members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from loaders.datasets.associations.dates import DATE, partial_date
from loaders.datasets.associations.founding import is_topic
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.numbers import NUMBER, read_number
from loaders.datasets.associations.subjects import Sentence, describes, is_ours
from loaders.model.records import Figure
from loaders.model.values import PartialDate, Ref, Text
from ontology import schemes
from ontology.namespaces import CONCEPT, ID

_HEDGES = {
    "almost": r"près de|presque|nearly|almost|close to",
    "at-least": r"plus de|plus d|au moins|more than|over|at least|upwards of",
    "about": r"environ|quelque|around|about|some|approximately|autour de",
}
_HEDGE = rf"(?P<hedge>{'|'.join(_HEDGES.values())})?\s*['’]?\s*"
_NOUN = (
    r"(?:communes?|municipalités?|maires|membres|adhérents|collectivités|villes|communautés|régions|cercles"
    r"|départements|districts|provinces|préfectures|élus|mairies|conseils|autorités|associations"
    r"|municipalit(?:y|ies)|members?|cit(?:y|ies)|towns?|villages|mayors|councils|counties|regions"
    r"|(?:local )?authorities|(?:local )?governments|boroughs|councillors|departments)"
)
_OF_KIND = (
    r"(?:\s+(?:rurales?|urbaines?|membres?|adhérentes?|affiliées?|territoriales?|locales?|locaux"
    r"|municipaux|communaux|régionaux|départementaux|d['’]arrondissement|de plein exercice"
    r"|à statut (?:particulier|spécial)|and towns|and cities|and municipalities|members))*"
)
_BEFORE_NOUN = (
    r"(?:(?:member|affiliated|national|rural|urban|local|regional|district|city|county|town)\s+)*"
)
_FOREIGN_UNIT = (
    r"(?!\w|\s+(?:fondat|d['’]honneur|honoraires|partenaires|partners|elected by|of the board))"
)
_UNIT = rf"(?P<unit>{_BEFORE_NOUN}{_NOUN}{_OF_KIND}){_FOREIGN_UNIT}"
_COUNT = rf"{_HEDGE}(?P<number>{NUMBER})\s+(?:des?\s+|d['’]|of (?:the|its)\s+)?{_UNIT}"
_PRESENT = (
    r"réuni(?:t|ssent)|regroupe(?:nt)?|rassemble(?:nt)?|fédère(?:nt)?|compte(?:nt)?|comptant"
    r"|comprend|représente(?:nt)?|réunissant|regroupant|rassemblant|fédérant|unit"
    r"|se compose d(?:e|es)"
    r"|(?:constitué|composé|formé)e?s? d(?:e|es)?|forte? d(?:e|es)?|has|boasts|a pour (?:membres"
    r"|adhérents)|brings? together"
    r"|bringing together|represents?|representing|comprises?|comprising|includes|unites|uniting"
    r"|gathers|gathering|groups|grouping|counts|serves as the voice of|made up of|composed of"
    r"|consists of|with a membership of"
)
_PAST = (
    r"comptait|comprenait|réunissait|regroupait|rassemblait|fédérait|had|comprised|represented"
    r"|brought together"
)
_ALL = (
    r"(?:\s*['’]?\s*(?:aujourd['’]hui|actuellement|à ce jour|désormais|alors|déjà|today|currently"
    r"|now"
    r"|already|then|officiellement|maintenant))?,?\s*"
    r"(?:(?:l['’]ensemble d(?:es|e)|toute?s|tous|all)\s+)?(?:of\s+)?(?:the\s+|les\s+|des\s+"
    r"|ses\s+)?"
)
_ALL_OF = (
    r"\s+a membership of\s+|"
    r"\s+(?:(?:toute?s|tous) les communes[^.;:,\d]{0,40},\s*soit\s+"
    r"|(?:les\s+)?(?:the\s+)?(?:autorités|maires|élus|exécutifs|mayors|governors|chairs"
    r"|presidents|heads)\s+(?:des|of the|of all)\s+)"
)
_VERB = re.compile(
    rf"(?<!\w)(?:(?P<past>{_PAST})|(?P<present>{_PRESENT}))(?:{_ALL_OF}|{_ALL}){_COUNT}", re.I
)
_FURTHER = re.compile(
    r"(?:\s*\([^()]*\))?\s*,?\s*(?:(?:dont|avec|et|and|including|of which|soit|with|ainsi que"
    r"|as well"
    r" as|parmi (?:ces dernières|ces derniers|elles|eux|lesquel\w+)|among them|the|les),?\s*){0,4}"
)
_PARTS = re.compile(r"\b(?:dont|avec|parmi|including|of which|with|among)\b", re.IGNORECASE)
_OURS = re.compile(rf"\b(?:ses|its|our|nos)\s+{_COUNT}", re.IGNORECASE)
_BODY_OF = re.compile(
    rf"(?P<body>\b(?:association|organi[sz]ation|union|network|réseau"
    rf"|f[ée]d[ée]ration)(?:\s\w+)?)\s"
    rf"(?:de|of|d['’])\s?{_COUNT}",
    re.IGNORECASE,
)
_AMOUNT_TO = re.compile(
    rf"\b(?:Sont membres|Members)[^.;:]*?(?:les|the) {_UNIT}[^.;:]*?"
    rf"\bau nombre d(?:e\s+|['’]){_HEDGE}(?P<number>{NUMBER})",
    re.IGNORECASE,
)
_MEMBERS = re.compile(r"\b(?:membres?|members?|adhérent\w*|affili\w+)\b", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:aujourd['’]hui|actuellement|à ce jour|à l['’]heure actuelle|today|currently|now)\b", re.I
)
_WHEN = re.compile(
    rf"(?:en|au|dès|à la date du|fin|in|as of|at the end of|by|as at)\s+(?P<date>{DATE})(?=\s*,"
    rf"|\s+(?:elle|il|it|l['’]|the|la|le)\b)",
    re.I,
)
_THEN = re.compile(
    rf"\s*(?:,?\s(?:en|in|au|as of|fin)\s+|\((?:en |in |as of |au )?)(?P<date>{DATE})", re.I
)


def member_figures(
    sentence: Sentence, naming: Naming, issued: PartialDate | None, language: str
) -> Iterator[tuple[Figure, str]]:
    """The numbers of members that a sentence states of the association, each with its words.

    "Today" is the day of the page, where it has one; what is told in the past without a date is
    not read. What a sentence counts after "dont" or "with" is a part of the whole: its measure is
    that of its own unit, where the scheme has one, so that members are not counted twice. Raises
    ValueError for a day that does not exist.
    """
    text = sentence.text
    match = _first(sentence, naming)
    if not match:
        return
    when = _WHEN.match(text)
    date = partial_date(when["date"], language) if when else issued if _NOW.search(text) else None
    past = bool(match.groupdict().get("past"))
    part = False
    counted = re.compile(_COUNT, re.IGNORECASE)
    while match:
        then = _THEN.match(text, match.end())
        dated = partial_date(then["date"], language) if then else date
        if dated or not past:
            words = text[match.start() : then.end() if then else match.end()]
            opening = when[0] if when else ""
            yield _figure(match, dated, part, language), f"{opening}\n{words}"
        gap = _FURTHER.match(text, then.end() if then else match.end())
        part = part or bool(gap and _PARTS.search(gap[0]))
        match = counted.match(text, gap.end()) if gap else None


def _first(sentence: Sentence, naming: Naming) -> re.Match[str] | None:
    """The first count of members in a sentence, where the association is what it counts of."""
    text = sentence.text
    for match in _VERB.finditer(text):
        finite = not re.match(r"\w+(?:ant|ing|d)\b|\w+é|fort", match[0])
        if is_ours(text[: match.start()], sentence, naming, finite=finite):
            return match
    for match in _OURS.finditer(text):
        before = text[: match.start()].strip()
        ours = sentence.topical and (not before or is_topic(before, naming))
        if ours and _MEMBERS.search(match["unit"]):
            return match
    for match in _BODY_OF.finditer(text):
        if sentence.topical and describes(text[: match.end("body")], naming):
            return match
    found = _AMOUNT_TO.search(text)
    return found if found and re.search(naming.body, text, re.IGNORECASE) else None


_VALUE = re.compile(
    rf"{_HEDGE}(?P<number>{NUMBER})(?:\s+(?:des?\s+|d['’])?{_UNIT})?"
    rf"(?P<rest>\s*(?:\((?:en |in |as of |au )?(?P<date>{DATE})\)|(?:en|in)\s(?P<year>{DATE}))?)",
    re.IGNORECASE,
)


def members_valued(label: str, value: str, language: str) -> Iterator[tuple[Figure, str]]:
    """The numbers that the value of a label such as `Members` states, each with its words.

    >>> [(int(f.value), f.unit.value) for f, _ in members_valued("Membres", "201 communes", "fr")]
    [(201, 'communes')]
    """
    text, place, part = value.strip(" ."), 0, False
    while match := _VALUE.match(text, place):
        stated = match["date"] or match["year"]
        whole = match.end() == len(text) or re.match(
            r"\s*[,;(]|\s+(?:et|and|dont)\b", text[match.end() :]
        )
        if not (match["unit"] or (whole and place == 0)) or (not match["unit"] and "," in text):
            return
        dated = partial_date(stated, language) if stated else None
        yield _figure(match, dated, part, language, label), match[0]
        gap = _FURTHER.match(text, match.end())
        part = part or bool(gap and _PARTS.search(gap[0]))
        place = gap.end() if gap else len(text)


def members_counted(text: str, *, members: bool, language: str) -> Iterator[tuple[Figure, str]]:
    """The number that a text is, and nothing else: "201 communes membres".

    `members`: the unit itself has to say that members are counted.
    """
    form = rf"(?:(?:(?:en|in) )?(?P<date>{DATE})\s*[:–—-]\s*)?{_COUNT}\s*[.;,]?"
    match = re.fullmatch(form, text, re.IGNORECASE)
    if match and (_MEMBERS.search(match["unit"]) or not members):
        dated = partial_date(match["date"], language) if match["date"] else None
        yield _figure(match, dated, False, language), match[0]


def _figure(
    match: re.Match[str], date: PartialDate | None, part: bool, language: str, label: str = ""
) -> Figure:
    value, about = read_number(match["number"])
    hedge = (match["hedge"] or "").lower()
    said = next((name for name, words in _HEDGES.items() if re.fullmatch(words, hedge)), "exact")
    unit = match["unit"] or re.sub(r"(?i)^(?:nombre (?:de |d['’])|number of )", "", label).lower()
    own = schemes.concept("measure", unit) if part else None
    return Figure(
        measure=Ref(str(own or CONCEPT["measure/members"]).removeprefix(ID)),
        value=Decimal(value),
        precision=Ref(f"concept/precision/{'about' if about else said}"),
        unit=Text(unit, language) if unit else None,
        date=date,
    )
