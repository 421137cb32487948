"""The closure under OWL 2 RL, by owlrl, of the N-Triples on standard input, as N-Triples.

A program of its own (`python -m ontology.rules.owlrl_closure`), because owlrl replaces rdflib's
converters of literals in its process. Contradictions come as triples too (`closure.ERROR`).
"""

from __future__ import annotations

import logging
import sys

from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.DatatypeHandling import AltXSDToPYTHON
from rdflib import XSD, Graph, Literal


def main() -> None:
    """Read, close, write."""
    # owlrl's own converter takes 05-12 for a day of a year and refuses the valid --05-12.
    AltXSDToPYTHON[XSD.gMonthDay] = str
    # What is no value of its datatype is told as a contradiction; rdflib would log a traceback.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    graph = Graph().parse(sys.stdin.buffer, format="nt")
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    for triple in [triple for triple in graph if isinstance(triple[0], Literal)]:
        graph.remove(triple)
    sys.stdout.buffer.write(graph.serialize(format="nt", encoding="utf-8"))


if __name__ == "__main__":
    main()
