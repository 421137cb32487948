"""The SHACL shapes as SPARQL."""

SEVERITIES = ("Violation", "Warning", "Info")
"""The severities of a result of validation (SHACL, 2.1.4), the gravest first."""
