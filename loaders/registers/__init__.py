"""Readers for registers of divisions, their levels, countries and codes."""
