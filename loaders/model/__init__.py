"""Typed records, and the RDF that is made of them."""
