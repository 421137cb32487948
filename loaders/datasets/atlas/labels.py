"""The labels of a project page and their order: a grammar that cuts a page into its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loaders.datasets.atlas.page import AtlasLine

# "projet" is read as "partenariat": older pages say the one, later pages the other.
_GRAMMAR: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("post", ("Contacts dans le poste diplomatique",)),
    ("title", ("Titre",)),
    (
        "first_signature",
        (
            "Année de première signature de la convention",
            "Année de signature de la convention",
            "Année de signature de la convention ou de la lettre d'intention",
            "Année de première signature de la convention ou de la lettre d'intention",
        ),
    ),
    ("theme", ("Thématique d'intervention",)),
    ("sub_theme", ("Sous-thématique d'intervention",)),
    ("sub_sub_theme", ("Sous-sous-thématique d'intervention",)),
    ("other_themes", ("Autres thématiques mises en œuvre pour le partenariat",)),
    ("sdgs", ("Objectifs de développement durable - ODD", "Objectifs de développement durable")),
    ("start", ("Année de début du partenariat", "Année de début de partenariat")),
    ("status", ("Le partenariat est",)),
    ("end", ("Date de fin du partenariat", "Date de fin de partenariat")),
    ("context", ("Contexte", "Contexte et historique")),
    ("history", ("Historique",)),
    ("objective", ("Objectif du partenariat", "Objectifs du partenariat")),
    ("description", ("Description détaillée du partenariat",)),
    ("form", ("Votre partenariat prend la forme d'un(e)",)),
    ("implementation", ("Mise en œuvre du partenariat",)),
    ("implementers", ("Maître(s) d'œuvre",)),
    ("owners", ("Maître(s) d'ouvrage",)),
    ("beneficiaries", ("Bénéficiaire(s)",)),
    ("foreign_partners", ("Partenaires étrangers du partenariat",)),
    ("foreign_contacts", ("Contacts dans les partenaires étrangers du partenariat",)),
    ("french_partners", ("Collectivités territoriales partenaires du partenariat",)),
    (
        "french_contacts",
        ("Contacts dans les collectivités territoriales partenaires du partenariat",),
    ),
    ("funding", ("Financement du partenariat",)),
    ("evaluation", ("Évaluations, communication et perspectives",)),
    ("volunteers", ("Volontaires impliqués dans le partenariat",)),
    ("footer", ("PIED DE PAGE", "Tous droits réservés")),
)
RANKS = {name: rank for rank, (name, _) in enumerate(_GRAMMAR)}
PROSE = ("context", "history", "objective", "description", "beneficiaries")
_OPENING = ("post", "volunteers", "footer")
"""Fields whose label goes on with words of its own."""
_WEAK = ("title", "context", "history")
"""Fields whose label is a word that any document may have on a line of its own."""
_ONE_LINE = (
    "title", "first_signature", "theme", "sub_theme", "sub_sub_theme", "start", "status", "end",
    "form",
)  # fmt: skip
"""Fields whose value may follow a colon on the line of the label."""

SITE_TITLE = "Atlas français de la coopération décentralisée et des autres actions extérieures"


def folded(text: str) -> str:
    """The text without case, accents, kinds of apostrophe, superfluous blanks, a closing colon.

    >>> folded("Maître(s) d’ŒUVRE :")
    "maitre(s) d'oeuvre"
    """
    text = re.sub("[’ʼ‘`´]", "'", text.casefold().replace("œ", "oe"))
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.split()).rstrip(" :")


def _key(text: str) -> str:
    return folded(text).replace("projet", "partenariat")


_LABELS = {_key(label): name for name, labels in _GRAMMAR for label in labels}
_OPENINGS = {key: name for key, name in _LABELS.items() if name in _OPENING}


def label_of(text: str) -> str | None:
    """The field that a line is the label of; None for any other line."""
    key = _key(text)
    if key in _LABELS:
        return _LABELS[key]
    return next((name for label, name in _OPENINGS.items() if key.startswith(label)), None)


def is_label(text: str) -> bool:
    """True where a line is a label of the page."""
    return label_of(text) is not None


@dataclass
class LabelledSection:
    """A field of the page: its label and the lines below it, up to the next label.

    `value` is what follows a colon on the label's own line.
    """

    name: str
    label: AtlasLine
    value: str = ""
    lines: list[AtlasLine] = field(default_factory=list)
    captions: list[AtlasLine] = field(default_factory=list)
    strays: list[AtlasLine] = field(default_factory=list)

    @property
    def repeated(self) -> bool:
        """True where the label of the section stands again further down: either may be meant."""
        return any(label_of(line.text) == self.name for line in self.lines)


def sections(lines: Sequence[AtlasLine]) -> tuple[list[AtlasLine], dict[str, LabelledSection]]:
    """The lines before the first label, and the fields of the page in their order.

    A line in a text may read like a label. The labels are therefore the longest chain that
    follows the order of the grammar; what reads like one elsewhere is text. Below a table's label
    its repetition is a caption, and another label out of its order opens strays: lines that are
    nobody's value.
    """
    candidates = [(line, label) for line in lines if (label := _candidate(line.text))]
    chain = _chain([RANKS[name] for _, (name, _) in candidates])
    labels = {candidates[i][0].number: candidates[i][1] for i in chain}
    opening: list[AtlasLine] = []
    found: dict[str, LabelledSection] = {}
    current: LabelledSection | None = None
    for line in lines:
        if line.number in labels:
            name, value = labels[line.number]
            current = found[name] = LabelledSection(name, line, value)
        elif current is None:
            opening.append(line)
        elif current.name in PROSE or current.name == "post":
            current.lines.append(line)
        elif label_of(line.text) == current.name and current.name != "footer":
            current.captions.append(line)
        elif current.strays or label_of(line.text) not in (None, *_WEAK, current.name):
            current.strays.append(line)
        else:
            current.lines.append(line)
    return opening, found


def is_project_page(lines: Sequence[AtlasLine]) -> bool:
    """True where lines have the labels of a project page: two of them, one of them its own."""
    found = {name for line in lines if (name := label_of(line.text))}
    own = bool(found - {*_WEAK, "footer"}) or any(_is_site_title(line) for line in lines)
    return own and len(found) + any(_is_site_title(line) for line in lines) > 1


def _is_site_title(line: AtlasLine) -> bool:
    return folded(line.text) == folded(SITE_TITLE)


def _candidate(text: str) -> tuple[str, str] | None:
    if name := label_of(text):
        return name, ""
    label, colon, value = text.partition(":")
    name = label_of(label) if colon else None
    return (name, value.strip()) if name in _ONE_LINE and name else None


def _chain(ranks: Sequence[int]) -> list[int]:
    """The places of the longest rising chain, each as early as it can be."""
    longest_from = [0] * (len(RANKS) + 1)  # by rank: of the chains that open with it, further down
    lengths = [0] * len(ranks)
    for i in range(len(ranks) - 1, -1, -1):
        lengths[i] = 1 + max(longest_from[ranks[i] + 1 :])
        longest_from[ranks[i]] = max(longest_from[ranks[i]], lengths[i])
    chain: list[int] = []
    last, missing = -1, max(lengths, default=0)
    for i, length in enumerate(lengths):
        if missing and length == missing and ranks[i] > last:
            chain.append(i)
            last, missing = ranks[i], missing - 1
    return chain
