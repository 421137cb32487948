"""The documents to which the IRIs of the data lead, and the files to take away."""
