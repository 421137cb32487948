"""The organs of an association, by level and type, as its page lists them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from loaders.datasets.associations.enumeration import (
    EnumerationHead,
    StatedOrgan,
    enumerated,
    is_secretariat,
    level_of,
    said_level,
)
from loaders.datasets.associations.labels import names_person
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.model.iris import slug
from loaders.model.records import Organ
from loaders.model.values import Ref, Text
from loaders.sources.issue_log import IssueLog

_HEAD = re.compile(
    r"(?<!\w)(?P<words>(?:[Ii]nstances?|[Oo]rganes?)(?!\w)[^:;(.]*?)"
    r"(?P<open>:\s*\(|:|\(|\b(?:que )?sont\b\s*:?(?=\s*(?:l[ea]s?\s|l['’]|une?\s|$)))"
)
_HEADING = re.compile(r"(?:Les |Nos |Ses )?(?:instances|organes)\b[^:]*:?", re.IGNORECASE)
_EXECUTES = re.compile(
    r"dotée?s? d['’]une? (?:organe d['’]exécution|secrétariat|organe)[^\"«“]*?"
    r"(?:appelée?|dénommée?|nommée?)\s*[«\"“]?\s*(?P<name>[^\"»”.;]+)"
)
_SUPPORTS = re.compile(
    r"(?:Une?|Le|La|L['’])\s*(?P<name>[Ss]ecrétariat\b[^.,;]*?)\s+(?:appuie|assiste|seconde)\s+"
    r"(?:le |la |les |l['’])(?P<served>[^.,;]+)"
)


@dataclass
class Organs:
    """The organs met so far on a page."""

    page: AssociationPage
    issues: IssueLog
    stated: list[StatedOrgan] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Where a page speaks of instances and of organs, the instances deliberate, the organs act.
        self._opposed = any(re.search(r"\b[Ii]nstances\b", line.text) for line in self.page.lines)

    def read(self, line: PageLine) -> None:
        """Take what a line, and the list that it announces, say of organs."""
        below = next(self.page.after(line), None)
        if line.heading or (below and below.item and _HEADING.fullmatch(line.text)):
            if _HEADING.fullmatch(line.text):
                self._list(line, EnumerationHead.read(line.text, self._opposed))
            return
        for sentence in line.sentences:
            heads = list(_HEAD.finditer(sentence))
            for match, following in zip(heads, [*heads, None][1:], strict=True):
                head = EnumerationHead.read(match["words"], self._opposed)
                end = following.start() if following else len(sentence)
                found = self._enumeration(line, _body(sentence, match, end), head)
                if not (found or following) and sentence.endswith((":", "sont")):
                    self._list(line, head)
            if not heads:
                self._support(line, sentence, None)
            elif self.stated:
                self.page.mark(line, self.page.fates.get(line.place, "unknown"), sentence)

    def organs(self, association: str) -> tuple[Organ, ...]:
        """The organs as entities; two of one name and different levels are keyed by both."""
        names = Counter(slug(each.name) for each in set(self.stated))
        keys = {}
        for each in self.stated:
            key = f"{association}-{slug(each.name)}"
            keys[each] = f"{key}-{each.level}" if names[slug(each.name)] > 1 else key
        served = {
            slug(name): key
            for each, key in keys.items()
            for name in (each.name, each.acronym)
            if name
        }
        return tuple(
            Organ(
                key=key,
                names=(Text(each.name),),
                other_names=(Text(each.acronym),) if each.acronym else (),
                level=_concept("level", each.level),
                organ_type=_concept("organ-type", each.organ_type),
                serves=_organ(served.get(slug(each.serves or ""))),
                figures=each.figures,
            )
            for each, key in keys.items()
        )

    def _list(self, line: PageLine, head: EnumerationHead) -> None:
        """Take the organs of the list that follows a line."""
        for item in self.page.after(line):
            if not item.item:
                break
            first, *others = item.sentences
            label, _, rest = first.partition(":")
            own = said_level(label) if rest else None
            text = rest if own else first
            if self._enumeration(item, text, replace(head, level=own or head.level)):
                self.page.mark(line, "taken", line.sentences[-1])
                self.page.mark(item, "taken", label)
                for sentence in others:
                    self._support(item, sentence, own or head.level)

    def _enumeration(self, line: PageLine, text: str, head: EnumerationHead) -> bool:
        """Take the organs that a text enumerates; False where it names none."""
        items = list(enumerated(text, head))
        organs = [item for item in items if isinstance(item, StatedOrgan)]
        if organs:
            self.page.mark(line, "taken", text)
            self.stated += organs
            for item in items:
                if not isinstance(item, str) or re.match(r"(?:dont|y compris)\b", item):
                    continue
                if names_person(item):
                    self.issues.left_out("contact")  # who sits in it, say
                else:
                    advice = "this is not understood as an organ, and is left out"
                    self.issues.warn("organ", item, advice, line=line.number)
        return bool(organs)

    def _support(self, line: PageLine, sentence: str, level: str | None) -> None:
        """Take the organ that a sentence says works for another one."""
        if (match := _EXECUTES.search(sentence)) and self.stated:
            name, served = match["name"].strip(), self.stated[-1].name
            organ_type = "secretariat" if is_secretariat(name) else "executive-body"
        elif match := _SUPPORTS.match(sentence):
            name, served = match["name"].strip(), match["served"].strip()
            organ_type = "secretariat"
        else:
            return
        supporting = StatedOrgan(name, None, level or level_of(name), organ_type, served)
        if known := next((each for each in self.stated if slug(each.name) == slug(name)), None):
            self.stated[self.stated.index(known)] = replace(known, serves=served)
        else:
            self.stated.append(supporting)
        self.page.mark(line, "taken", sentence)


def _body(sentence: str, head: re.Match[str], end: int) -> str:
    """The enumeration that a head opens: to its closing bracket, or to the next head."""
    if not head["open"].endswith("("):
        return sentence[head.end() : end]
    depth = 1
    for place, character in enumerate(sentence[head.end() :], start=head.end()):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return sentence[head.end() : place]
    return sentence[head.end() :]


def _concept(scheme: str, notation: str | None) -> Ref | None:
    return Ref(f"concept/{scheme}/{notation}") if notation else None


def _organ(key: str | None) -> tuple[Ref, ...]:
    return (Ref(f"organ/{key}"),) if key else ()
