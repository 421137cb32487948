"""The subdivisions of ISO 3166-2 in countries of French-speaking partnerships."""
