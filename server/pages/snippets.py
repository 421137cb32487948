"""Code to copy that asks a query of the catalogue from elsewhere: HTML, cURL, Python."""

import shlex
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import url_for
from markupsafe import escape

from queries import Query
from server.pages.rendering import Page


def snippets(query: Query, page: Page, arguments: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The snippets by language, each of which runs as it stands."""
    asked = urlencode(arguments, doseq=True)
    csv = page.absolute(url_for("catalogue.query", name=f"{query.name}.csv"))
    csv += f"?{asked}" if asked else ""
    return {
        "html": iframe(query, page, arguments),
        "curl": f"curl --fail {shlex.quote(csv)}",
        "python": (
            "import csv, io, urllib.request\n\n"
            f"url = {csv!r}\n"
            "with urllib.request.urlopen(url) as answer:\n"
            '    for row in csv.DictReader(io.TextIOWrapper(answer, "utf-8")):\n'
            "        print(row)"
        ),
    }


def iframe(query: Query, page: Page, arguments: Mapping[str, Sequence[str]]) -> str:
    """The code that shows the results in another page."""
    language = page.voice.language
    asked = urlencode({**arguments, "lang": language}, doseq=True)
    address = page.absolute(url_for("embed.embed", name=query.name))
    title = getattr(query.summary, language)
    return (
        f'<iframe src="{escape(f"{address}?{asked}")}"\n'
        f'  title="{escape(title)}" width="100%" height="420" loading="lazy"></iframe>'
    )
