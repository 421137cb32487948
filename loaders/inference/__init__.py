"""The triples that follow under OWL 2 RL, and why."""
