r"""The structure of a query, read without parsing it: form, prefixes, dataset, nesting, SERVICE.

The parser itself is a part of what a query can bring down, so a lexer looks first, outside the
sandbox. It reads the terminals of SPARQL 1.1 Query, section 19.8, each character a bounded number
of times: no part of a pattern gives back what it took, and a run in which no name ends is not
looked at anew. As the engine's grammar has it no blank is needed after a keyword: `ASKFROM<g>{}`.
Where only the grammar can tell, as with `?a<?b#>` or SERVICE, the engine's parser decides, in the
sandbox (`pool.reading`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, cast
from urllib.parse import urljoin

from server.engine import QueryForm

FORMS = ("select", "ask", "construct", "describe")

# Rules 164 to 169: the characters of names.
BASE_CHARS = (
    "A-Za-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
VARIABLE_CHARS = BASE_CHARS + "_0-9\u00b7\u0300-\u036f\u203f\u2040"
CHARS = VARIABLE_CHARS + r"\-"
# A prefix without its colon, or words in which it may hide; what follows the colon (rule 169).
RUN = rf"[{BASE_CHARS}][{CHARS}.]*+"
ESCAPED = r"\\[-_~.!$&'()*+,;=/?\#@%]"
LOCAL = rf"(?:(?:[{CHARS}:%]|{ESCAPED})(?:[{CHARS}:%]|\.(?=[{CHARS}.:%\\])|{ESCAPED})*+)?+"
IRI = r"<(?P<iri>(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+)>"
# A terminal that matters, longest first; anything between them is skipped. A string that nobody
# ends goes to its last possible place: looked for anew from each of its quotes, the end would cost
# the square of the length.
STRING = r"""\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?+ | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?+
    | "(?:[^"\\\n\r]|\\.)*+"?+ | '(?:[^'\\\n\r]|\\.)*+'?+"""
LEXER = re.compile(
    rf"""(?P<text>{STRING})
      | {IRI}
      | (?P<comment>\#[^\n\r]*+)
      | (?P<open>[({{\[]) | (?P<close>[)}}\]])
      | [?$](?P<variable>[{VARIABLE_CHARS}]++) | @(?P<language>[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
      | (?P<blank>_:[{VARIABLE_CHARS}](?:[{CHARS}]|\.(?=[{CHARS}.]))*+)
      | (?P<number>[0-9]++(?:\.[0-9]*+)?+(?:[eE][+-]?[0-9]++)?+)
      | (?P<run>{RUN}) | (?P<prefixed>:{LOCAL}) | (?P<word>_[{VARIABLE_CHARS}]*+)
    """,
    re.VERBOSE | re.DOTALL,
)
LOCAL_PART = re.compile(LOCAL)
WORD = re.compile(rf"[{BASE_CHARS}_][{VARIABLE_CHARS}]*+")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
SPACE = r"(?:[ \t\r\n]++|\#[^\n\r]*+)*+"
DECLARED = re.compile(
    rf"""{SPACE}(?i:(?P<base>BASE){SPACE}|PREFIX{SPACE}(?P<prefix>(?:{RUN})?+):{SPACE}
        |(?P<version>VERSION){SPACE}(?:"[^"\\\n\r]*+"|'[^'\\\n\r]*+')) (?(version)|{IRI})""",
    re.VERBOSE,
)
FORM_WORD = re.compile(rf"{SPACE}(?P<form>(?i:SELECT|ASK|CONSTRUCT|DESCRIBE))")
GLUED = re.compile(r"(?i:DISTINCT|REDUCED|FROM|NAMED|WHERE)")
HIERARCHICAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://")
# What brackets are read by: what may hold some that are none, and they themselves.
STRUCTURE = re.compile(
    rf"""(?P<text>{STRING}) | {IRI} | (?P<comment>\#[^\n\r]*+) | \\. | (?P<open>[({{\[]|<<)
      | (?P<close>[)}}\]]|>>)""",
    re.VERBOSE | re.DOTALL,
)
# So many terminals may stand before WHERE, so many declarations, of IRIs so long: beyond these,
# nothing is read, and the engine's parser finds that out.
MOST_TOKENS = 50_000
MOST_DECLARED = 1000
LONGEST_DECLARED = 2048


class Token(NamedTuple):
    """One terminal of a text: the name of its group in `LEXER`, its text, its offsets."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class DatasetClause:
    """One FROM or FROM NAMED of a text: its offsets, and the IRI as the text has it."""

    start: int
    end: int
    iri: str
    named: bool


@dataclass(frozen=True)
class Prologue:
    """The declarations of a text, and the form after which it goes on at `end`."""

    form: QueryForm | None
    base: str
    prefixes: dict[str, str]
    start: int
    """The offset of the form; the length of the text where there is none."""
    end: int


@dataclass(frozen=True)
class QueryStructure:
    """The features of a query's text. `form` is None where none is found."""

    form: QueryForm | None
    prefixes: dict[str, str]
    clauses: tuple[DatasetClause, ...]
    depth: int

    @property
    def default_graphs(self) -> tuple[str, ...]:
        """The graphs of FROM."""
        return tuple(clause.iri for clause in self.clauses if not clause.named)

    @property
    def named_graphs(self) -> tuple[str, ...]:
        """The graphs of FROM NAMED."""
        return tuple(clause.iri for clause in self.clauses if clause.named)


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The terminals of a text, in order.

    A name with dots is one of a prefix if a colon follows it, else each of its words is a token.
    """
    at = start
    while found := LEXER.search(text, at):
        kind, at = found.lastgroup or "", found.end()
        if kind != "run":
            yield Token(kind, found[0], found.start(), at)
        elif text.startswith(":", at) and text[at - 1] != ".":
            local = LOCAL_PART.match(text, at + 1)
            at = local.end() if local else at + 1
            yield Token("prefixed", text[found.start() : at], found.start(), at)
        else:
            for word in WORD.finditer(text, found.start(), at):
                yield Token("word", word[0], word.start(), word.end())


def read_prologue(text: str) -> Prologue:
    """The prologue of a text: all declared before its form, exactly as the grammar has it."""
    base, at = "", 0
    prefixes: dict[str, str] = {}
    for _ in range(MOST_DECLARED):
        declared = DECLARED.match(text, at)
        if declared is None:
            break
        if not declared["version"]:
            iri = resolve(base, unescape(declared["iri"]))
            if len(iri) > LONGEST_DECLARED:
                break
            if declared["base"]:
                base = iri
            else:
                prefixes[declared["prefix"]] = iri
        at = declared.end()
    form = FORM_WORD.match(text, at)
    if form is None:
        return Prologue(None, base, prefixes, len(text), at)
    name = cast(QueryForm, form["form"].lower())
    return Prologue(name, base, prefixes, form.start("form"), form.end())


def scan_structure(text: str) -> QueryStructure:
    """The structure of a query; `depth` counts the brackets, which nest no deeper."""
    prologue = read_prologue(text)
    # As a rule there is none, and nothing more to read.
    clauses = dataset_clauses(text, prologue) if "from" in text.lower() else ()
    return QueryStructure(prologue.form, prologue.prefixes, tuple(clauses), brackets(text))


@lru_cache(maxsize=32)
def read_structure(text: str) -> QueryStructure:
    """The structure of a query, with the depth to which its brackets are nested."""
    return replace(scan_structure(text), depth=depth_of(text, read_prologue(text).end))


def depth_of(text: str, start: int) -> int:
    """The depth to which the brackets of a text are nested from there on, at most."""
    depth = deepest = 0
    for token in STRUCTURE.finditer(text, start):
        match token.lastgroup:
            case "open":
                depth += 1
                deepest = max(deepest, depth)
            case "close":
                depth = max(0, depth - 1)
            case "iri":
                # `?a<?b#>` may be a comparison and a comment, `?a<(((?b)))>?c` two comparisons.
                if "#" in token["iri"] and not HIERARCHICAL.match(token["iri"]):
                    return brackets(text)
                deepest = max(deepest, depth + brackets(token["iri"]))
            case "text":
                if not is_ended(token[0]):
                    return brackets(text)
    return deepest


def dataset_clauses(text: str, prologue: Prologue) -> Iterator[DatasetClause]:
    """The FROM clauses of a query: between its form and its WHERE, within no bracket."""
    depth = 0
    template = prologue.form == "construct"
    begun: int | None = None  # where the FROM began whose graph comes now
    named = False
    for token in islice(tokens(text, prologue.end), MOST_TOKENS):
        kind, written, rest = token.kind, token.text, token.start
        if kind == "comment":
            continue
        if kind == "open":
            if not depth and written == "{" and not template:
                return
            depth += 1
            template = template and written != "{"
        elif kind == "close":
            depth -= 1
        if depth:
            continue
        for _ in range(2):  # no more than FROM and NAMED can stand in one
            keyword = GLUED.match(text, rest, token.end)
            if kind not in ("word", "prefixed") or keyword is None:
                break
            if kind == "prefixed" and not is_keyword(text, rest, token, prologue, begun):
                break
            if keyword[0].lower() == "from":
                begun, named = rest, False
            elif keyword[0].lower() == "where":
                template = False
            named = named or (begun is not None and keyword[0].lower() == "named")
            rest = keyword.end()
        if rest == token.end:
            continue
        if begun is not None and kind in ("iri", "prefixed"):
            iri = absolute_iri(text[rest : token.end], prologue)
            yield DatasetClause(begun, token.end, iri, named)
        begun, named = None, False


def is_keyword(text: str, at: int, token: Token, prologue: Prologue, begun: int | None) -> bool:
    """True where a prefixed name such as `FROMex:g` is a keyword and another name to the engine.

    A name stands first where one may: after FROM, and in the list of a DESCRIBE.
    """
    if begun is None and prologue.form != "describe":
        return True
    return text[at : token.end].partition(":")[0] not in prologue.prefixes


def service_place(text: str) -> tuple[int, int] | None:
    """Line and column of what may be SERVICE to some reader of the text; None where it is to none.

    Of two readings it takes the one that finds it: what follows a string that nobody ends, or an
    IRI that may be a comparison and a comment, is not trusted to be one.
    """
    first = text.lower().find("service")
    if first < 0:
        return None
    prologue = read_prologue(text)
    for token in tokens(text, prologue.end):
        lowered = token.text.lower()
        prefix = token.text.partition(":")[0]
        match token.kind:
            case "word" if "service" in lowered:
                return place_of(text, token.start + lowered.find("service"))
            case "prefixed" if "service" in prefix.lower() and prefix not in prologue.prefixes:
                return place_of(text, token.start + lowered.find("service"))
            case "iri" if "#" in token.text and not HIERARCHICAL.match(token.text, 1):
                return place_of(text, first)
            case "text" if not is_ended(token.text):
                return place_of(text, first)
    return None


def absolute_iri(written: str, prologue: Prologue) -> str:
    """The IRI that a text writes so, against its base."""
    if written.startswith("<"):
        return resolve(prologue.base, unescape(written[1:-1]))
    prefix, _, local = written.partition(":")
    return prologue.prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def is_ended(string: str) -> bool:
    """True where a string that the lexer has read has its closing quotes."""
    quotes = string[:3] if string[:3] in ('"""', "'''") else string[:1]
    body = string[len(quotes) :]
    if not body.endswith(quotes):
        return False
    rest = body[: -len(quotes)]
    return (len(rest) - len(rest.rstrip("\\"))) % 2 == 0


def brackets(text: str) -> int:
    """The number of brackets that open in a text, whatever they stand in."""
    return sum(map(text.count, ("(", "{", "[", "<<")))


def unescape(text: str) -> str:
    r"""The text with the characters that `\u` and `\U` stand for."""
    return ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else escape[0]


def resolve(base: str, iri: str) -> str:
    """An IRI against the base; `urljoin` alone would lose the `#` that ends a namespace."""
    try:
        resolved = urljoin(base, iri)
    except ValueError:  # no host, as in `http://[`: the engine's parser refuses it
        return iri
    return resolved + "#" if iri.endswith("#") and not resolved.endswith("#") else resolved


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
