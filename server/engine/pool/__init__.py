"""Evaluators: processes that a query may kill, over a version in Oxigraph."""
