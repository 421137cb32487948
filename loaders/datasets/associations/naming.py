"""The name of an association, in titles and in sentences about it; the site's furniture."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from loaders.datasets.associations.fields import field_of, labelled
from loaders.datasets.associations.names import (
    ACRONYM,
    KIND,
    KIND_IN_ENGLISH,
    TITLES,
    is_name,
    names_in,
    split_name,
)
from loaders.datasets.associations.page import AssociationPage, PageLine
from loaders.model.iris import slug
from loaders.sources.issue_log import IssueLog

_FURNITURE = re.compile(
    r"(?:(?:Accueil|Home)\b.*[/>›»|].*|(?:Accueil|Home|Menu|Hub des Savoirs"
    r"|Bases? de connaissances?|Associations Nationales de Collectivités Territoriales"
    r"|Les activit[ée]s|Rechercher|Recherche|Search|Imprimer|Print|Partager|Share|Retour|Back"
    r"|Suivante?|Précédente?|Next|Previous|Page (?:suivante|précédente)|Haut de page|Back to top"
    r"|Lire la suite|Read more|Plan du site|Site ?map|Mentions légales|Legal notice|Log ?in|Sign in"
    r"|Privacy policy|Se connecter|Connexion|Partager sur .{1,20}|Share on .{1,20}|Fran[cç]ais"
    r"|English|FR|EN|©.*|(?:Copyright|All rights reserved|Tous droits réservés)\b.*)"
    r"|.*\?\?\?.*|.*\bpagination\.page\..*|.*\bcommun\.ico\..*)",
    re.IGNORECASE,
)
_LONGEST_NAME = 160
_BODY = r"(?:association|union|organi[sz]ation|alliance|f[ée]d[ée]ration|network|league)"


@dataclass(frozen=True)
class Naming:
    """The names of an association; `title` is the line that gives them, where there is one."""

    name: str
    acronym: str | None = None
    title: PageLine | None = None
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """Its name or acronym, other names too, as a pattern without groups."""
        known = [re.escape(each) for each in (self.name, self.acronym, *self.aliases) if each]
        known.sort(key=len, reverse=True)  # the longest that stands there
        return rf"(?:{'|'.join(known)})(?!\w)"

    @property
    def opening(self) -> re.Pattern[str]:
        """Its name or acronym at the head of a line, with what sets it apart from the rest."""
        return re.compile(rf"{self.names}[\s,;:–-]*", re.IGNORECASE)

    @property
    def kinds(self) -> str:
        """The nouns of its name that say what kind of body it is, as a pattern without groups."""
        found = re.findall(rf"\b(?:{KIND}|{KIND_IN_ENGLISH})\b", self.name, re.IGNORECASE)
        return "".join(f"|{re.escape(each.lower())}" for each in dict.fromkeys(found))

    @cached_property
    def body(self) -> str:
        """The pattern of its name, acronym or kind, each with the article."""
        articles = r"(?:l['’]\s?|la |les? |the )?"
        full = rf"{articles}{self.names}(?:\s*\([^()]*\))?(?!['’]s)"
        own = (
            rf"(?:l['’]\s?|la |le |notre |cette |the |our |this )(?:{_BODY}|faîtière|ligue"
            rf"|conférence|conference|réseau{self.kinds})(?!\w|\s+(?:d['’eu]|of\b"
            rf"|for\b))(?:\s*\([^()]*\))?"
        )
        return rf"(?:{full}|{own})"


def mark_furniture(page: AssociationPage) -> None:
    """Tell navigation, breadcrumbs and placeholders from what the page says."""
    for line in page.lines:
        if line.furniture or _FURNITURE.fullmatch(line.text):
            page.mark(line, "noise")


def titled(line: PageLine) -> Naming | None:
    """The association that a line has the name of, with its acronym, and nothing else."""
    for form in TITLES:
        if match := form.fullmatch(line.text):
            return Naming(match["name"].strip(" -–:,"), match["acronym"], line)
    return None


def with_aliases(page: AssociationPage, naming: Naming, acronym: str | None) -> Naming:
    """The naming with the other forms of the name that the text gives beside its acronym."""
    acronym = naming.acronym or acronym
    found = {
        name
        for line in page.lines
        for sentence in line.sentences
        for name, beside in names_in(sentence)
        if acronym and beside == acronym and name != naming.name
    }
    return replace(naming, aliases=tuple(sorted(found)))


def labelled_name(line: PageLine) -> Naming | None:
    """The association that a line `Name: …` has the name of."""
    found = labelled(line.text)
    if not found or found[0] != "name" or not is_name(found[2]):
        return None
    return Naming(*split_name(found[2]), line)


def name_association(page: AssociationPage, issues: IssueLog) -> Naming | None:
    """The names that a page has for its association: in a title, else in prose; None without any.

    A title that stands on several lines is noise after the first.
    """
    naming = _titled(page)
    if naming is None:
        return _told(page, issues)
    mark_titles(page, naming)
    return naming


def mark_titles(page: AssociationPage, naming: Naming) -> None:
    """Tell the lines that hold the association's name or acronym and nothing else."""
    repeated = {slug(naming.name), slug(f"{naming.name} {naming.acronym or ''}")}
    if naming.title:
        repeated.add(slug(naming.title.text))
    for line in page.open_lines():
        if slug(line.text) in repeated:
            page.mark(line, "taken" if line == naming.title else "noise")
        elif line.text == naming.acronym:
            page.mark(line, "taken")


def _titled(page: AssociationPage) -> Naming | None:
    for line in page.open_lines():
        if naming := labelled_name(line):
            return naming
    plain = None
    below_label = False
    for line in page.open_lines():
        if field_of(line.text) or (below_label and not titled(line)):
            below_label = field_of(line.text) is not None
            continue  # a label, or its value
        if not line.entry and (line.item or len(line.text) > _LONGEST_NAME):
            break  # the page's text has begun
        if naming := titled(line):
            return naming
        article = re.match(r"(?:[Ll]['’]\s?|[Ll]a |[Ll]es? |[Tt]he )", line.text)
        bare = line.text[article.end() :] if article else line.text
        known = is_name(line.text) or re.fullmatch(rf"{KIND}s?\s[^.:;()]+", bare)
        if plain is None and (known or _is_told_of(page, line)) and "." not in line.text:
            plain = Naming(bare, acronym_of(page, bare), line)
    return plain


def acronym_of(page: AssociationPage, name: str) -> str | None:
    """The acronym of a name: beside it somewhere on the page, or its initials on a line."""
    named = re.compile(rf"{re.escape(name)}\s*\(({ACRONYM})\)", re.IGNORECASE)
    found = next((match[1] for line in page.lines if (match := named.search(line.text))), None)
    words = [word for word in re.findall(r"[^\W\d_]+", name) if len(word) > 3]
    initials = "".join(word[0].upper() for word in words)
    if not found and len(initials) > 2:
        beside = re.compile(rf"\({initials}\)")
        found = next((initials for line in page.lines if beside.search(line.text)), None)
    return found or next((line.text for line in page.open_lines() if line.text == initials), None)


def _is_told_of(page: AssociationPage, title: PageLine) -> bool:
    """True where a line is a short name of which a sentence says that it is an association."""
    if len(title.text.split()) > 8 or not re.match(r"[A-ZÀ-Ý]", title.text) or title.item:
        return False
    said = re.compile(
        rf"(?:the |l['’]|la |le )?{re.escape(title.text)}(?:\s*\([^()]*\))?\s(?:is|est)\s"
        rf"(?:an?|the|une?|la|le|l['’])\s?[^.;:]{{0,80}}?\b(?:{_BODY}|réseau|body)\b",
        re.IGNORECASE,
    )
    return any(said.match(line.text) for line in page.after(title))


def _told(page: AssociationPage, issues: IssueLog) -> Naming | None:
    text = "\n".join(line.text for line in page.open_lines())
    found = [
        each
        for line in page.open_lines()
        for sentence in line.sentences
        for each in names_in(sentence)
    ]
    if not found:
        return _defined(page, issues)
    spoken = Counter(re.findall(r"[\w.&-]+", text))
    name, acronym = max(found, key=lambda each: spoken[each[1]])
    issues.inform("name", f"{name} ({acronym})", "the page has no title: its text names it so")
    return Naming(name, acronym)


def _defined(page: AssociationPage, issues: IssueLog) -> Naming | None:
    """The name of which the text's first sentence says what it is."""
    form = re.compile(r"(?:[Ll]['’]\s?|[Ll]a |[Tt]he )?(?P<name>[^.,;:()]{8,120}?)\s(?:is|est)\s")
    for line in page.open_lines():
        if (match := form.match(line.text)) and is_name(match["name"]):
            told = "the page has no title: its text names it so"
            issues.inform("name", match["name"], told)
            return Naming(match["name"])
    return None
