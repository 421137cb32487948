"""A query cut to what tells which terms leave a row at a place of it.

The rest of the query stays as it is written, but for this: what encloses the place is made to hold
(OPTIONAL, EXISTS and MINUS become part of the pattern), an OPTIONAL elsewhere goes where nothing
depends on it, and of the SELECT around the place only its pattern is asked, as far as it hangs
together with the place.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ontology.namespaces import PREFIXES
from server.editor.component import Pattern, parted
from server.editor.reading import CLOSING, TERMS, Group, Place, Reading, marked, read
from server.engine.query_text import Prologue, dataset_clauses, read_prologue

REFUSED = frozenset(("service", "inner", "template", "data", "expression"))
"""The brackets in which the data cannot be asked what may stand there."""
GOING_ON = "/|*+?)^"
MOST_GROUPS, DEEPEST = 200, 50


@dataclass(frozen=True)
class Cut:
    """What to ask for the terms at a place, best first: each a pattern that may be no SPARQL."""

    place: Place
    head: str
    clauses: str
    patterns: tuple[Pattern, ...]
    prologue: Prologue
    """Its declarations, those of the site among them."""
    term: str = "_term"

    def any_row(self, pattern: Pattern) -> str:
        """The question for a row of what stands aside."""
        return f"{self.head}SELECT (1 AS ?n) {self.clauses}WHERE {{ {pattern.aside}\n}} LIMIT 1"

    def query(self, pattern: Pattern, limit: int, among: str = "") -> str:
        """The question which terms, and with how many rows; `among` those IRIs only."""
        only = f"FILTER(?{self.term} IN ({among}))" if among else ""
        return (
            f"{self.head}SELECT ?{self.term} (COUNT(*) AS ?n) {self.clauses}"
            f"WHERE {{ {pattern.text}\nFILTER(isIRI(?{self.term})) {only} }} "
            f"GROUP BY ?{self.term} ORDER BY DESC(?n) ?{self.term} LIMIT {limit}"
        )


def cut(text: str, at: int) -> Cut:
    """The cut of a text at an offset; without patterns where none can be asked."""
    place = read(text, at).place
    prologue = read_prologue(text)
    declared = {**PREFIXES, **prologue.prefixes}
    prologue = replace(prologue, prefixes=declared)
    head = f"BASE <{prologue.base}>\n" if prologue.base else ""
    head += "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in declared.items())
    clauses = "".join(
        f"FROM {'NAMED ' if each.named else ''}<{each.iri}> "
        for each in dataset_clauses(text, prologue)
    )
    names = fresh(text)
    refused = any(group.kind in REFUSED for group in place.groups[:DEEPEST])
    refused = refused or len(place.groups) > DEEPEST
    if place.position not in ("predicate", "class", "object") or refused:
        return Cut(place, head, clauses, (), prologue, names[0])
    found = (pattern_of(*each, names[0]) for each in written(text, place, names))
    patterns = tuple(dict.fromkeys(each for each in found if each))
    return Cut(place, head, clauses, patterns, prologue, names[0])


def fresh(text: str) -> tuple[str, str, str]:
    """Three names of variables that a text does not have."""
    line = "_"
    while f"{line}term" in text or f"{line}object" in text or f"{line}middle" in text:
        line += "_"
    return f"{line}term", f"{line}object", f"{line}middle"


def written(text: str, place: Place, names: tuple[str, str, str]) -> Iterator[tuple[str, int]]:
    """The texts with a variable at the place, each with the variable's offset; the fullest first.

    What follows may belong to the triple that is being written or to the next: both are tried. The
    last goes no further than the place.
    """
    term, unknown, _ = names
    before, after = text[: place.start], text[place.end :]
    if place.position == "predicate" and place.path:
        whole = along(text, place, names)
        if whole:
            yield f"{whole} ", len(whole) - 1
        return
    following = next(marked(after), None)
    if place.position == "predicate":
        if following and following.text in GOING_ON:
            following, after = None, ""
        if following and (following.kind in TERMS or following.text in "[("):
            yield f"{before}?{term} {after}", len(before)
        alone = f"?{term} ?{unknown}"
    else:
        alone = f"?{term}"
    if following:
        yield f"{before}{alone} {after}", len(before)
        yield f"{before}{alone} . {after}", len(before)
    yield f"{before}{alone} ", len(before)


def along(text: str, place: Place, names: tuple[str, str, str]) -> str:
    """The text up to a place in a property path: its part before leads to a node in the middle."""
    term, unknown, middle = names
    if not place.subject or "!" in place.path:
        return ""
    steps, inverse = steps_before(place.path)
    start = f"?{middle}" if steps else place.subject
    found = f"?{unknown} ?{term} {start}" if inverse else f"{start} ?{term} ?{unknown}"
    led = f"{place.subject} {steps} ?{middle} . " if steps else ""
    dot = " . " if text[place.slot] == ";" else " "
    return f"{text[: place.slot]}{dot}{led}{found}"


def steps_before(path: str) -> tuple[str, bool]:
    """The steps of a path that are walked before its end, and True where the next is inverse."""
    levels: list[tuple[str, bool, int]] = [("", False, 0)]
    steps, inverse = "", False
    for token in marked(path):
        match token.text:
            case "(":
                levels.append((steps, inverse, token.start))
            case ")":
                # A bracket that is closed stands for itself.
                before, turned, opened = levels.pop() if len(levels) > 1 else levels[0]
                steps = f"{before}{'^' if turned else ''}{path[opened : token.end]}"
                inverse = False
            case "|":
                steps, inverse, _ = levels[-1]
            case "^":
                inverse = True
            case "/":
                steps, inverse = f"{steps}/", False
            case _:
                steps, inverse = f"{steps}{'^' if inverse else ''}{token.text}", False
    return steps.rstrip("/"), inverse


def pattern_of(text: str, at: int, term: str) -> Pattern | None:
    """The pattern of the SELECT around a place; None where it stands in none."""
    closed = text + "".join(CLOSING[each.bracket] for each in reversed(read(text, at).unclosed))
    reading = read(closed, at)
    around = [group for group in reading.groups if group.open < at <= group.close]
    roots = [group for group in around if group.kind == "where"]
    if not roots:
        return None
    root = roots[-1]
    edits = [edit for group in around[around.index(root) + 1 :] for edit in held(group)]
    edits += [
        (group.start, group.close + 1, joint(group.lead)) for group in idle(reading, root, around)
    ]
    pieces, since = [], root.open + 1
    for start, end, instead in sorted(edits):
        pieces += [closed[since:start], instead]
        since = end
    pattern = "".join([*pieces, closed[since : root.close]])
    if len(reading.groups) > MOST_GROUPS:
        return Pattern(pattern)
    return parted(pattern, term)


def held(group: Group) -> Iterator[tuple[int, int, str]]:
    """The edits that make a group a part of the pattern that it stands in."""
    if group.kind in ("optional", "exists"):
        # Without its brackets, for its filters may speak of what is outside.
        yield group.start, group.open + 1, joint(group.lead)
        yield group.close, group.close + 1, joint(group.state)
    elif group.kind == "minus":
        yield group.start, group.open, joint(group.lead)


def joint(state: str) -> str:
    """The sign between two patterns, where the first is in that state."""
    return " . " if state == "after" else " "


def idle(reading: Reading, root: Group, around: Sequence[Group]) -> Sequence[Group]:
    """The OPTIONAL groups beside a place that no row depends on: what they bind is used by none.

    They cost much, where the engine evaluates them before what follows, and change no term.
    """
    if len(reading.groups) > MOST_GROUPS:
        return ()
    found = [
        group
        for group in reading.groups
        if group.kind == "optional" and group.parent in around and group not in around
        if root.open < group.open < root.close
    ]
    within = names_within(reading.variables, found)
    used = {
        name
        for place, name in names_outside(reading.variables, found)
        if root.open < place < root.close
    }
    binds = {group: within[group] - bound_before(group, reading, root) for group in found}
    while needed := [group for group in found if not used.isdisjoint(binds[group])]:
        found = [group for group in found if group not in needed]
        used.update(*(within[group] for group in needed))
    return found


def bound_before(group: Group, reading: Reading, root: Group) -> frozenset[str]:
    """The variables that stand before a group in the pattern around it, in no group beside it."""
    outer = group.parent or root
    beside = [
        each
        for each in reading.groups
        if each.parent is group.parent and each.kind not in ("blank", "list", "path")
    ]
    outside = names_outside(reading.variables, beside)
    return frozenset(name for place, name in outside if outer.open < place < group.start)


def names_outside(
    variables: Sequence[tuple[int, str]], groups: Sequence[Group]
) -> Sequence[tuple[int, str]]:
    """The variables that stand in none of some groups, which lie in order beside each other."""
    found, since = list[tuple[int, str]](), 0
    for group in groups:
        found += variables[since : bisect_left(variables, (group.open,))]
        since = max(since, bisect_left(variables, (group.close,)))
    return [*found, *variables[since:]]


def names_within(
    variables: Sequence[tuple[int, str]], groups: Sequence[Group]
) -> Mapping[Group, frozenset[str]]:
    """The variables that stand in each of some groups."""
    ends = {
        each: [bisect_left(variables, (at,)) for at in (each.open, each.close)] for each in groups
    }
    return {
        each: frozenset(name for _, name in variables[start:end])
        for each, (start, end) in ends.items()
    }
