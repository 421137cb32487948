"""Statements written by hand, for what a document says in prose."""
