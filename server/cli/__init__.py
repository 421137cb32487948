"""The command `maillage`."""
