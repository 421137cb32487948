"""INSEE's Code officiel géographique: its tables, and the history of communes that they tell."""
