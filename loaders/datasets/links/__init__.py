"""What others publish of the same things: INSEE's linked data, NUTS, GeoNames."""
