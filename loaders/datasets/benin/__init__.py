"""Benin: départements, communes and arrondissements."""
