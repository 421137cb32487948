"""French régions, départements and overseas collectivités, and the régions before 2016."""
