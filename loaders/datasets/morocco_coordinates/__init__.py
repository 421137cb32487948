"""Where Moroccan communes are: populated places of GeoNames by code and name."""
