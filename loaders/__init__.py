"""Source records to RDF: datasets, identity, provenance, inference, validation, build."""
