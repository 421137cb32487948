"""The parts of a page that each speak of one association: one, or as many as a directory lists.

A part begins at a title of another association (a heading, a line of its own, a row, an item of a
list) and holds the lines up to the next one. What stands between the entries of a list and is of
none of them is of the association that the page is about, where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from loaders.datasets.associations.fields import field_of, labelled
from loaders.datasets.associations.labels import is_prose, labelled_values, opens_block
from loaders.datasets.associations.names import (
    KIND,
    KIND_IN_ENGLISH,
    begins_with_name,
    is_name,
    split_name,
)
from loaders.datasets.associations.naming import (
    Naming,
    acronym_of,
    labelled_name,
    mark_titles,
    name_association,
    titled,
)
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.datasets.associations.territories import country_named
from loaders.model.iris import slug
from loaders.model.values import Ref
from loaders.sources.issue_log import IssueLog


@dataclass
class PageSection:
    """The part of a page about one association; without a naming, what names none.

    `listed`: it is an entry of a list of several, so that what it counts needs no subject; `says`:
    it says what a profile says, though it names nobody.
    """

    page: AssociationPage
    naming: Naming | None
    listed: bool = False
    country: Ref | None = None
    says: bool = False


@dataclass
class _Part:
    naming: Naming
    lines: list[PageLine]
    level: int
    listed: bool = False
    country: Ref | None = None


def sections(page: AssociationPage, issues: IssueLog) -> list[PageSection]:
    """The parts of a page, in its order: one for each association, or one that names none."""
    page.lines = list(_items_parted(page.lines))
    starts = {line.place: naming for line, naming in _starts(page)}
    names = {slug(naming.name) for naming in starts.values()}
    if len(names) < 2 and not any(line.entry for line in page.lines):
        return [PageSection(page, name_association(page, issues))]
    parts: dict[str, _Part] = {}
    current: _Part | None = None
    country: Ref | None = None
    host: _Part | None = None  # the part in which the list of entries stands
    listed = False
    for line in page.open_lines():
        if naming := starts.get(line.place):
            known = parts.get(slug(naming.name))
            if known is None:
                known = _Part(naming, [], line.heading, line.entry, country)
                parts[slug(naming.name)] = known
            if not (line.entry or line.item):
                host = known
            current, listed = known, line.entry or line.item
            known.lines.append(line)
        elif (
            (here := country_named(line.text))
            and (line.heading or len(line.text) < 40)
            and not listed
        ):
            country, current, host = here, None, None
            page.mark(line, "taken")
        elif current is None or _ends(line, current, listed, several=len(parts) > 1):
            current, listed = (host if listed else None), False
            if current is not None:
                current.lines.append(line)
        else:
            current.lines.append(line)
    found = []
    for part in parts.values():
        of_part = page.part(part.lines)
        mark_titles(of_part, part.naming)
        found.append(PageSection(of_part, part.naming, len(parts) > 1, part.country))
    return found


def _starts(page: AssociationPage) -> Iterator[tuple[PageLine, Naming]]:
    """The lines that are the title of an association, each with what it names."""
    first: Naming | None = None
    for index, line in enumerate(page.lines):
        if line.place in page.fates or len(line.text) > 160:
            continue
        name, acronym = split_name(line.text)
        naming = Naming(name, acronym, line)
        named = labelled_name(line)
        if line.entry or named:
            first = first or named
            yield line, named or naming
            continue
        following = page.lines[index + 1 : index + 4]
        if line.item and not (
            acronym and following and not following[0].item and _is_fact(following[0])
        ):
            continue
        kind = re.search(rf"\b(?:{KIND}|Communes et Villes)s?\b|\b{KIND_IN_ENGLISH}\b", name)
        evident = bool(titled(line)) and (is_name(line.text) or bool(kind) or first is None)
        alone = is_name(line.text) and (
            bool(line.heading) or (line.apart and any(map(_is_fact, following[:1])))
        )
        if not (evident or (alone and "." not in name)):
            continue
        if first and slug(name).startswith(slug(first.name)) and slug(name) != slug(first.name):
            continue  # its name with the street below it
        if not acronym:
            naming = replace(
                naming, acronym=acronym_of(page.part(page.lines[index : index + 3]), name)
            )
        first = first or naming
        yield line, naming


def _is_fact(line: PageLine) -> bool:
    """True where a line is a label with its value, or tells of a founding or a seat."""
    return bool(
        labelled(line.text)
        or labelled_values(line)[1]
        or re.match(r"(?:Créée?|Fondée?|Founded|Established|Created|BP|B\.P|P\.? ?O)\b", line.text)
    )


def _ends(line: PageLine, part: _Part, listed: bool, *, several: bool) -> bool:
    """True where a line is no more of a part: the page's next chapter, or text after a list."""
    if part.listed and not line.entry:
        return line.place > part.lines[-1].place + 1 or not (line.cells or _is_piece(line))
    if listed:
        return line.item or bool(line.heading) or (is_prose(line) and not _is_fact(line))
    if line.heading and part.level and line.heading <= part.level:
        return True
    return several and opens_block(line) and not line.heading and field_of(line.text) != "address"


def _is_piece(line: PageLine) -> bool:
    return line.count == 0


def _items_parted(lines: list[PageLine]) -> Iterator[PageLine]:
    """The lines, the items that tell of one association each parted at commas and semicolons."""
    opened = {}
    for line in lines:
        found = begins_with_name(line.text) if line.item else None
        if found and re.search(r"\d", found[2]) and is_name(found[0]):
            opened[line.place] = found
    place = 0
    for line in lines:
        if len(opened) < 2 or line.place not in opened:
            yield replace(line, place=place)
            place += 1
            continue
        name, acronym, rest = opened[line.place]
        title = f"{name} ({acronym})" if acronym else name
        yield replace(line, place=place, text=title, entry=True, item=False, cells=(rest,))
        place += 1
        for piece in re.split(r"\s*[;,]\s+|\s+[–—-]\s+|(?<=\w{3})\.\s+", rest.strip(" .")):
            if piece:
                yield replace(line, place=place, text=piece, item=False, cells=(rest,), count=0)
                place += 1
