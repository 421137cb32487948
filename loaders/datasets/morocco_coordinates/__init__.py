"""The coordinates of Moroccan communes: populated places of GeoNames by code and name."""
