"""The endpoint: protocol, engine, pages and command line."""
