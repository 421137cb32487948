"""What HTTP asks of every answer: formats, negotiation, headers, problems, limits."""
