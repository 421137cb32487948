"""Themes and goals of a page: labels to concepts, the finest known level of each path."""

from __future__ import annotations

import re

from loaders.datasets.atlas.page import AtlasLine
from loaders.model.records import ThemePriority
from loaders.model.values import Ref
from ontology.namespaces import CONCEPT
from ontology.schemes import concept, leading_concept


def concept_ref(scheme: str, label: str) -> Ref | None:
    """The concept of a scheme that carries a label, or None."""
    found = concept(scheme, label)
    return Ref(f"concept/{found.removeprefix(str(CONCEPT))}") if found else None


def theme_priority(line: AtlasLine) -> ThemePriority:
    """A row of the other themes: up to three labels, and the priority.

    Without column marks the longest known labels are read from the left. What no scheme knows is
    kept as the page has it; empty cells may have moved to the end of the row.
    """
    if line.cells:
        cells = [cell for cell in line.cells if cell]
        priority = int(cells.pop()) if re.fullmatch(r"\d{1,3}", cells[-1]) else None
        known = [concept_ref("theme", cell) for cell in cells]
        stated = " / ".join(cell for cell, ref in zip(cells, known, strict=True) if not ref)
        found = [ref for ref in known if ref]
    else:
        rest, priority = _priority(line.text)
        found = []
        while rest and (leading := leading_concept("theme", rest)):
            found.append(Ref(f"concept/{leading[0].removeprefix(str(CONCEPT))}"))
            rest = leading[1]
        stated = rest
    return ThemePriority(
        concept=found[-1] if found else None, theme_as_stated=stated or None, priority=priority
    )


def goal_priority(line: AtlasLine) -> ThemePriority:
    """A row of the sustainable development goals: number, label, and the priority.

    A number and a label that belong to two goals lead to none.
    """
    text, priority = _priority(line.words)
    number, dash, label = text.partition("-")
    if not dash or not number.strip().isdigit():
        number, label = "", text
    by_number = concept_ref("sdg", f"ODD {int(number)}") if number else None
    by_label = concept_ref("sdg", label)
    contradictory = by_number and by_label and by_number != by_label
    found = None if contradictory else by_number if number else by_label
    return ThemePriority(concept=found, theme_as_stated=None if found else text, priority=priority)


def _priority(text: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(.*\D)\s(\d{1,3})", text)
    return (match[1].strip(), int(match[2])) if match else (text, None)
