"""The media types of requests by the SPARQL 1.1 Protocol (2.1 and 2.2)."""

URL_ENCODED = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
SPARQL_UPDATE = "application/sparql-update"
