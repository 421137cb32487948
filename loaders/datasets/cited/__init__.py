"""Ties, amounts and associations that public pages tell of, read by hand, each with its page."""
