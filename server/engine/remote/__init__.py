"""Any SPARQL 1.1 engine elsewhere, behind the interface of `server.engine`."""
