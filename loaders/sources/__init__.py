"""Source files and datasets, read with distrust, and an account of what became of each line."""
