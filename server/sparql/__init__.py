"""The SPARQL 1.1 Protocol and the one road to an answer."""
