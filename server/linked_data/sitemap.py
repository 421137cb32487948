"""`/sitemap.xml` and `/robots.txt`: what there is for search engines to find (sitemaps.org)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from flask import Blueprint, Response, abort
from pyoxigraph import NamedNode

from ontology.namespaces import MLG
from queries import catalogue
from server.iris import document_path
from server.pages.rendering import Page, kept
from server.questions import iris
from server.site import Site, site

blueprint = Blueprint("sitemap", __name__)

LISTED = 40_000
"""Addresses in one file; 50,000 is the most that may be."""
CLASSES = (
    *("Partnership", "Project", "Agreement", "LocalGovernmentAssociation", "LocalAuthority"),
)
"""The classes of things with a page worth finding, those that people look for most first."""
PAGES = ("/", "/ask", "/explore", "/datasets", "/queries", "/def", "/search")
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
UNREAD = ("/sparql", "/export", "/version/", "/feed", "/cite", "/query?")
"""The beginnings of addresses that crawlers leave out: each would be made for them alone."""
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: {each}\n" for each in UNREAD) + "Sitemap: {}\n"


@lru_cache(maxsize=2)
def paths(of: Site, version: str) -> Sequence[str]:  # noqa: ARG001 (the key)
    """The paths of all pages worth finding."""
    found = dict.fromkeys((*PAGES, *(f"/queries/{name}" for name in catalogue())))
    for name in CLASSES:
        things = sorted(iris(of.engine, "things-of-class", **{"class": NamedNode(MLG[name])}))
        found |= dict.fromkeys(path for iri in things if (path := document_path(iri)))
    return list(found)


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The index of the sitemaps."""
    number = -(-len(paths(site(), site().engine.version())) // LISTED)
    lines = (Page().absolute(f"/sitemap-{n}.xml") for n in range(1, number + 1))
    return xml("sitemapindex", "sitemap", lines)


@blueprint.get("/sitemap-<int:number>.xml")
def one(number: int) -> Response:
    """One sitemap."""
    found = paths(site(), site().engine.version())[(number - 1) * LISTED : number * LISTED]
    if number < 1 or not found:
        abort(404)
    page = Page()
    return xml("urlset", "url", map(page.absolute, found))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """The pages that crawlers may read: all but those made anew for each question."""
    return kept(Response(ROBOTS.format(Page().absolute("/sitemap.xml")), mimetype="text/plain"))


def xml(root: str, element: str, addresses: Iterable[str]) -> Response:
    """Addresses as a sitemap."""
    lines = "".join(f"<{element}><loc>{escape(each)}</loc></{element}>\n" for each in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    content = f'{head}<{root} xmlns="{NAMESPACE}">\n{lines}</{root}>\n'
    return kept(Response(content, mimetype="application/xml"))
