"""French communes and their parts: what exists today, and every dated version since 1943."""
