"""The parties that a cell names: one or several, split only where their form shows it.

The rule, separator by separator, from the left:

- `;` and ` / ` separate, and a new line does, unless it opens with a word in lower case;
- `, ` separates before a kind of body (`Ville`, `Conseil` …), before a party that the page names
  elsewhere, and before any other capital or digit, except after a body that is named by its
  fields (`Ministère de l'Agriculture, Pêche et Forêts`: undecided);
- ` et ` separates before a kind of body in capitals, or in small letters with an article or after
  a proper name (`E&D et comité villageois`), beside a party that the page names elsewhere, and
  between two bare names (`Chinon et Etaules`); between a body and a bare name nothing decides;
- before `de`, `du`, `des`, within brackets, in `Lot et Garonne`, after a plural (`Villes de`),
  nothing separates.

What is undecided stays one party under the words of the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from loaders.datasets.atlas.labels import folded
from loaders.datasets.atlas.territories import country, country_beside
from loaders.model.records import Party

_KIND = re.compile(
    r"(?:agence|ambassade|assemblee|association|cabinet|caisse|centre|cercle|chambre|collectif|"
    r"collectivite|college|comite|commissariat|commune|communaute|conseil|cooperative|delegation|"
    r"departement|direction|district|ecole|entente|entreprise|etablissement|etat|federation|"
    r"fondation|fonds|gouvernement|gouvernorat|groupe|groupement|hopital|institut|lycee|mairie|"
    r"maison|metropole|ministere|mission|municipalite|office|ong|organisation|parc|pays|prefecture|"
    r"programme|province|region|regie|reseau|secretariat|service|societe|syndicat|union|"
    r"universite|ville|wilaya)s?\b"
)
_BY_FIELDS = re.compile(r"(?:ministere|direction|secretariat|service|office|delegation)s?\b")
_PLURAL = re.compile(r"(?:villes|communes|communautes|departements|regions|villages|conseils)\b")
_ARTICLE = re.compile(r"(?:(?:la|le|les)\s+|l['’]\s*)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*;\s*|\s+/\s+|,\s+(?:et\s+)?|\s+et\s+")
_COMPOUNDS = re.compile(
    r"(?:(?:lot|tarn) et garonne|maine et loire|indre et loire|saone et loire|eure et loir|"
    r"loir et cher|ille et vilaine|meurthe et moselle|seine et marne|pierre et miquelon|"
    r"wallis et futuna|bosnie et herzegovine|trinite et tobago|sao tome et principe)\b"
)


@dataclass(frozen=True)
class Parties:
    """The names in a cell, and the separators at which form could not decide."""

    names: tuple[str, ...]
    undecided: bool = False

    def agents(self, known: Mapping[str, Party]) -> tuple[Party, ...]:
        """The parties under these names: those that the page names elsewhere are the same."""
        return tuple(
            known.get(folded(name)) or Party(name=name, country=country_beside(name))
            for name in self.names
        )


def parties(cell: str, known: Collection[str]) -> Parties:
    """The parties of one cell; `known` are names that the page gives elsewhere, folded.

    >>> parties("Communauté d'agglomération d'Exemple et la Ville d'Exemple", ()).names
    ("Communauté d'agglomération d'Exemple", "Ville d'Exemple")
    >>> parties("Ministère de l'Europe et des Affaires étrangères", ()).names
    ("Ministère de l'Europe et des Affaires étrangères",)
    """
    names: list[str] = []
    undecided = False
    left = ""
    for separator, right in _pieces(cell):
        splits = True if not left else _splits(left, separator, right, known)
        undecided |= splits is None
        if splits and left:
            names.append(left)
        left = right if splits else f"{left}{separator}{right}"
    return Parties(tuple(bare(name) for name in (*names, left) if name.strip()), undecided)


def party_lines(lines: Iterable[str]) -> list[str]:
    """The cells of a field on several lines: a line that opens in lower case goes on."""
    cells: list[str] = []
    for line in lines:
        text = re.sub(r"^[-–•*·]\s+", "", line)
        goes_on = text == line and cells and text[:1].islower() and not _KIND.match(folded(text))
        if goes_on:
            cells[-1] = f"{cells[-1]} {text}"
        else:
            cells.append(text)
    return cells


def bare(name: str) -> str:
    """A name without the article before its kind: `la Ville d'Evry`, but not `La Rochelle`."""
    name = " ".join(name.split()).strip(" ,;")
    article = _ARTICLE.match(name)
    if article and (name[0].islower() or _KIND.match(folded(name[article.end() :]))):
        return name[article.end() :]
    return name


def _pieces(cell: str) -> Iterator[tuple[str, str]]:
    """The parts of a cell outside brackets, each with the separator before it."""
    start, separator = 0, ""
    for match in _SEPARATOR.finditer(cell):
        if cell[: match.start()].count("(") > cell[: match.start()].count(")"):
            continue
        yield separator, cell[start : match.start()]
        start, separator = match.end(), match[0]
    yield separator, cell[start:]


def _splits(left: str, separator: str, right: str, known: Collection[str]) -> bool | None:
    """True where a separator parts two parties; None where their form does not tell."""
    mark = separator.strip()
    if mark in (";", "/"):
        return True
    name, plain = bare(right), folded(right)
    if re.match(r"(?:de|du|des|dans|pour)\b|d'", plain) or country(right):
        return False
    if _COMPOUNDS.search(folded(f"{left[-12:]}{separator}{right[:12]}")):
        return False
    evident = folded(name) in known
    if _KIND.match(folded(name)):
        proper = left.split()[-1][:1].isupper() or "&" in left
        return name[:1].isupper() or name != right or proper or evident
    if mark.startswith(","):
        if evident or (name[:1].isupper() or name[:1].isdigit()):
            return True if evident or not _BY_FIELDS.match(folded(left)) else None
        return None
    if evident or folded(bare(left)) in known:
        return True
    if not name[:1].isupper() or _PLURAL.match(folded(bare(left))):
        return False
    return True if not _KIND.match(folded(bare(left))) else None
