"""Closes the N-Triples on standard input under OWL 2 RL by owlrl and writes N-Triples.

A program of its own: importing owlrl replaces rdflib's literal converters process-wide. The
contradictions that it finds come as triples too, the seconds that it took on standard error.
"""

import sys
import time

from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import Graph, Literal

# owlrl logs a traceback for every valid xsd:gMonthDay: its converter knows only a fixed day.
lines = [line for line in sys.stdin if "gMonthDay" not in line]
graph = Graph().parse(data="".join(lines), format="nt")
start = time.perf_counter()
DeductiveClosure(OWLRL_Semantics).expand(graph)
sys.stderr.write(f"{time.perf_counter() - start:.3f}\n")
for triple in list(graph.triples((None, None, None))):
    if isinstance(triple[0], Literal):
        graph.remove(triple)
sys.stdout.write(graph.serialize(format="nt"))
