"""Closes the Turtle on standard input under OWL 2 RL and writes N-Triples.

A program of its own: importing owlrl replaces rdflib's literal converters process-wide.
"""

import sys

from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, BNode, Graph, Literal, Namespace

ERR = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")  # where owlrl puts its errors

graph = Graph().parse(data=sys.stdin.read(), format="turtle")
DeductiveClosure(OWLRL_Semantics).expand(graph)
for s, p, o in list(graph):
    if not isinstance(s, Literal):
        continue
    graph.remove((s, p, o))
    # Rule dt-diff, which owlrl leaves out: two values are not one.
    if p == OWL.sameAs and s.value != o.value:
        error = BNode()
        graph.add((error, RDF.type, ERR.ErrorMessage))
        graph.add((error, ERR.error, Literal(f"{s} and {o} are different values")))
sys.stdout.write(graph.serialize(format="nt"))
