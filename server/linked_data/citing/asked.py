"""Queries whose answers are cited: those of the catalogue, and anybody's."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort
from werkzeug.datastructures import MultiDict

from queries import ArgumentError, catalogue
from server.http.negotiation import LANGUAGES
from server.http.problems import problem_response
from server.i18n import Voice
from server.linked_data.negotiation import check_parameters
from server.pages.answers import complaint, status_of
from server.pages.arguments import arguments_of
from server.pages.meanings import resolve
from server.pages.rendering import Page
from server.site import site
from server.sparql.protocol import respell


@dataclass(frozen=True)
class Asked:
    """A query as it is cited: its text, its title by language, and the path of its answer."""

    text: str
    titles: Mapping[str, str]
    path: str

    @property
    def later(self) -> str:
        """The path that tells what differs in its answer, but for what it was."""
        return f"cited{self.path}{'&' if '?' in self.path else '?'}"


def asked_of_catalogue(name: str, pairs: MultiDict[str, str]) -> Asked:
    """A question of the catalogue; answers 404, or what is wrong with its arguments."""
    query = catalogue().get(name)
    if query is None:
        abort(404)
    try:
        text = query.bind(resolve(site(), query, arguments_of(query, pairs)))
    except ArgumentError as error:
        facts = {"detail": complaint(error, query, Page().voice)}
        abort(problem_response("request", facts, status_of(error)))
    given = urlencode([(k, v) for k, v in pairs.items(multi=True) if k != "lang"])
    titles = {key: f"Maillage: {getattr(query.summary, key)}" for key in LANGUAGES}
    return Asked(text, titles, f"/queries/{name}" + (f"?{given}" if given else ""))


def asked_of_sparql(pairs: MultiDict[str, str]) -> Asked:
    """The query in `query=`; answers 400 without one, or with what means nothing here."""
    check_parameters(("query", "lang", "_version", "_rows", "_digest"))
    text = pairs.get("query", "").strip()
    if not text:
        abort(problem_response("missing", {}))
    short = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
    titles = {key: Voice(key)("cite.sparql", digest=short) for key in LANGUAGES}
    return Asked(respell(text), titles, f"/sparql?{urlencode({'query': text})}")
