"""Questions as sentences of a small grammar: read, written, compiled to SPARQL, and recognised."""
