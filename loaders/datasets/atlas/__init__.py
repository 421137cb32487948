"""Project pages of the French atlas of decentralised cooperation."""
