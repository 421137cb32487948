"""A citation in BibTeX and in CSL-JSON."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.i18n import Voice
from server.iris import PUBLIC
from server.linked_data.exports.notice import Source

BIBTEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    **{c: f"\\{c}" for c in "&%$#_"},
}
"""What BibTeX reads as its own, and how it stands for itself."""
LONGEST: Final = 80
"""Characters of a key from which its end is a hash."""
STRICT: Final = ("forbidden", "reserved", "unstated")
"""Rights that allow less than to reproduce, the strictest first."""


@dataclass(frozen=True)
class Citation:
    """What is cited: its title, its IRI, the address it was taken from, and who contributed."""

    iri: str
    address: str
    titles: Mapping[str, str]
    version: str
    sources: Sequence[Source]
    untold: str = ""
    """What cannot be told of the sources, in words."""
    later: str = ""
    """The address that says what differs from then on, where there is one."""

    @property
    def key(self) -> str:
        """The key of the entry: letters, digits and hyphens."""
        name = self.iri.removeprefix(PUBLIC).removeprefix("id/")
        key = re.sub(r"[^a-z0-9]+", "-", f"maillage {name}".lower()).strip("-")
        if len(key) <= LONGEST:
            return key
        short = hashlib.blake2b(self.iri.encode(), digest_size=4).hexdigest()
        return f"{key[:LONGEST]}-{short}"

    def note(self, language: str) -> str:
        """The sources with their terms, and the strictest of these, in one sentence each."""
        voice = Voice(language)
        told = []
        for each in self.sources:
            rights = voice(f"rights.{each.rights}") if each.rights else "—"
            title = each.titles.get(language, each.name)
            terms = f"{each.licence or '—'}; {rights}"
            told.append(f"{title}, {each.publisher or '—'} ({terms})")
        strictest = next((r for r in STRICT if r in {s.rights for s in self.sources}), "")
        share = [s.licence for s in self.sources if "-sa/" in s.licence]
        if len({(s.licence, s.rights) for s in self.sources}) > 1:
            words = voice(f"rights.{strictest}") if strictest else next(iter(share), "")
            told += [voice("cite.strictest", terms=words)] if words else []
        return " · ".join([*told, *([self.untold] if self.untold else [])])

    def bibtex(self) -> str:
        """One entry of BibTeX."""
        fields = {
            "title": f"{{{plain(self.titles['en'])}}}",
            "author": "{Maillage}",
            "version": plain(self.version),
            "howpublished": f"\\url{{{self.iri}}}",
            "url": self.later or self.iri,
            "note": plain(self.note("en")),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{lines}}}\n"

    def csl(self) -> str:
        """A list with one item of CSL-JSON."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": self.titles["en"],
            "author": [{"literal": "Maillage"}],
            "publisher": "Maillage",
            "version": self.version,
            "URL": self.later or self.iri,
            "note": self.note("en"),
        }
        return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def plain(text: str) -> str:
    """Text as it stands in a field of BibTeX, on one line."""
    return "".join(BIBTEX.get(letter, letter) for letter in " ".join(text.split()))
