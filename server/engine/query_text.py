"""What can be read of a query without parsing it: form, prefixes, dataset, nesting, SERVICE.

The parser itself is a part of what a query can bring down, so a lexer looks first. It reads the
terminals of SPARQL 1.1 Query, section 19.8. Where two readings are possible it takes the one that
refuses: an escape may spell SERVICE, and `?a<?b#>` may be a comparison and a comment.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urljoin

from server.engine import QueryForm

FORMS = ("select", "ask", "construct", "describe")

# A terminal that matters, longest first; anything between them is skipped. A string that nobody
# ends goes to its last possible place: looked for anew from each of its quotes, the end would cost
# the square of the length.
TERMINALS = re.compile(
    r"""(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
               | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?)
      | <(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>
      | (?P<comment>\#[^\n\r]*)
      | (?P<open>[({\[]) | (?P<close>[)}\]])
      | [?$](?P<variable>\w+) | @(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<prefixed>(?:[^\W\d_](?:[\w.·-]*[\w·-])?)?:
            (?:[\w:%](?:[\w.:%·-]|\\.)*)?) | (?P<blank>_:\w+)
      | (?P<word>[A-Za-z_][\w]*)
    """,
    re.VERBOSE | re.DOTALL,
)
ENDED = re.compile(
    r"""(\"{3}|'{3})(?:[^\\]|\\.)*\1 | (["'])(?:[^\\]|\\.)*\2""", re.VERBOSE | re.DOTALL
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
SERVICE = re.compile(r"\bservice\b", re.IGNORECASE)
# What can only be a prologue and the word after it. BASE is left to the lexer.
PROLOGUE = re.compile(
    r"""(?:\s+ | \#[^\n\r]* | PREFIX\s+[^\s:<>"'{}()\#\\]*:\s*<[^<>"{}|^`\\\x00-\x20]*>)*+
        (SELECT|ASK|CONSTRUCT|DESCRIBE)\b""",
    re.VERBOSE | re.IGNORECASE,
)
DECLARATION = re.compile(r"#[^\n\r]*|PREFIX\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE)
# What a glance is not enough for: a word that may be SERVICE or FROM, an escape that may spell it.
SUSPECTS = ("service", "from", "\\u")
HIERARCHICAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Outline:
    """The features of a query's text. `form` is None where none is found."""

    form: QueryForm | None
    prefixes: dict[str, str]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    depth: int
    service: tuple[int, int] | None
    """Line and column of the first SERVICE."""


def glance(text: str) -> Outline | None:
    """The outline of a plain query, twenty times faster; None where the lexer has to look.

    `depth` counts the brackets: they nest no deeper. Prefixes are read where a graph is written.
    """
    prologue = PROLOGUE.match(text)
    if prologue is None:
        return None
    lowered = text.lower()
    if any(suspect in lowered for suspect in SUSPECTS):
        return None
    form = cast(QueryForm, prologue[1].lower())
    declared = DECLARATION.findall(prologue[0]) if form in ("construct", "describe") else ()
    return Outline(
        form,
        {prefix: iri for prefix, iri in declared if iri},
        (),
        (),
        text.count("(") + text.count("{") + text.count("["),
        None,
    )


@lru_cache(maxsize=32)
def read_outline(text: str) -> Outline:
    """The outline of a query, of its text as it stands and with its escapes resolved."""
    outline = scan(text)
    if outline.service is None and ESCAPE.search(text):
        resolved = scan(ESCAPE.sub(_character, text))
        if resolved.service is not None:
            return resolved
    return outline


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= 0x10FFFF else escape[0]


def scan(text: str) -> Outline:
    """The outline of one reading of a text."""
    form: QueryForm | None = None
    prefixes: dict[str, str] = {}
    graphs: dict[str, list[str]] = {"from": [], "named": []}
    base = ""
    depth = deepest = 0
    service: int | None = None
    expected = ""  # what an IRI or a prefixed name that comes now would be
    declared = ""  # the prefix being declared
    for token in TERMINALS.finditer(text):
        kind = token.lastgroup
        value = token[0]
        if kind == "comment":
            continue
        if kind == "text":
            if service is None and not ENDED.fullmatch(value):
                # No query, unless the parser reads it otherwise: then nothing hides behind it.
                hidden = SERVICE.search(text)
                service = hidden.start() if hidden else None
        elif kind == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif kind == "close":
            depth -= 1
        elif kind == "word":
            word = value.lower()
            if word == "service" and service is None:
                service = token.start()
            elif form is None and word in FORMS:
                form = cast(QueryForm, word)
            if word == "from" or (expected == "from" and word == "named"):
                expected = word
                continue
            expected = word if form is None and word in ("base", "prefix") else ""
            continue
        elif kind == "iri":
            iri = token["iri"]
            if service is None and "#" in iri and not HIERARCHICAL.match(iri):
                # `?a<ex:b#>…`: a comparison and a comment, if the parser reads it so.
                hidden = SERVICE.search(text)
                service = hidden.start() if hidden else None
            if expected == "base":
                base = resolve(base, iri)
            elif expected == "prefix":
                prefixes[declared] = resolve(base, iri)
            elif expected in graphs:
                graphs[expected].append(resolve(base, iri))
        elif kind == "prefixed":
            prefix, _, local = value.partition(":")
            if expected == "prefix":
                declared = prefix
                continue
            if expected in graphs:
                name = re.sub(r"\\(.)", r"\1", local)
                graphs[expected].append(prefixes.get(prefix, f"{prefix}:") + name)
        expected = ""
    return Outline(
        form,
        prefixes,
        tuple(graphs["from"]),
        tuple(graphs["named"]),
        deepest,
        None if service is None else place(text, service),
    )


def resolve(base: str, iri: str) -> str:
    """An IRI against the base; `urljoin` alone would lose the `#` that ends a namespace."""
    resolved = urljoin(base, iri)
    return resolved + "#" if iri.endswith("#") and not resolved.endswith("#") else resolved


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
