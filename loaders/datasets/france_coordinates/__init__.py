"""Where French communes are: populated places of GeoNames by INSEE code."""
