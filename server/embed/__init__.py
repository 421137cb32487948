"""Results in other people's pages."""
