"""The SHACL shapes as SPARQL."""
