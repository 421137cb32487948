"""What the site asks the graph."""
