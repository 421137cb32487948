"""The name and acronym of the association that a page is about, and the site's own furniture."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from loaders.datasets.associations.page import Line, Page
from loaders.model.iris import slug
from loaders.model.values import Ref
from loaders.registers import countries
from loaders.sources.issue_log import IssueLog

_KINDS = (
    r"(?:Association|Union|Fédération|Confédération|Communes et Villes|Conférence|Conseil"
    r"|Assemblée|Réseau|Ligue|Alliance|Collectif|Forum|Coordination|Organisation|Groupement)"
)
_ACRONYM = r"(?=[^\s()]*[A-ZÀ-Ý][^\s()]*[A-ZÀ-Ý])[A-ZÀ-Ý][\w.&/-]{1,19}"
_TITLES = (
    re.compile(rf"(?P<name>[^()]{{4,150}}?)\s*\((?P<acronym>{_ACRONYM})\)"),
    re.compile(rf"(?P<name>{_KINDS}s?\b[^()]{{4,150}}?)\s+[-–:]\s+(?P<acronym>{_ACRONYM})"),
    re.compile(rf"(?P<acronym>{_ACRONYM})\s*[-–:]\s+(?P<name>{_KINDS}s?\b[^()]{{4,150}})"),
)
# The nearest name before the acronym: no other body, with its article, stands between them.
_PROSE = re.compile(
    rf"(?P<name>\b{_KINDS}s?\s(?:(?!(?:[Ll]['’]|[Ll]a |une )\s?{_KINDS})[^().,;:]){{4,120}}?)"
    rf"\s*\((?P<acronym>{_ACRONYM})\)"
)
_FURNITURE = re.compile(
    r"(?:Accueil\b.*[/>›»|].*|(?:Accueil|Home|Menu|Hub des Savoirs|Bases? de connaissances?"
    r"|Associations Nationales de Collectivités Territoriales|Les activit[ée]s|Rechercher|Recherche"
    r"|Imprimer|Partager|Retour|Suivante?|Précédente?|Page (?:suivante|précédente)|Haut de page"
    r"|Lire la suite|Plan du site|Mentions légales|Se connecter|Connexion|Partager sur .{1,20})"
    r"|.*\?\?\?.*|.*\bpagination\.page\..*|.*\bcommun\.ico\..*)",
    re.IGNORECASE,
)
_LONGEST_NAME = 160


@dataclass(frozen=True)
class Naming:
    """What the association is called; `title` is the line that says so, where there is one."""

    name: str
    acronym: str | None = None
    title: Line | None = None

    @property
    def opening(self) -> re.Pattern[str]:
        """Its name or acronym at the head of a line, with what sets it apart from the rest."""
        names = [re.escape(self.name)] + ([re.escape(self.acronym)] if self.acronym else [])
        return re.compile(rf"(?:{'|'.join(names)})(?!\w)[\s,;:–-]*", re.IGNORECASE)

    @property
    def subject(self) -> str:
        """What the association is called in a sentence about it, as a pattern without groups."""
        names = [re.escape(self.name)] + ([re.escape(self.acronym)] if self.acronym else [])
        articles = r"(?:[Ll]['’]|[Ll]a |[Ll]es? )?"
        own = r"Elles?|Ils?|[Ll]['’](?:[Aa]ssociation|[Uu]nion|[Oo]rganisation|[Aa]lliance)"
        full = rf"{articles}(?:{'|'.join(names)}|[Ff]édération|[Cc]onférence)(?:\s*\([^()]*\))?"
        return rf"(?:{full}|{own})"


def mark_furniture(page: Page) -> None:
    """Tell navigation, breadcrumbs and placeholders from what the page says."""
    for line in page.lines:
        if line.furniture or _FURNITURE.fullmatch(line.text):
            page.mark(line, "noise")


def name_association(page: Page, issues: IssueLog) -> Naming | None:
    """What the page calls its association: in a title, else in its prose; None where it does not.

    A title that stands on several lines is noise after the first.
    """
    naming = _titled(page)
    if naming is None:
        return _told(page, issues)
    repeated = {slug(naming.name), slug(f"{naming.name} {naming.acronym or ''}")}
    if naming.title:
        repeated.add(slug(naming.title.text))
    for line in page.open_lines():
        if slug(line.text) in repeated:
            page.mark(line, "taken" if line == naming.title else "noise")
        elif line.text == naming.acronym:
            page.mark(line, "taken")
    return naming


def country_of(naming: Naming, address: str | None) -> Ref | None:
    """The one country whose French name stands in the name or ends the address; else None."""
    found = {*_countries(naming.name)}
    words = re.split(r"[\s,;.()–-]+", address.strip(" .")) if address else []
    for count in range(min(5, len(words)), 0, -1):
        if (named := countries.named(" ".join(words[-count:]))) and words[-count][:1].isupper():
            found.add(named)
            break
    return found.pop() if len(found) == 1 else None


def _countries(text: str) -> set[Ref]:
    """The countries that a text names, the longest name first: Guinée-Bissau is not Guinée."""
    words = re.findall(r"[^\W_]+", text)
    found, start = set(), 0
    while start < len(words):
        for end in range(min(start + 6, len(words)), start, -1):
            # "réunion" and "tour" are words: a country's name has its capital.
            named = words[start][0].isupper() and countries.named(" ".join(words[start:end]))
            if named:
                found.add(named)
                start = end
                break
        else:
            start += 1
    return found


def _titled(page: Page) -> Naming | None:
    plain = None
    for line in page.open_lines():
        if line.item or len(line.text) > _LONGEST_NAME:
            break  # the page's text has begun
        for form in _TITLES:
            if match := form.fullmatch(line.text):
                return Naming(match["name"].strip(" -–:,"), match["acronym"], line)
        named = re.fullmatch(rf"(?:[Ll]['’]\s?|[Ll]a |[Ll]es? )?({_KINDS}s?\s[^.:;()]+)", line.text)
        if plain is None and named:
            plain = Naming(named[1], _acronym(page, named[1]), line)
    return plain


def _acronym(page: Page, name: str) -> str | None:
    named = re.compile(rf"{re.escape(name)}\s*\(({_ACRONYM})\)", re.IGNORECASE)
    found = next((match[1] for line in page.lines if (match := named.search(line.text))), None)
    initials = "".join(re.findall(r"\b[A-ZÀ-Ý]", name))
    return found or next((line.text for line in page.open_lines() if line.text == initials), None)


def _told(page: Page, issues: IssueLog) -> Naming | None:
    text = "\n".join(line.text for line in page.open_lines())
    found = [(match["name"], match["acronym"]) for match in _PROSE.finditer(text)]
    if not found:
        return None
    spoken = Counter(re.findall(r"[\w.&-]+", text))
    name, acronym = max(found, key=lambda each: spoken[each[1]])
    issues.inform("name", f"{name} ({acronym})", "the page has no title: its text names it so")
    return Naming(name, acronym)
