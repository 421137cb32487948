"""What may stand at a place of a query: the terms that leave a row, and how many they leave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from server.editor.component import Pattern
from server.editor.cut import Cut, cut
from server.editor.reading import is_type, marked
from server.editor.terms import Known, counted_terms, known_terms, written
from server.engine.errors import (
    Busy,
    EngineError,
    Exhausted,
    QueryRefused,
    QuerySyntaxError,
    TooManySlow,
)
from server.engine.query_text import absolute_iri, service_place
from server.engine.results import Table, counted
from server.graph import label_search
from server.graph.labels import label, read_labels
from server.graph.search import has_index, search
from server.i18n import Voice
from server.iris import checked
from server.site import Site
from server.versions import Version

LONGEST = 20_000
"""Characters of a text that is read for completion."""
MOST = 200
"""Terms that are offered at once; where there are more, what is typed chooses among them."""
SECONDS = 1.0
CANDIDATES = 50

Ask = Callable[[str, float], Table]
"""The answer to a SELECT within so many seconds; raises EngineError."""


@dataclass(frozen=True)
class Offered:
    """One term: as a query has it, its label, and the rows that it leaves; None if not counted."""

    name: str
    label: str
    n: int | None


@dataclass(frozen=True)
class Completion:
    """The terms offered at a place, those that leave most rows first."""

    position: str
    start: int
    end: int
    items: Sequence[Offered] = ()
    why: str = ""
    """The reason for which they are not those that leave a row; empty where they are."""
    more: bool = False


@dataclass(frozen=True)
class Completer:
    """Completes queries over one version of the data, in one language."""

    site: Site
    version: Version
    voice: Voice
    ask: Ask

    def complete(self, text: str, at: int, typed: str = "") -> Completion:
        """What may stand at an offset of a text, where `typed` is what is written of it."""
        if len(text) > LONGEST:
            return Completion("", at, at, why="unfiltered.long")
        asked = cut(text, at)
        place = asked.place
        found = Completion(place.position, place.start, place.end)
        if place.position not in ("predicate", "class", "object"):
            return found
        if service_place(text) or not asked.patterns:
            return self.unfiltered(found, typed, "unfiltered.unclear")
        for pattern in asked.patterns:
            try:
                return self.filtered(found, asked, pattern, typed)
            except (QuerySyntaxError, QueryRefused):  # what a remote engine calls it
                continue
            except (Exhausted, Busy, TooManySlow):
                return self.unfiltered(found, typed, "unfiltered.late")
            except EngineError:
                break
        return self.unfiltered(found, typed, "unfiltered.unclear")

    def filtered(self, found: Completion, asked: Cut, pattern: Pattern, typed: str) -> Completion:
        """The terms that leave a row of a pattern; raises EngineError."""
        if pattern.aside and not self.ask(asked.any_row(pattern), SECONDS).rows:
            return found
        counts = None if asked.clauses else self.known_counts(asked, pattern.text)
        if counts is None and typed and found.position == "object":
            among = " , ".join(f"<{iri}>" for iri in self.named(typed))
            counts = self.counts(asked.query(pattern, MOST, among)) if among else {}
        if counts is None:
            counts = self.counts(asked.query(pattern, MOST + 1))
        first = dict(list(counts.items())[:MOST])
        return replace(found, items=self.offered(found.position, first), more=len(counts) > MOST)

    def counts(self, query: str) -> Mapping[str, int]:
        """The rows by term."""
        table = self.ask(query, SECONDS)
        return {row[table.columns[0]].value: counted(row, "n") for row in table.rows}

    def known_counts(self, asked: Cut, pattern: str) -> Mapping[str, int] | None:
        """The counts that the version has: by class, by property, by property of one class."""
        subject, *rest = [
            token.text for token in marked(pattern) if token.text not in (".", ";")
        ] or [""]
        term, engine = f"?{asked.term}", self.site.engine
        if not subject.startswith("?") or subject == term:
            return None
        match rest:
            case [verb, last] if is_type(verb) and last == term:
                return counted_terms(engine, self.version, "classes")
            case [first, last] if first == term and is_other(last, subject):
                return counted_terms(engine, self.version, "properties")
            case [verb, kind, *again, first, last]:
                same = again in ([], [subject]) and first == term and is_other(last, subject)
                if same and is_type(verb) and kind[0] not in "?$":
                    return self.version.partitions.get(absolute_iri(kind, asked.prologue))
        return None

    def named(self, typed: str) -> Sequence[str]:
        """The things that what is typed may name."""
        path, text = self.version.path / "names.sqlite", typed.lstrip("<")
        if has_index(path):
            hits = search(path, text, limit=CANDIDATES)
        else:
            hits = label_search.ask(self.site.engine, text, limit=CANDIDATES)
        return [hit.iri for hit in hits if checked(hit.iri)]

    def offered(self, position: str, counts: Mapping[str, int | None]) -> Sequence[Offered]:
        """The terms with their labels."""
        if position == "object":
            labels = read_labels(self.site.engine, counts)
            return [
                Offered(written(i), label(labels, i, self.voice).value, n)
                for i, n in counts.items()
            ]
        known = {term.iri: term for term in self.terms(position)}
        return [
            Offered(known[iri].name, known[iri].label, n)
            if iri in known
            else Offered(written(iri), "", n)
            for iri, n in counts.items()
        ]

    def unfiltered(self, found: Completion, typed: str, why: str) -> Completion:
        """The terms of the vocabulary, or the things that what is typed names."""
        if found.position == "object":
            counts: Mapping[str, int | None] = dict.fromkeys(self.named(typed) if typed else ())
        else:
            counts = {term.iri: None for term in self.terms(found.position)}
        return replace(found, items=self.offered(found.position, counts), why=why)

    def terms(self, position: str) -> Sequence[Known]:
        """The classes or the properties."""
        kind = "class" if position == "class" else "property"
        known = known_terms(self.site, self.version, self.voice.language)
        return [term for term in known if term.kind == kind]


def is_other(written: str, subject: str) -> bool:
    """True for a variable that is not the subject."""
    return written.startswith("?") and written != subject
