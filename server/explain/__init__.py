"""Why a triple holds, as a page, as JSON and in RDF."""
