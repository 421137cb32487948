"""The vocabulary of Maillage: namespaces, documents, entailment rules, shapes."""
