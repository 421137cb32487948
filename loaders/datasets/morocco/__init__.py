"""Morocco: régions, provinces, cercles, communes and arrondissements of the censuses."""
