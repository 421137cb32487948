"""The coordinates of French communes: populated places of GeoNames by INSEE code."""
