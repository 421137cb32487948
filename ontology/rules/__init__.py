"""The axioms of the ontology as entailment rules."""
