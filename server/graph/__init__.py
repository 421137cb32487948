"""The questions of the site to the graph."""
