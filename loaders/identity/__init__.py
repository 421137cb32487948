"""The identity of agents: the authority that a name means, at a date."""
