"""The divisions of two levels that GeoNames has of countries of French-speaking partnerships."""
