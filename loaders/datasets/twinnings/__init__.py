"""Twinnings: lists of two-ended ties between towns, as a table or as a result of Wikidata."""
