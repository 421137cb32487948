"""The countries of the EU authority table, with their ISO codes and their names in fr, en, ar."""
