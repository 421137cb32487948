"""What completion offers at a place of a query is what leaves a row there, found by trying all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from queries import catalogue
from server.editor.cut import cut, steps_before
from server.editor.reading import read

EVERY = 13
"""One in so many cuts is tried in every run, and at 1 all of them: it takes a minute."""
SAMPLE = ("authority-names-249", "theme-authorities-393", "place-ties-763", "authority-heir-303")
WORDS = re.compile(
    r'#[^\n]*|"[^"]*"|(?P<term><[^>\s]*>|[a-z]+:\w+)|(?P<type>(?<=\s)a(?=\s))|(?P<open>\{)|(?P<close>\})'
)
ROOT = re.compile(r"(?:\bSELECT\b|\bCONSTRUCT\b|\bASK\b)(?:[^{}]|\{[^{}]*\}\s*WHERE)*\Z")
HOLDS = re.compile(r"(OPTIONAL|FILTER\s+(?:NOT\s+)?EXISTS|MINUS)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Tried:
    """A query up to a name in it, and what can be put there to see whether rows are left."""

    query: str
    text: str
    position: str

    def __str__(self) -> str:
        return f"{self.query}-{len(self.text)}"

    def asking(self, term: str) -> str:
        """The question whether that term leaves a row; what is open around it has to hold."""
        # After `mlg:start|` all terms leave the rows of mlg:start: what counts is the other one.
        text, opened = re.sub(r"\w+:\w+\|\Z", "", self.text), []
        for match in WORDS.finditer(text):
            if match["open"]:
                opened.append(match.start())
            elif match["close"]:
                opened.pop()
        after = " ?unknown " if self.position == "predicate" else " "
        while not ROOT.search(text[: opened[-1]]):
            place = opened.pop()
            after += "}"
            if held := HOLDS.search(text[:place]):
                text = f"{text[: held.start()]} FILTER EXISTS {text[place:]}"
            elif re.search(r"UNION\s*\Z", text[:place]):
                name = f"?marked{place}"
                after = f"{after[:-1]} BIND(1 AS {name}) }} FILTER(BOUND({name})) "
        head = re.match(r"(?:\s*PREFIX .*\n)*", text)
        body = text[opened[-1] :]
        return f"{head[0] if head else ''} SELECT * WHERE {body} {term}{after} }} LIMIT 1"


def cuts() -> Iterator[Tried]:
    """Each place in the catalogue where a name of a predicate or of an object is written."""
    for name, query in catalogue().items():
        for match in WORDS.finditer(query.text):
            if match["term"] or match["type"]:
                text = query.text[: match.start()]
                place = read(text, len(text)).place
                if (
                    place.position in ("predicate", "class", "object")
                    and cut(text, len(text)).patterns
                ):
                    yield Tried(name, text, place.position)


def offered(store: Store, tried: Tried) -> Mapping[str, int]:
    """The terms that the cut finds, with their rows, as the completion asks for them."""
    asked = cut(tried.text, len(tried.text))
    for pattern in asked.patterns:
        try:
            if pattern.aside and not list(store.query(asked.any_row(pattern))):
                return {}
            rows = store.query(asked.query(pattern, 100_000))
            return {row[asked.term].value: int(row["n"].value) for row in rows}
        except SyntaxError:
            continue
    raise AssertionError(tried)


def compare(store: Store, tried: Tried, candidates: list[str]) -> None:
    """What is offered of the candidates is what leaves a row."""
    found = offered(store, tried)
    left = {each for each in candidates if list(store.query(tried.asking(f"<{each}>")))}
    assert {each for each in candidates if each in found} == left, str(tried)
    assert all(found[each] > 0 for each in left)


def every_term(store: Store, position: str) -> list[str]:
    """The properties or the classes of the data; of objects the classes and the countries."""
    verb = "a" if position in ("class", "object") else "?p"
    text = f"SELECT DISTINCT ?term {{ ?s {verb} ?term FILTER(isIRI(?term)) }} ORDER BY ?term"
    if position == "predicate":
        text = "SELECT DISTINCT ?term { ?s ?term ?o } ORDER BY ?term"
    return [row["term"].value for row in store.query(text)]


def test_what_is_offered_at_a_cut_of_a_query_is_what_leaves_a_row(small_home: Path) -> None:
    store = Store.read_only(str(small_home / "current" / "store"))
    terms = {each: every_term(store, each) for each in ("predicate", "class", "object")}
    every = list(cuts())
    assert len(every) > 400
    for tried in every[::EVERY]:
        compare(store, tried, terms[tried.position])


def test_what_is_offered_over_everything_is_what_leaves_a_row(built_home: Path) -> None:
    store = Store.read_only(str(built_home / "current" / "store"))
    tried = {str(each): each for each in cuts()}
    manifest = json.loads((built_home / "current" / "manifest.json").read_bytes())
    terms = {"predicate": list(manifest["properties"]), "class": list(manifest["classes"])}
    for name in SAMPLE:
        compare(store, tried[name], terms[tried[name].position][::15])


@pytest.mark.parametrize(
    "text",
    [
        "{ ?x a mlg:Partnership ; | ?y . ?y mlg:country country:MLI }",
        "{ ?x | ?y ; mlg:partnershipCountry ?z . OPTIONAL { ?y mlg:country ?z } FILTER(?y != ?z) }",
        "{ ?x mlg:hasPartner ?y . { ?y | ?k } UNION { ?k mlg:theme ?y } }",
    ],
)
def test_what_follows_the_place_counts_too(small_home: Path, text: str) -> None:
    store = Store.read_only(str(small_home / "current" / "store"))
    text = f"SELECT * {text}"
    asked = cut(text.replace("|", "", 1), text.index("|"))
    rows = store.query(asked.query(asked.patterns[0], 100_000))
    found = {row[asked.term].value for row in rows}
    left = set()
    for term in every_term(store, "predicate"):
        whole = text.replace("|", f"<{term}>").replace("UNION { ?k mlg:theme ?y }", "")
        left |= {term} if list(store.query(f"{asked.head}{whole} LIMIT 1")) else set()
    assert found == left
    assert found


@pytest.mark.parametrize(
    ("text", "position", "pattern"),
    [
        ("{ ?x a mlg:P ; | }", "predicate", "?x a mlg:P ; ?_term ?_object"),
        ("{ ?x a mlg:Pro| ; mlg:k ?y }", "class", "?x a ?_term ; mlg:k ?y"),
        ("{ ?x mlg:a/mlg:b/| }", "predicate", "?x mlg:a/mlg:b ?_middle . ?_middle ?_term ?_object"),
        ("{ ?x a mlg:P ; ^| }", "predicate", "?x a mlg:P . ?_object ?_term ?x"),
        ("{ ?x mlg:a [ | ] }", "predicate", "?x mlg:a [ ?_term ?_object ]"),
        ("{ ?x mlg:a |, mlg:b }", "object", "?x mlg:a ?_term , mlg:b"),
        ("{ VALUES ?y { 1 } ?x |", "predicate", "?x ?_term ?_object"),
        ("{ { ?x mlg:a 1 } UNION { ?x | } }", "predicate",
         "{ ?x mlg:a 1 } UNION { ?x ?_term ?_object }"),
        ("{ ?x mlg:a ?y OPTIONAL { ?y | FILTER(?x != ?y) } }", "predicate",
         "?x mlg:a ?y . ?y ?_term ?_object . FILTER(?x != ?y)"),
    ],
)  # fmt: skip
def test_a_query_is_cut_to_what_hangs_together_with_the_place(text, position, pattern):
    text = f"SELECT * {text}"
    asked = cut(text.replace("|", "", 1), text.index("|"))
    assert (asked.place.position, " ".join(asked.patterns[0].text.split())) == (position, pattern)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT |",
        "SELECT * { ?x ?y ?z FILTER(|",
        'SELECT * { ?x ?y "a |',
        "SELECT * { # |",
        "}]) |",
    ],
)
def test_nothing_is_asked_where_no_term_can_stand(text):
    assert cut(text.replace("|", "", 1), text.index("|")).patterns == ()


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("^(mlg:a/mlg:b)/", ("^(mlg:a/mlg:b)", False)),
        ("((mlg:a)/mlg:b)/", ("((mlg:a)/mlg:b)", False)),
        ("mlg:a/^", ("mlg:a", True)),
    ],
)
def test_the_steps_before_a_place_keep_their_brackets_and_their_ways(path, steps):
    assert steps_before(path) == steps
