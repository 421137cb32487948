"""The groupings of communes of today: EPCI à fiscalité propre and EPT, with their members."""
