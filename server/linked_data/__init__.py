"""What the IRIs of the data lead to, and what can be taken away."""
