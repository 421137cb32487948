"""The groups of a query that is being written, and what may stand at a place of it.

No parser reads half a query, so a walk over the terminals (`server.engine.query_text`) keeps the
brackets that are open and, in each, what comes next: subject, predicate or object (SPARQL 1.1
Query, 19.8, rules 52 to 83). It never fails; what it cannot place it leaves to the engine's parser.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as joined

from server.engine.query_text import Token, tokens

PATTERNS = frozenset(
    ("where", "group", "optional", "minus", "exists", "graph", "service", "union", "template")
)
"""The kinds of brackets in which triples stand; `blank` and `list` are parts of a triple."""
INTRODUCING = {
    "OPTIONAL": "optional",
    "MINUS": "minus",
    "GRAPH": "graph",
    "SERVICE": "service",
    "UNION": "union",
    "VALUES": "data",
    "FILTER": "expression",
    "BIND": "expression",
}
TERMS = ("iri", "prefixed", "variable", "text", "number", "blank")
CLOSING = {"{": "}", "[": "]", "(": ")"}


@dataclass(eq=False)
class Group:
    """A bracket, what introduces it, and what comes next in it."""

    kind: str
    start: int
    """The offset of what introduces it, else of its bracket."""
    open: int
    bracket: str = "{"
    parent: Group | None = None
    close: int = -1
    """The offset of its closing bracket; -1 where it is open still."""
    state: str = "subject"
    """`subject`, `predicate`, `object`, `after` an object; `other` where no term of a triple is."""
    lead: str = ""
    """The state of the parent before it."""
    before: str = ""
    """Its own state before a keyword that announces a group."""
    subject: str = ""
    slot: int = 0
    """The offset of the subject or semicolon after which the predicate is."""
    written: int = 0
    """The offset at which the predicate may begin."""
    verb: str = ""
    pending: tuple[str, int] | None = None
    """The kind of group that a keyword has announced, and where the keyword is."""
    selects: bool = False


@dataclass(frozen=True)
class Place:
    """A place in a query: what may stand there, and the text that would be replaced."""

    position: str
    """`subject`, `predicate`, `class`, `object`; empty where no term can stand."""
    start: int
    end: int
    groups: tuple[Group, ...] = ()
    """The brackets around it, the outermost first."""
    subject: str = ""
    slot: int = 0
    path: str = ""
    """The part of a property path that stands before it."""


@dataclass(frozen=True)
class Reading:
    """The groups of a text, in order; those that are open at its end; the place asked for."""

    groups: tuple[Group, ...]
    unclosed: tuple[Group, ...]
    place: Place
    variables: tuple[tuple[int, str], ...]
    """The variables, each with its offset, in order."""


def read(text: str, at: int) -> Reading:
    """The groups of a text, and the place at an offset of it."""
    start, end, typed = touched(text, at)
    walk = Walk(text)
    place = None
    for token in marked(text):
        if place is None and token.start >= start:
            place = walk.place(start, end) if typed else Place("", start, end)
        walk.step(token)
    place = place or (walk.place(start, end) if typed else Place("", start, end))
    return Reading(tuple(walk.groups), tuple(walk.stack[1:]), place, tuple(walk.variables))


def touched(text: str, at: int) -> tuple[int, int, bool]:
    """The span of the name that is being written at an offset, and False in a string or comment."""
    for token in tokens(text):
        if token.start >= at:
            break
        if at < token.end or (at == token.end and token.kind not in ("open", "close")):
            named = token.kind in ("word", "prefixed", "iri")
            ended = token.kind == "text" and at == token.end
            return (token.start, token.end, named) if not ended else (at, at, True)
    return at, at, True


def marked(text: str) -> Iterator[Token]:
    """The terminals of a text with the signs between them, each sign for itself."""
    at = 0
    for token in joined(tokens(text), [Token("end", "", len(text), len(text))]):
        for offset in range(at, token.start):
            if not text[offset].isspace():
                yield Token("sign", text[offset], offset, offset + 1)
        if token.kind != "end":
            yield token
        at = token.end


class Walk:
    """The walk over the terminals of a text: the brackets that are open, and their states."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups: list[Group] = []
        self.variables: list[tuple[int, str]] = []
        self.stack = [Group("text", 0, 0, state="other")]
        self.awaited: Counter[str] = Counter()
        """The brackets that would close those that are open, each with how many there are."""

    @property
    def now(self) -> Group:
        """The innermost bracket that is open."""
        return self.stack[-1]

    def place(self, start: int, end: int) -> Place:
        """The place at this point of the walk."""
        group = next((each for each in reversed(self.stack) if each.kind != "path"), self.now)
        state = group.state if self.now.kind != "path" else "predicate"
        if group.kind not in PATTERNS | {"blank", "list"} or state in ("after", "other"):
            return Place("", start, end)
        path = self.text[group.written : start].strip() if state == "predicate" else ""
        position = "class" if state == "object" and is_type(group.verb) else state
        groups = tuple(each for each in self.stack[1:] if each.kind != "path")
        return Place(position, start, end, groups, group.subject, group.slot, path)

    def step(self, token: Token) -> None:
        """One terminal further."""
        match token.kind:
            case "open":
                self.enter(token)
            case "close":
                self.leave(token)
            case "sign":
                self.sign(token)
            case "word" if token.text not in ("a", "true", "false"):
                self.keyword(token)
            case "comment" | "language":
                pass
            case _:
                self.term(token)

    def keyword(self, token: Token) -> None:
        """A keyword, or the name of a function."""
        word, group = token.text.upper(), self.now
        if word == "SELECT":
            group.selects, group.state, group.pending = True, "other", None
        elif word in ("CONSTRUCT", "WHERE") and group.kind == "text":
            group.pending = ("template" if word == "CONSTRUCT" else "where", token.start)
        elif word == "EXISTS":
            begun = group.pending[1] if group.pending else token.start
            group.pending = ("exists", begun)
        elif word in INTRODUCING and group.kind in PATTERNS:
            group.before = group.state
            group.pending, group.state = (INTRODUCING[word], token.start), "other"

    def term(self, token: Token) -> None:
        """An IRI, a variable, a literal, a blank node or `a`."""
        group = self.now
        if token.kind == "variable":
            self.variables.append((token.start, token.text[1:]))
        self.advance(group, token.text, token.start, token.end)

    def advance(self, group: Group, written: str, start: int, end: int) -> None:
        """The next state of a group, after a term of a triple."""
        if group.kind not in PATTERNS | {"blank", "list"}:
            return
        match group.state:
            case "subject":
                group.subject, group.slot, group.written = written, start, end
                group.state, group.verb = "predicate", ""
            case "predicate":
                group.verb = f"{group.verb}/{written}" if group.verb else written
                group.state = "object"
            case "object" if group.kind != "list":
                group.state = "after"

    def sign(self, token: Token) -> None:
        """A sign between terms."""
        group = self.now
        if group.kind not in PATTERNS | {"blank"} or group.selects:
            return
        if token.text == "." and group.kind != "blank":
            group.state, group.pending = "subject", None
        elif token.text == ";" and group.state in ("after", "predicate"):
            group.state, group.verb = "predicate", ""
            group.slot, group.written = token.start, token.end
        elif token.text == "," and group.state == "after":
            group.state = "object"
        elif token.text in "/|" and group.state == "object":
            group.state = "predicate"

    def enter(self, token: Token) -> None:
        """A bracket that opens."""
        parent = self.now
        kind, start = self.kind_of(token, parent)
        state = {"blank": "predicate", "list": "object"}.get(kind, "subject")
        group = Group(kind, start, token.start, token.text, parent, state=state)
        group.lead = parent.before if parent.pending else parent.state
        group.written = token.end
        self.groups.append(group)
        self.stack.append(group)
        self.awaited[CLOSING[group.bracket]] += 1

    def kind_of(self, token: Token, parent: Group) -> tuple[str, int]:
        """The kind of a bracket, and where what introduces it stands."""
        introduced = parent.pending
        if token.text == "{":
            if introduced and introduced[0] != "expression":
                inner = introduced[0] == "exists" and parent.kind not in PATTERNS
                return ("inner", token.start) if inner else introduced
            return ("where" if parent.selects or parent.kind == "text" else "group"), token.start
        if token.text == "[":
            return "blank", token.start
        if parent.kind in ("path", "expression", "data", "text") or introduced or parent.selects:
            begun = introduced[1] if introduced and introduced[0] == "expression" else token.start
            return ("path" if parent.kind == "path" else "expression"), begun
        return ("path" if parent.state == "predicate" else "list"), token.start

    def leave(self, token: Token) -> None:
        """A bracket that closes: with it those that nobody has closed within."""
        if not self.awaited[token.text]:
            return
        while True:
            group = self.stack.pop()
            self.awaited[CLOSING[group.bracket]] -= 1
            if CLOSING[group.bracket] == token.text:
                break
        group.close = token.start
        parent = self.now
        if group.bracket == "{":
            parent.pending = None
            parent.state = "other" if parent.selects or parent.kind == "text" else "subject"
        elif group.kind in ("blank", "list"):
            self.advance(parent, "", group.open, token.end)
        elif group.kind == "path" and parent.kind != "path":
            parent.verb, parent.state = "()", "object"
        elif parent.pending and parent.pending[0] == "expression":
            parent.pending, parent.state = None, "subject"


def is_type(verb: str) -> bool:
    """True where a predicate is that of classes."""
    return verb in ("a", "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
