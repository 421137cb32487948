"""Source files into a version folder."""
