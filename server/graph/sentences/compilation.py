"""A question of the grammar as SPARQL, and the question in SPARQL that was made so."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, Template
from pyoxigraph import NamedNode

from ontology.namespaces import CONCEPT, COUNTRY, ID, PREFIXES, RDF
from server.engine.query_text import absolute_iri, read_prologue, tokens
from server.graph.sentences.grammar import grammar
from server.graph.sentences.question import Question, shapes
from server.iris import checked

THEME = f"{CONCEPT}theme/"
SHORT = {**PREFIXES, "theme": THEME}
"""The prefixes of the texts; only those that a text uses are declared in it."""
LONGEST_TEXT = 20_000
"""Characters of a text that may be a question's: the longest are a tenth of it."""
HEAD = 8
"""Terminals by which a text is seen to be none of the grammar's, without looking further."""
_CURIE = re.compile(r"(?<![\w<])([a-z]+):(?=[\w-]*)")
_LOCAL = re.compile(r"[A-Za-z0-9_][\w-]*")
_YEAR = re.compile(r"[\"'](\d{4})[\"']")
SORTS = {
    str(COUNTRY): "a country",
    THEME: "a theme",
    f"{ID}authority/": "an agent",
    f"{ID}organisation/": "an agent",
}
"""What may fill a slot, by the beginning of its IRI."""


def compile_question(question: Question, sentence: str = "") -> str:
    """The SPARQL of a question, with the sentence and the view as comments before it.

    The comments hold nothing that the text does not: without them it is the same question.
    """
    form = grammar().forms[question.form]
    kind = grammar().kinds.get(question.kind)
    body = template(question.form).render(
        subject=nodes(question.given("subject")),
        subject_countries=question.of_countries("subject"),
        area=nodes(question.given("area")),
        area_countries=question.of_countries("area"),
        partner=nodes(question.given("partner")),
        partner_countries=question.of_countries("partner"),
        country=nodes(question.given("country")),
        themes=nodes(question.given("theme")),
        funders=nodes(question.given("funder")),
        since=question.since,
        until=question.until,
        **{"class": kind.type if kind else "LocalAuthority"},
    )
    lines = [line.strip() for line in body.splitlines()]
    text = "\n".join(indented([line for line in lines if line]))
    used = sorted({prefix for prefix in _CURIE.findall(text) if prefix in SHORT})
    told = f"# {' '.join(sentence.split())}\n" if sentence else ""
    declared = "".join(f"PREFIX {prefix}: <{SHORT[prefix]}>\n" for prefix in used)
    return f"{told}#view: {form.view}\n{declared}\n{text}\n"


def recognise(text: str) -> Question | None:
    """The question of which a text is the SPARQL; None where it is none of the grammar's.

    It is told by the structure: comments, blanks, the names of variables and prefixes, and the
    case of keywords do not matter.
    """
    if len(text) > LONGEST_TEXT:
        return None
    shape, constants = skeleton(text)
    if numbered(shape)[:HEAD] not in heads():
        return None
    found = known_shapes().get(shape) or known_shapes().get(numbered(shape))
    if found is None:
        return None
    like, names = found
    slots: dict[str, tuple[str, ...]] = {}
    years = {"since": "", "until": ""}
    for name, values in zip(names, constants, strict=True):
        if name in years:
            years[name] = values[0]
        elif not all(map(checked, values)):
            return None
        else:
            slots[name] = values
    return Question(like.form, like.kind, slots, years["since"], years["until"])


def nodes(iris: Sequence[str]) -> list[str]:
    """The IRIs as a text writes them."""
    return [written(iri) for iri in iris]


def written(iri: str) -> str:
    """An IRI with its prefix, where it has one that people know."""
    for prefix, base in (("country", str(COUNTRY)), ("theme", THEME)):
        local = iri.removeprefix(base)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return str(NamedNode(iri))


def indented(lines: Sequence[str]) -> list[str]:
    """The lines, each as deep as its brackets are."""
    depth, found = 0, []
    for line in lines:
        depth -= line.startswith("}")
        found.append("  " * depth + line)
        depth += line.endswith("{")
    return found


@cache
def template(form: str) -> Template:
    """The template of a form's SPARQL, in which only terms and years are put."""
    environment = Environment(autoescape=False)  # noqa: S701 (no HTML)
    return environment.from_string(grammar().macros + grammar().forms[form].sparql)


Shape = tuple[str, ...]


@cache
def heads() -> frozenset[Shape]:
    """The first terminals of the questions."""
    plain = {each.form: each for each in shapes()}.values()
    return frozenset(numbered(skeleton(compile_question(each))[0])[:HEAD] for each in plain)


@cache
def known_shapes() -> Mapping[Shape, tuple[Question, Sequence[str]]]:
    """The skeletons of all questions: for each a question, and the slots that its constants fill.

    Both with the names of their variables and without: a project of a place and one with it differ
    in nothing else.
    """
    found: dict[Shape, tuple[Question, Sequence[str]]] = {}
    for each in shapes():
        names = {values[0]: slot for slot, values in each.slots.items()}
        names |= {each.since: "since", each.until: "until"}
        shape, constants = skeleton(compile_question(each))
        filled = (each, [names[values[0]] for values in constants])
        found[shape] = filled
        found.setdefault(numbered(shape), filled)
    return found


def numbered(shape: Shape) -> Shape:
    """A skeleton in which variables are numbered as they come."""
    numbers: dict[str, str] = {}
    return tuple(
        numbers.setdefault(each, f"?{len(numbers)}") if each[:1] == "?" and each[1:] else each
        for each in shape
    )


def skeleton(text: str) -> tuple[Shape, Sequence[tuple[str, ...]]]:
    """The terminals of a text without what fills slots, and what fills them, in order.

    Terms that follow one another are one filling.
    """
    prologue = read_prologue(text)
    shape: list[str] = []
    constants: list[tuple[str, ...]] = []
    end, mark = prologue.start, ""
    for token in tokens(text, prologue.start):
        mark += "".join(text[end : token.start].split())
        end = token.end
        if token.kind == "comment":
            continue
        # The dot that ends a group, or follows one, says nothing.
        if mark and not (mark == "." and (token.text == "}" or shape[-1] == "}")):
            shape.append(mark)
        mark, term, sort, value = "", token.text, "", ""
        match token.kind:
            case "variable":
                term = f"?{term[1:]}"
            case "word":
                term = str(RDF.type) if term == "a" else term.upper()
            case "iri" | "prefixed":
                term = absolute_iri(term, prologue)
                sort, value = sorted_out(term)
            case "text" if year := _YEAR.fullmatch(term):
                sort, value = "a year", year[1]
            case "text":
                term = term.replace("'", '"')
        if not value:
            shape.append(term)
        elif shape[-1] == sort:
            constants[-1] += (value,)
        else:
            shape.append(sort)
            constants.append((value,))
    rest = mark + "".join(text[end:].split())
    return (*shape, rest) if rest else tuple(shape), constants


def sorted_out(term: str) -> tuple[str, str]:
    """The sort of what may fill a slot, and its value; both empty for a term that may not."""
    return next(((sort, term) for base, sort in SORTS.items() if term.startswith(base)), ("", ""))
