"""Parts of the graph, to take away: `/export/{type}/{key}.{format}` and `maillage export`."""
