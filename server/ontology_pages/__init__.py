"""The ontology for people and for machines."""
