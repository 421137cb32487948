"""The needs of HTTP in every answer: formats, negotiation, headers, problems, limits."""
