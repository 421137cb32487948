"""What the outermost group of a query begins with, and what its filters ask of variables.

A lexer reads, with the terminals of `outline`: where the text may be read in another way, there is
no group, the triples end, a condition asks nothing.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from server.engine.query_text import HIERARCHICAL, TERMINALS

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TOKENS = re.compile(
    r"\s*+(?:"
    + TERMINALS.pattern
    + r"""| (?P<number>(?:\d+\.\d*[eE]|\.?\d+[eE])[+-]?\d+ | \d*\.\d+ | \d+)
          | (?P<sign>&& | \|\| | \^\^ | [<>!]= | \S))""",
    re.VERBOSE | re.DOTALL,
)
# Shapes of conditions: one space between two tokens, strings and languages taken out.
VALUE = r"(?:(?:str|lcase|ucase) \( )*\?(?P<variable>\w+)(?: \))*"
SEARCH = re.compile(rf'(?P<function>contains|strstarts|regex) \( {VALUE} , "(?: , ")? \)')
SAME = re.compile(rf'{VALUE} = "(?: @)?|"(?: @)? = {VALUE.replace("variable", "other")}')
# Those with more digits may pass the range of their type: for the engine they are no numbers then.
NUMBER = r"(?P<{}>(?:[+-] )?(?:\d{{1,18}}|\d{{0,18}}\.\d{{1,18}}|[\d.]+e\S+))"
COMPARED = re.compile(
    rf"\?(?P<left>\w+) (?P<operator>[<>]=?|=) {NUMBER.format('number')}|"
    rf"{NUMBER.format('other')} (?P<turned>[<>]=?|=) \?(?P<right>\w+)"
)
UNSURE = re.compile(r"[\\\n]")
PATTERN = re.compile(r"(\^?)([^\\.^$*+?()\[\]{}|]*)")
TURNED = str.maketrans("<>", "><")
# Blocks that make something of the solutions of what stands before them.
LATER = ("optional", "minus", "bind")
NODES = ("variable", "iri", "prefixed", "blank", "text", "number")


class Token(NamedTuple):
    """A terminal; a bracket that opens has with it all up to the one that closes."""

    kind: str
    text: str
    parts: "list[Token]"


class Triple(NamedTuple):
    """A triple of a group; what is no variable is None, a predicate that is no IRI too."""

    subject: str | None
    predicate: str | None
    object: str | None


NOTHING = Token("", "", [])


@dataclass
class Bounds:
    """What the filters of a group ask of one variable."""

    low: float = -math.inf
    high: float = math.inf
    texts: list[str] = field(default_factory=list)


def outermost_group(text: str, start: int, form: str) -> tuple[int, list[Token]] | None:
    """Where the group that is the pattern of a query begins, and what is in it.

    None where there is none, and where an IRI may be a comparison (`?a<?b && ?c>?d`).
    """
    stack: list[list[Token]] = [[]]
    template = form == "construct"
    for match in TOKENS.finditer(text, start):
        kind = match.lastgroup or ""
        value = match[kind]
        if kind == "comment":
            continue
        if kind == "close":
            closed = stack.pop()
            if not stack:
                return None
            if len(stack) == 1 and value == "}":
                if not template:
                    return start, closed
                template = False
            continue
        if (kind == "iri" and not HIERARCHICAL.match(value)) or (
            template and kind == "word" and len(stack) == 1  # the short form, without filters
        ):
            return None
        parts: list[Token] = []
        dot = kind == "prefixed" and value[-1] == "."  # which ends the triple
        stack[-1].append(Token(kind, value.rstrip(".") if dot else value, parts))
        if dot:
            stack[-1].append(Token("sign", ".", parts))
        elif kind == "open":
            if value == "{" and len(stack) == 1 and not template:
                start = match.end()
            stack.append(parts)
    return None


def opening_triples(group: list[Token], prefixes: dict[str, str]) -> list[Triple] | None:
    """The triples that a group begins with, filters among them left out.

    None where anything but the group's end or a block that cannot come first ends them.
    """
    triples: list[Triple] = []
    subject = verb = NOTHING
    at, end = 0, len(group)
    group = [*group, NOTHING, NOTHING, NOTHING]
    while at < end:
        token = group[at]
        word = token.text.lower() if token.kind == "word" else ""
        at += 1
        if verb is not NOTHING:
            if token.kind not in NODES:
                return None
            if token.kind == "text":
                at += 2 if group[at].text == "^^" else group[at].kind == "language"
            mark = group[at].text if group[at].kind == "sign" else ""
            if mark not in ("", ".", ";", ","):
                return None
            triples.append(Triple(name(subject), iri(verb, prefixes), name(token)))
            verb = verb if mark == "," else NOTHING
            subject = subject if mark in (",", ";") else NOTHING
            at += mark != ""
        elif word == "filter":
            subject = NOTHING
            at += len(condition(group, at))
        elif word in LATER:
            break
        elif token.kind == "sign" and token.text in (".", ";"):
            subject = subject if token.text == ";" else NOTHING
        elif subject is NOTHING and token.kind in NODES[:4]:
            subject = token
        elif subject is not NOTHING and (token.kind in NODES[:3] or word == "a"):
            verb = token
        else:
            return None
    return triples


def name(token: Token) -> str | None:
    """The variable that a token is."""
    return token.text if token.kind == "variable" else None


def iri(token: Token, prefixes: dict[str, str]) -> str | None:
    """The IRI that a token is."""
    if token.kind == "iri":
        return token.text
    if token.kind == "word":
        return TYPE
    prefix, colon, local = token.text.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None


def condition(group: list[Token], at: int) -> list[Token]:
    """The condition of a filter: brackets, and the words before them."""
    end = at
    while end < len(group) and group[end].kind != "open":
        end += 1
    return group[at : end + 1]


def bounds(group: list[Token]) -> dict[str, Bounds]:
    """What the filters of a group, and not of a group within, ask of variables."""
    asked: dict[str, Bounds] = {}
    for at, token in enumerate(group):
        if token.kind == "word" and token.text.lower() == "filter":
            for one in conjuncts(condition(group, at + 1)):
                take(one, asked)
    return asked


def conjuncts(parts: list[Token]) -> Iterator[list[Token]]:
    """The conditions that must all be true for one to be true."""
    signs = [token.text if token.kind == "sign" else "" for token in parts]
    if "||" in signs:
        return
    if "&&" in signs:
        start = 0
        for at in [*(at for at, sign in enumerate(signs) if sign == "&&"), len(parts)]:
            yield from conjuncts(parts[start:at])
            start = at + 1
    elif len(parts) == 1 and parts[0].text == "(":
        yield from conjuncts(parts[0].parts)
    else:
        yield parts


def shape(parts: list[Token], texts: list[str]) -> str:
    """A condition as words; its strings are added to a list."""
    words = []
    for kind, text, within in parts:
        if kind == "open":
            words.append(f"{text} {shape(within, texts)} )")
        elif kind == "variable":
            words.append(f"?{text}")
        elif kind == "text":
            texts.append(text)
            words.append('"')
        else:
            words.append("@" if kind == "language" else text.lower())
    return " ".join(words)


def take(parts: list[Token], asked: dict[str, Bounds]) -> None:
    """Narrow the bounds of the variable that a condition is about."""
    texts: list[str] = []
    form = shape(parts, texts)
    if not texts:
        if match := COMPARED.fullmatch(form):
            bound = asked.setdefault(match["left"] or match["right"], Bounds())
            number = float((match["number"] or match["other"]).replace(" ", ""))
            operator = match["operator"] or match["turned"].translate(TURNED)
            if operator[0] in ">=":
                bound.low = max(bound.low, number)
            if operator[0] in "<=":
                bound.high = min(bound.high, number)
    elif match := SEARCH.fullmatch(form) or SAME.fullmatch(form):
        needle = sought(match.groupdict().get("function", "="), [quoted(text) for text in texts])
        if needle is not None:
            variable = match["variable"] or match["other"]
            asked.setdefault(variable, Bounds()).texts.append(needle)


def quoted(text: str) -> str:
    """What a string says; a newline in it where that is not sure, as nothing has one."""
    size = 3 if text[:3] in ('"""', "'''") and len(text) > 5 else 1
    return "\n\n" if "\\" in text else text[size:-size]


def sought(function: str, texts: list[str]) -> str | None:
    """The text that must be there, a newline for where one begins or ends; None if not sure."""
    first, *flags = texts
    if any(UNSURE.search(text) for text in texts) or (flags and function != "regex"):
        return None
    if function == "=":
        return f"\n{first}\n"
    if function == "contains":
        return first
    if function == "strstarts":
        return f"\n{first}"
    match = PATTERN.fullmatch(first)
    if match is None or flags not in ([], [""], ["i"]):
        return None
    return ("\n" if match[1] else "") + match[2]
