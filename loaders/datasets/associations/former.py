"""The names that an association had, and when it changed them.

founded under the name of OLD    formerly OLD    known as OLD until DATE
(became | renamed | took the name of) NEW (in DATE)?    in DATE it became NEW
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from loaders.datasets.associations.dates import DATE, partial_date
from loaders.datasets.associations.names import KIND, KIND_IN_ENGLISH, STATED, is_name, split_name
from loaders.datasets.associations.naming import Naming
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.datasets.associations.subjects import Sentence, sentences
from loaders.model.iris import slug
from loaders.model.records import DatedName
from loaders.model.values import PartialDate, Text

_ARTICLE = r"(?:l['’]\s?|la |le |les |the )?"
_OLD = re.compile(
    r"(?:sous le nom d(?:e |u |['’]\s?)|sous l['’](?:appellation|intitulé) (?:de |d['’])?"
    r"|(?:initialement |d['’]abord |alors )?(?:dénommée?|appelée?|nommée?) "
    r"|anciennement(?: appelée?)? "
    r"|connue? sous le nom d(?:e |['’]\s?)|under the name(?: of)? |formerly (?:known as |called )?"
    r"|(?:originally|initially|previously|first) (?:named |called |known as )?|known as )"
    rf"(?-i:{_ARTICLE}(?P<old>{STATED}))(?:\s*\([^()]*\))?"
    rf"(?:,?\s(?:jusqu['’]en|jusqu['’]au|until)\s(?P<until>{DATE}))?",
    re.IGNORECASE,
)
_AND = re.compile(
    rf"(?:\s*\([^()]*\))?(?:,|\s(?:and|et))\s{_ARTICLE}"
    rf"(?=(?:\S+\s){{0,6}}{KIND_IN_ENGLISH}|{KIND})(?P<old>{STATED})(?:\s*\([^()]*\))?"
)
_NEW = re.compile(
    rf"(?:\b(?:en|in|le|on)\s(?P<first>{DATE}),?\s(?:(?:elle|il|it|l['’]association"
    rf"|the association)\s)?"
    r"(?:(?:a été|fut|est|was|has been|then)\s)?)?"
    r"(?:devenue?s?|devient|devint|rebaptisée?|renommée?|(?:a pris|prend|prit"
    r"|prenant) le nom d(?:e |['’]\s?)"
    r"|chang(?:e|é) (?:son|de) nom (?:pour|en) |renamed(?: as)?|became|has become|rebranded(?: as)?"
    r"|changed its name to|took (?:on )?(?:the|its present) name(?: of)?|now (?:called|known as))"
    rf"(?:,?\s(?:en|in|le|on)\s(?P<mid>{DATE}),?)?\s?"
    rf"(?-i:{_ARTICLE}(?P<new>{STATED}))(?:\s*\([^()]*\))?"
    rf"(?:,?\s(?:en|in|le|on|depuis|since)\s(?P<last>{DATE}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Renaming:
    """One name that a sentence says was borne before, or from then on."""

    name: str
    acronym: str | None
    present: bool
    date: PartialDate | None
    words: str


def renamings(sentence: Sentence, language: str) -> list[Renaming]:
    """The changes of name that a sentence tells of, in its order.

    Raises ValueError for a day that does not exist.
    """
    found = []
    for form, group in ((_OLD, "old"), (_NEW, "new")):
        for match in form.finditer(sentence.text):
            dates = [
                match[each]
                for each in ("until", "first", "mid", "last")
                if each in match.re.groupindex and match[each]
            ]
            after = re.match(r"\s*\(([^()\s]+)\)", sentence.text[match.end(group) :])
            name = match[group].strip(' «»"“”')
            quoted = match[group][:1] in '«"“'
            if quoted or is_name(name) or re.fullmatch(r"[A-Z][\w-]+", name):
                found.append(
                    Renaming(
                        name,
                        after[1] if after else None,
                        group == "new",
                        partial_date(dates[0], language) if dates else None,
                        match[0],
                    )
                )
            if group == "old":
                found += _others(sentence.text, match.end())
    return found


def _others(text: str, place: int) -> Iterator[Renaming]:
    """The further names of "formerly OLD (…) and OLD"."""
    while match := _AND.match(text, place):
        name = match["old"].strip(' «»"“”')
        yield Renaming(name, None, False, None, match[0].strip())
        place = match.end()


@dataclass(frozen=True)
class Names:
    """The present name of an association and the ones that it had; the words that say so."""

    naming: Naming
    present: DatedName | None = None
    former: tuple[DatedName, ...] = ()
    read: tuple[tuple[PageLine, str], ...] = ()


def names_through_time(page: AssociationPage, naming: Naming, stated: list[str]) -> Names:
    """The present name, where a page says that it changed, and the former ones with their ends.

    `stated` are former names that a label gives. A title that the page calls a former name gives
    way to the name that follows it; a change between two other names is left unread.
    """
    told: list[Renaming] = []
    read: list[tuple[PageLine, str]] = []
    told_in = [line for line in page.open_lines() if not (line.entry or line.cells)]
    for sentence in sentences(told_in, naming):
        try:
            found = renamings(sentence, page.language)
        except ValueError:
            continue
        if found and (sentence.topical or any(_is(each, naming) for each in found)):
            told += found
            read += [(sentence.line, each.words) for each in found]
    old = [each for each in told if not each.present]
    new = sorted(
        (each for each in told if each.present),
        key=lambda each: each.date.lexical if each.date else "9",
    )
    chain = [*[each for each in old if not any(slug(o.name) == slug(each.name) for o in new)], *new]
    here = next((i for i, each in enumerate(chain) if _is(each, naming)), None)
    if new and here is not None and chain[-1] is not chain[here]:
        last = chain[-1]
        naming = Naming(last.name, last.acronym or _acronym(last.name), naming.title)
    elif new and here is None and old:
        return Names(naming, None, _former(stated, [], page.language), ())
    elif new and here is None:
        chain = [Renaming(naming.name, naming.acronym, False, None, ""), *new]
        last = new[-1]
        naming = Naming(last.name, last.acronym, naming.title)
    others = tuple(each.name for each in chain if not _is(each, naming))
    naming = replace(naming, aliases=(*naming.aliases, *others))
    ends: list[Renaming | None] = [*chain[1:], None][: len(chain)]
    former = [
        DatedName(
            form=Text(each.name, page.language),
            start=each.date if each.present else None,
            end=(after.date if after and after.present else None)
            or (None if each.present else each.date),
        )
        for each, after in zip(chain, ends, strict=True)
        if not _is(each, naming)
    ]
    start = next((each.date for each in new if _is(each, naming) and each.date), None)
    present = DatedName(form=Text(naming.name, page.language), start=start) if start else None
    return Names(naming, present, _former(stated, former, page.language), tuple(read))


def _former(stated: list[str], told: list[DatedName], language: str) -> tuple[DatedName, ...]:
    known = {slug(each.form.value) for each in told}
    for name in stated:
        until = re.search(rf"\s*\((?:jusqu['’]en|until|\d{{4}}\s?[–-])\s?(?P<date>{DATE})\)$", name)
        bare, _ = split_name(name[: until.start()] if until else name)
        if slug(bare) not in known:
            end = partial_date(until["date"], language) if until else None
            told.append(DatedName(form=Text(bare, language), end=end))
    return tuple(told)


def _is(renaming: Renaming, naming: Naming) -> bool:
    names = {slug(naming.name), slug(naming.acronym or naming.name)}
    return slug(renaming.name) in names or (
        renaming.acronym is not None and slug(renaming.acronym) in names
    )


def _acronym(name: str) -> str | None:
    return name if re.fullmatch(r"[A-Z]{2,10}", name) else None
