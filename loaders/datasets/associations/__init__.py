"""Profiles of national associations of local authorities."""
