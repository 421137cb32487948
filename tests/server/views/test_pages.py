"""The pages about the site: what they say, how large they are, in which languages."""

import gzip
import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

PATHS = (
    "/",
    "/queries",
    "/queries/association-founding-dates",
    "/query",
    "/query?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 500"),
    "/ask",
    "/ask?q=" + quote("Quelles communes coopèrent avec le Mali ?"),
    "/datasets",
    "/search?q=evry",
    "/doc/authority/fra-cog-91228",
    "/doc/country/FRA",
    "/doc/concept/theme",
    "/graph/atlas/9318",
    "/graph/provenance",
    "/doc/authority/nobody",
)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Elements(HTMLParser):
    """The elements of a page; unbalanced tags are an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_small_whole_and_without_script_in_it(site, path, language):
    reply = site.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
    page = Elements(reply.text)
    # As sent, compressed: the other half of 50 KB is for sheets.
    assert len(gzip.compress(reply.body)) < 25_000
    assert page.named("html") == [{"lang": language}]
    # A block of data is no script (HTML, 4.12.1); one that only adds is a file of this site.
    scripts = [s for s in page.named("script") if s.get("type") != "application/ld+json"]
    assert all((s.get("src") or "").startswith("/static/") and "defer" in s for s in scripts)
    assert page.named("style") == []
    assert not any(
        name == "style" or name.startswith("on") for _, given in page.found for name in given
    )
    assert len(page.named("main")) == 1
    assert len(page.named("h1")) == 1
    identifiers = [given["id"] for _, given in page.found if "id" in given]
    assert len(identifiers) == len(set(identifiers))
    targets = {given["for"] for given in page.named("label")}
    assert targets <= set(identifiers)
    for tag, attribute in (("img", "src"), ("link", "href")):
        for given in page.named(tag):
            local = given[attribute].removeprefix(site.address)
            assert local.startswith("/"), "nothing is fetched from another host"


@pytest.mark.parametrize("path", PATHS)
def test_both_languages_differ_and_offer_each_other(site, path):
    joint = "&" if "?" in path else "?"
    french = site.get(f"{path}{joint}lang=fr").text
    english = site.get(f"{path}{joint}lang=en").text
    assert french != english
    assert "lang=en" in french
    assert "lang=fr" in english


def test_home_counts_what_there_is(site):
    query = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/maillage/def#Partnership> }"
    count = site.get(f"/sparql?format=csv&query={quote(query)}").text.split()[1]
    assert f"<strong>{count}</strong> partenariats" in site.get("/?lang=fr").text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/datasets",
        "/graph/atlas/9318",
        "/graph/curated/atlas-commune-v-historique",
        "/doc/authority/fra-cog-91228",
        "/doc/organisation/association-des-municipalites-du-mali",
        "/doc/country/MLI",
        "/search?q=evry",
        "/queries/project-funding-total",
    ],
)
def test_the_links_of_a_page_lead_somewhere(site, path):
    page = site.get(path)
    assert page.status == 200
    targets = {given["href"].partition("#")[0] for given in Elements(page.text).named("a")}
    local = sorted(target for target in targets if target.startswith("/"))
    assert len(local) > 5
    for target in local:
        assert site.get(target).status in (200, 302, 303), target


def test_the_editor_shows_a_table(site):
    query = quote(
        "SELECT ?label { ?s a <https://w3id.org/maillage/def#Project> ; "
        "<http://www.w3.org/2004/02/skos/core#prefLabel> ?label } ORDER BY ?label"
    )
    page = site.get(f"/query?lang=en&query={query}").text
    assert "Renforcer l’institution municipale" in page.replace("&#39;", "’")
    assert '<th scope="col">label</th>' in page


def test_the_editor_shows_where_the_syntax_breaks(site):
    reply = site.get("/query?lang=fr&query=" + quote("SELECT * {\n ?s ?p }"))
    assert reply.status == 400
    assert "Requête mal formée" in reply.text
    assert re.search(r"[Ll]igne 2, colonne \d", reply.text)
    assert "SELECT * {\n ?s ?p }</textarea>" in reply.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s ?p ?o }", '<p class="truth">yes</p>'),
        ("CONSTRUCT { <urn:a> <urn:b> 1 } {}", "&lt;urn:a&gt; &lt;urn:b&gt; 1"),
        ("SELECT * { ?s ?p ?o } LIMIT 300", "100 rows shown of 300"),
    ],
)
def test_the_editor_shows_every_kind_of_result(site, query, shown):
    assert shown in site.get(f"/query?lang=en&query={quote(query)}").text


def test_a_browser_at_the_endpoint_finds_the_editor(site):
    reply = site.get("/sparql")
    assert reply.status == 303
    assert reply.headers["Location"].removeprefix(site.address) == "/query"


def test_search_minds_no_accents(site):
    for asked in ("Évry", "evry", "EVRY"):
        reply = site.get(f"/search.json?q={quote(asked)}")
        first = json.loads(reply.body)["results"][0]
        assert {name: first[name] for name in ("iri", "language", "page", "type", "kind")} == {
            "iri": "https://w3id.org/maillage/id/authority/fra-cog-91228",
            "language": "fr",
            "page": f"{site.address}/doc/authority/fra-cog-91228",
            "type": "authority",
            "kind": "Municipality",
        }


def test_a_search_gives_kinds_and_pages_to_narrow_it_down_without_javascript(site):
    page = site.get("/search?q=co&lang=en").text
    assert re.search(r'<a href="/search\?q=co&amp;lang=en&amp;kind=Agreement">', page)
    assert re.search(
        r'<a class="button" rel="next" href="/search\?q=co&amp;lang=en&amp;page=2">', page
    )
    found = json.loads(site.get("/search.json?q=co&page=2").body)
    assert found["page"] == 2
    assert found["total"] == sum(found["kinds"].values())


@pytest.mark.parametrize("asked", ["", " ", '"', "' OR 1=1 --", "zzzqqq", "%", "*"])
def test_a_search_that_finds_nothing_says_so(site, asked):
    assert json.loads(site.get(f"/search.json?q={quote(asked)}").body)["results"] == []
    assert site.get(f"/search?q={quote(asked)}").status == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("q=" + "x" * 10_000, "Seuls les 200 premiers caractères ont été cherchés."),
        ("q=" + quote("\u202eabc\x00\u2066"), "Rien ne porte le nom « abc »."),
        ("q=" + quote("<b>é</b>‰" * 9), "« &lt;b&gt;é&lt;/b&gt;‰"),
        ("q=evry&kind=Agreement&decade=1700", "Rien de ce qui se nomme « evry » ne passe"),
        ("q=evry&decade=MMX&theme=%00&country=%3Cb%3E&page=-1", ">Chercher sans eux</a>"),
        ("q=evryy", "Vouliez-vous dire"),
    ],
)
def test_a_search_that_cannot_be_meant_so_helps_on(site, asked, words):
    page = site.get(f"/search?{asked}")
    assert page.status == 200
    assert words in page.text
    assert "\u202e" not in page.text
    assert "<b>é" not in page.text


def test_a_short_word_is_found_at_the_beginning_of_words(site):
    labels = [
        hit["label"] for hit in json.loads(site.get("/search.json?q=commune%20v").body)["results"]
    ]
    assert labels[0] == "Commune V de Bamako"


def test_datasets_tell_counts_and_rights_of_every_source(site):
    manifest = json.loads((site.home / "current" / "manifest.json").read_bytes())
    page = site.get("/datasets?lang=en").text
    for dataset in manifest["datasets"]:
        assert dataset["title"]["en"] in page
    assert "rights reserved" in page


def test_void_is_found_at_its_well_known_place(site):
    reply = site.get("/.well-known/void", "text/turtle")
    assert (reply.status, reply.media_type) == (200, "text/turtle")
