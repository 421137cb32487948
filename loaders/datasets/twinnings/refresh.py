"""Asks Wikidata for twinnings, and writes its answer as it comes.

`python -m loaders.datasets.twinnings.refresh --country FRA > twinnings.json`, then
`maillage build --source twinnings=twinnings.json`. Nothing of it ships.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from loaders.errors import SourceError

ENDPOINT = "https://query.wikidata.org/sparql"
AGENT = "maillage/0.1 (https://w3id.org/maillage/def)"
PAGE = 5000
"""Rows asked for at a time: the service ends what runs longer than a minute."""
TRIES = 5

QUERY = """\
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?a ?aLabel ?aCountry ?aPoint ?b ?bLabel ?bCountry ?bPoint WHERE {{
  {{
    SELECT DISTINCT ?a ?b WHERE {{ ?home wdt:P298 "{country}" . ?a wdt:P17 ?home ; wdt:P190 ?b }}
    ORDER BY ?a ?b LIMIT {limit} OFFSET {offset}
  }}
  OPTIONAL {{ ?a rdfs:label ?aLabel FILTER(LANG(?aLabel) = "{language}") }}
  OPTIONAL {{ ?b rdfs:label ?bLabel FILTER(LANG(?bLabel) = "{language}") }}
  OPTIONAL {{ ?a wdt:P17/wdt:P298 ?aCountry }}
  OPTIONAL {{ ?b wdt:P17/wdt:P298 ?bCountry }}
  OPTIONAL {{ ?a wdt:P625 ?aPoint }}
  OPTIONAL {{ ?b wdt:P625 ?bPoint }}
}} ORDER BY ?a ?b
"""


def harvest(
    country: str,
    language: str = "fr",
    *,
    endpoint: str = ENDPOINT,
    page: int = PAGE,
    wait: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """The twinnings of a country's towns (ISO 3166-1 alpha-3), as one SPARQL result.

    Asks page by page until one comes that is not full. A service that is busy (429, 503) is asked
    again when it says; raises SourceError where it gives no answer.
    """
    result: dict[str, Any] = {"head": {"vars": []}, "results": {"bindings": []}}
    offset = 0
    while True:
        query = QUERY.format(country=country, language=language, limit=page, offset=offset)
        answer = _ask(endpoint, query, wait)
        bindings = answer["results"]["bindings"]
        result["head"] = answer["head"]
        result["results"]["bindings"] += bindings
        # A town in two countries makes two rows of one pair: pairs are what the limit counts.
        pairs = {(row["a"]["value"], row["b"]["value"]) for row in bindings}
        if len(pairs) < page:
            return result
        offset += page


def _ask(endpoint: str, query: str, wait: Callable[[float], None]) -> Any:
    if not endpoint.startswith(("https://", "http://")):
        raise SourceError(f"{endpoint} is no address of a SPARQL endpoint")
    request = urllib.request.Request(  # noqa: S310  its scheme was looked at
        f"{endpoint}?{urllib.parse.urlencode({'query': query})}",
        headers={"Accept": "application/sparql-results+json", "User-Agent": AGENT},
    )
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=90) as response:  # noqa: S310
                content = json.load(response)
            return {"head": content["head"], "results": content["results"]}
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == TRIES:
                raise SourceError(f"{endpoint} answers {error.code} {error.reason}") from error
            after = error.headers.get("Retry-After", "")
            wait(float(after) if after.isdecimal() else 5.0 * attempt)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{endpoint} gives no SPARQL result: {error}") from error
    raise AssertionError("every attempt answers or raises")


def main() -> None:
    """Writes the result on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--country", default="FRA", help="ISO 3166-1 alpha-3 code")
    parser.add_argument("--language", default="fr", help="language of the names")
    parser.add_argument("--endpoint", default=ENDPOINT)
    options = parser.parse_args()
    answer = harvest(options.country, options.language, endpoint=options.endpoint)
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
