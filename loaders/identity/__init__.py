"""Which authority a name means, at a date."""
