"""The format and the profile that a caller wants, by suffix, parameter or header.

Formats by RFC 9110 (12.5.1); profiles by W3C's Content Negotiation by Profile: `_profile=` and
`_mediatype=` in the address, Accept-Profile in the header, and what there is in Link headers.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NoReturn
from urllib.parse import quote, urlencode

from flask import Response, abort, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from server.graph.descriptions import Description
from server.http.formats import RDF_FORMATS, UTF_8, Format, named
from server.http.negotiation import accepted
from server.http.problems import problem_response
from server.linked_data.about import PROFILE, PROFILES

PAGE = Format("html", "text/html", "html", (), ("application/xhtml+xml",), UTF_8)
GEOJSON = Format("geojson", "application/geo+json", "geojson", (), ("application/vnd.geo+json",))
DOCUMENTS = (PAGE, *RDF_FORMATS, GEOJSON)
"""The formats of documents, the one that `*/*` gets first."""
THINGS = (*RDF_FORMATS, PAGE, GEOJSON)
"""The same for the IRI of a thing, which programs rather than people ask for with `*/*`."""
PARAMETERS = ("_mediatype", "_profile", "lang", "page")
LONGEST_LINK: Final = 2000
"""Characters of an address, which may hold a query, up to which a header tells it: proxies have
room for some thousands in all headers of an answer, and refuse what has more."""


def split_suffix(key: str) -> tuple[str, str]:
    """A key and the suffix of a format that it ends in, if it does."""
    head, dot, extension = key.rpartition(".")
    known = {"json", *(entry.extension for entry in DOCUMENTS)}
    return (head, dot + extension) if head and extension in known else (key, "")


def wanted_format(suffix: str, candidates: Sequence[Format]) -> Format:
    """The format of the suffix or of `_mediatype=`, else the one that the caller likes best.

    Answers 406, with what there is, where none will do.
    """
    if suffix or "_mediatype" in request.args:
        given = suffix.removeprefix(".") or request.args["_mediatype"]
        name = "jsonld" if given == "json" else given
        return named(name, tuple(candidates)) or refuse(given, candidates)
    header = request.headers.get("Accept", "")
    if not header.strip():
        return candidates[0]
    offers: dict[str, Format] = {entry.media_type: entry for entry in candidates}
    for entry in candidates:  # an alias never takes the place of a media type proper
        for alias in entry.aliases:
            offers.setdefault(alias, entry)
    best = accepted(header).best_match(list(offers))
    return offers[best] if best else refuse(header, candidates)


def refuse(given: str, candidates: Sequence[Format]) -> NoReturn:
    """Answer 406 with the formats that there are."""
    offered = ", ".join(f"{entry.media_type} (.{entry.extension})" for entry in candidates)
    response = problem_response("not-acceptable", {"given": given[:200], "offered": offered})
    for entry in candidates:
        response.headers.add("Link", alternate(entry))
    abort(response)


def wanted_profile() -> str:
    """`full` or `brief`: by `_profile=`, else by Accept-Profile, else full.

    Answers 400 where the address asks for another, 406 where the header admits neither.
    """
    given = request.args.get("_profile")
    if given is not None:
        name = given.removeprefix(PROFILE)
        if name not in PROFILES:
            offered = ", ".join(PROFILES)
            abort(problem_response("profile", {"given": given[:200], "offered": offered}))
        return name
    header = request.headers.get("Accept-Profile", "")
    if not header.strip():
        return PROFILES[0]
    liked = parse_accept_header(header, Accept)
    weights = {name: liked.quality(f"<{PROFILE}{name}>") for name in PROFILES}
    best = max(PROFILES, key=lambda name: weights[name])  # the first of those alike
    if not weights[best]:
        offered = ", ".join(f"<{PROFILE}{name}>" for name in PROFILES)
        facts = {"given": header[:200], "offered": offered}
        abort(problem_response("profile", facts, 406))
    return best


def check_parameters(known: Collection[str] = PARAMETERS) -> None:
    """Answer 400 where the address has a parameter that means nothing here."""
    for name in request.args:
        if name not in known:
            facts = {"given": name[:200], "offered": ", ".join(known)}
            abort(problem_response("parameter", facts))


def page_number() -> int:
    """The page that `page=` asks for; answers 400 where it is none."""
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdecimal() and 0 < len(given) <= 6 and int(given)):
        abort(problem_response("page", {"given": given[:200]}))
    return int(given)


def alternate(entry: Format, profile: str = "") -> str:
    """The Link to the same in another format, or in a profile."""
    base, _ = split_suffix(request.path.replace("/id/", "/doc/", 1))
    suffix = "" if entry == PAGE else f".{entry.extension}"
    query = f"?{urlencode({'_profile': profile})}" if profile else ""
    formats = f'; formats="{PROFILE}{profile}"' if profile else ""
    return f'<{quoted(base)}{suffix}{query}>; rel="alternate"; type="{entry.media_type}"{formats}'


def links_of(description: Description, base: str) -> Iterator[str]:
    """The Links of a document in RDF: its thing, its licences, its neighbours among pages."""
    yield f'<{description.iri}>; rel="describes"'
    yield from signposts(description.iri)
    yield '</.well-known/void>; rel="describedby"'
    licences = (t.object for t in description.citations if t.predicate.value.endswith("/license"))
    for licence in dict.fromkeys(str(each) for each in licences):
        yield f'{licence}; rel="license"'
    numbers = {"first": 1, "prev": description.page - 1, "next": description.page + 1}
    for rel, number in {**numbers, "last": description.pages}.items():
        if description.pages > 1 and 0 < number <= description.pages:
            pairs = {k: v for k, v in request.args.items() if k != "page"}
            yield f'<{base}?{urlencode({**pairs, "page": number})}>; rel="{rel}"'


def signposts(iri: str) -> Iterator[str]:
    """The Links that a crawler follows (signposting.org): how to cite a thing, what it is in."""
    yield f'<{iri}>; rel="cite-as"'
    yield '</catalog>; rel="collection"'


def tell(response: Response, entry: Format, profile: str, canonical: str) -> None:
    """Say in headers what was chosen, what else there is, and on which headers that depended."""
    response.headers.add("Link", f'<{canonical}>; rel="canonical"')
    for other in DOCUMENTS:
        if other != entry:
            response.headers.add("Link", alternate(other))
    if entry in RDF_FORMATS:
        response.headers["Content-Profile"] = f"<{PROFILE}{profile}>"
        response.headers.add("Link", f'<{PROFILE}{profile}>; rel="profile"')
        for name in PROFILES:
            response.headers.add("Link", alternate(entry, name))
    response.vary.add("Accept-Profile")


def quoted(path: str) -> str:
    """A path as it stands in a header."""
    return quote(path, safe="/:@!$&'()*+,;=-._~")
