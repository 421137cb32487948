"""Embeds over HTTP: questions and cards, in each form, and what is told when something is wrong."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import urllib.request
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup

from ontology.namespaces import ID
from server.embed.cards import KINDS, show_card
from server.embed.finding import embed_of
from server.embed.frozen import CannotFreeze, freeze, read_frozen
from server.versions import version_at

NAME = "project-funding-by-stated-funder"
CARD = "/embed/card/authority/fra-cog-91228"
CARDS = {
    "authority": "fra-cog-91228",
    "association": "association-des-maires-de-france",
    "country": "MLI",
    "theme": "gouvernance-et-democratie-locales",
    "funder": "ministere-de-l-europe-et-des-affaires-etrangeres",
}
HOSTILE = '"><script>alert(1)</script>\u202e'


def soup(reply) -> BeautifulSoup:
    return BeautifulSoup(reply.text, "html.parser")


def sparql(text: str, suffix: str = "", **looks: str) -> str:
    return f"/embed/sparql{suffix}?{urlencode({'query': text, **looks})}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_names_its_subject_and_says_what_is_known(site, kind):
    reply = site.get(f"/embed/card/{kind}/{CARDS[kind]}?lang=fr")
    assert reply.status == 200
    page = soup(reply)
    assert len(page.find_all("h1")) == 1
    assert page.h1.text
    assert page.find("svg", class_="m-narrow")
    assert page.find("svg", class_="m-wide")
    assert page.table
    foot = page.find(class_="m-foot")
    assert foot.a["href"].startswith(f"{site.address}/doc/")
    assert "Données de" in foot.text
    assert (site.home / "current").readlink().name in foot.text


def test_the_card_of_evry_has_partners_years_funders(site):
    page = soup(site.get(f"{CARD}?lang=en"))
    assert page.h1.text == "Évry"
    text = page.get_text(" ", strip=True)
    for words in ("Ville de Dakar", "2003", "Senegal", "Funding as the sources state it", "27,230"):
        assert words in text, words
    assert "Ville de Dakar, Commune V du District de Bamako" in text, "joint, and not split"
    assert "Minist" in text
    assert "A ring: only the country is known." in text


def test_only_the_sources_of_the_result_are_named(site):
    foot = soup(site.get(f"{CARD}?lang=en")).find(class_="m-foot").text
    assert "French atlas of decentralised cooperation (rights reserved)" in foot
    assert "Profiles of national associations" not in foot


def test_a_card_speaks_arabic_from_right_to_left(site):
    reply = site.get(f"{CARD}?lang=ar")
    page = soup(reply)
    assert page.html["lang"] == "ar"
    assert page.html["dir"] == "rtl"
    assert reply.headers["Content-Language"] == "ar"
    assert "شركاء" in reply.text
    assert 'class="axis"' in reply.text


@pytest.mark.parametrize("path", [f"{CARD}{{}}", f"/embed/{NAME}{{}}?view=bars"])
def test_an_embed_has_every_form(site, path):
    svg = site.get(path.format(".svg"))
    assert svg.media_type == "image/svg+xml"
    assert ET.fromstring(svg.body).tag.endswith("svg")
    assert "<script" not in svg.text
    png = site.get(path.format(".png"))
    assert png.media_type == "image/png"
    assert png.body.startswith(b"\x89PNG")
    part = soup(site.get(path.format(".fragment")))
    assert [each.name for each in part.find_all(recursive=False)] == ["style", "main"]
    assert soup(site.get(path.format(""))).html


def test_a_picture_says_whence_when_and_with_which_rights(site):
    text = unescape(site.get(f"{CARD}.svg?lang=en").text)
    assert "Évry" in text
    assert "rights" not in text or "Data from:" in text
    assert "French atlas of decentralised cooperation" in text
    assert (site.home / "current").readlink().name in text
    assert f"{site.address}/doc/authority/fra-cog-91228" in text


def test_a_question_is_shown_in_its_views_and_its_subject_stands_in_the_title(site):
    page = soup(site.get(f"/embed/{NAME}?view=bars&lang=fr"))
    assert " — " in page.h1.text
    assert page.svg["aria-labelledby"]
    assert page.details.table, "the table behind it"
    assert not soup(site.get(f"/embed/{NAME}?view=table")).svg
    assert not soup(site.get(f"/embed/{NAME}?view=map")).svg, "no place in it: its table"


def test_any_select_is_shown_in_the_view_that_its_comment_says(site):
    text = '#view: bars\nSELECT ?who ?n { VALUES (?who ?n) { ("a" 1) ("b" UNDEF) } }'
    page = soup(site.get(sparql(text, title="Mon titre", lang="fr")))
    assert page.h1.text == "Mon titre"
    assert "non indiqué" in page.svg.get_text(" ")


def test_hostile_labels_settings_and_titles_stay_words(site):
    text = f"SELECT ({json.dumps(HOSTILE)} AS ?bad) (1 AS ?n) {{}}"
    for suffix in ("", ".svg", ".fragment"):
        reply = site.get(sparql(text, suffix, title=HOSTILE, view="bars"))
        assert reply.status == 200
        assert "<script>alert" not in reply.text
        assert "\u202e" not in reply.text.replace(HOSTILE, "")
    for path in (f"/embed/{NAME}?colour={quote(HOSTILE)}", f"/embed/{quote(HOSTILE)}",
                 f"/embed/{NAME}?{quote(HOSTILE)}=1", f"/embed/builder?of={quote(HOSTILE)}",
                 f"/oembed?url={quote(HOSTILE)}"):  # fmt: skip
        reply = site.get(path)
        assert reply.status in (400, 404)
        assert "<script>alert" not in reply.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/embed/nothing", 404, "Rien à cette adresse"),
        ("/embed/card/authority/nobody", 404, "Rien à cette adresse"),
        ("/embed/card/planet/mars", 404, "Rien à cette adresse"),
        ("/embed/card/authority?name=Qwxyzzy", 404, "pas connu"),
        ("/embed/frozen/none/0123", 404, "Rien à cette adresse"),
        (f"/embed/{NAME}?nonsense=1", 400, "nonsense"),
        (f"/embed/{NAME}?colour=red", 400, "red"),
        (f"/embed/{NAME}?view=hologram", 400, "hologram"),
        (f"/embed/{NAME}?width=9", 400, "240–1600"),
        (f"/embed/{NAME}?lang=xx", 400, "xx"),
        ("/embed/association-founding-dates?country=ATLANTIS", 404, "ATLANTIS"),
        (sparql("ASK {}"), 400, "SELECT"),
        (sparql("SELECT nonsense"), 400, "Ligne"),
    ],
)
def test_what_is_wrong_is_told_in_the_frame_with_its_status(site, path, status, words):
    joint = "&" if "?" in path else "?"
    head, mark, query = f"{path}{joint}".partition("?")
    asked = f"{query}lang=fr" if "lang=" not in query else query.rstrip("&")
    for suffix in ("", ".fragment"):
        reply = site.get(f"{head}{suffix}{mark}{asked}", Accept_Language="fr")
        assert reply.status == status
        assert words in unescape(reply.text)
        assert reply.media_type == "text/html"
        assert "frame-ancestors" not in reply.headers["Content-Security-Policy"]
    picture = site.get(f"{head}.svg{mark}{asked}", accept="image/*", Accept_Language="fr")
    assert picture.status == status
    assert picture.media_type == "image/svg+xml"
    assert words.split()[0] in unescape("".join(ET.fromstring(picture.body).itertext()))
    assert site.get(f"{head}.png{mark}{asked}").body.startswith(b"\x89PNG")


def test_a_name_is_enough_and_of_several_one_is_chosen(site):
    reply = site.get("/embed/card/authority?name=Evry&lang=fr")
    assert reply.status in (200, 300)
    links = [link["href"] for link in soup(reply).find_all("a")]
    if reply.status == 300:
        assert "/embed/card/authority/fra-cog-91228" in links
    assert site.get("/embed/card/authority?name=ville%20de%20dakar").status == 200


def test_a_result_too_large_for_its_view_shows_the_part_and_says_so(site):
    numbers = " ".join(f'("Ville {n}" {n})' for n in range(1000))
    text = f"#view: bars\nSELECT ?who ?n {{ VALUES (?who ?n) {{ {numbers} }} }}"
    reply = site.get(sparql(text, lang="fr"))
    page = soup(reply)
    assert "L’image montre 30 sur 1\u202f000 ; le tableau a tout." in page.text
    assert "100 lignes montrées sur 1\u202f000." in page.text
    assert len(page.tbody.find_all("tr")) == 100


def test_the_policy_admits_one_style_and_one_script_by_hash_and_nothing_else(site):
    for path in (CARD, f"/embed/{NAME}?theme=dark&colour=0072b2", "/embed/nothing"):
        reply = site.get(path)
        policy = reply.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "frame-ancestors" not in policy
        assert "X-Frame-Options" not in reply.headers
        for kind in ("style", "script"):
            (inline,) = re.findall(rf"<{kind}>(.*?)</{kind}>", reply.text, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy
        page = soup(reply)
        assert not page.find_all(["img", "link", "iframe"], rel=None) or all(
            link.get("rel") in (["canonical"], ["alternate"]) for link in page.find_all("link")
        )
        assert not page.find_all(style=True)
    for path in ("/", f"/queries/{NAME}", "/embed/builder"):
        assert "frame-ancestors 'none'" in site.get(path).headers["Content-Security-Policy"]


def test_an_embed_is_small_and_kept_by_caches(site):
    reply = site.get(CARD, Accept_Encoding="gzip")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.body) < 30_000
    assert site.get(CARD, If_None_Match=reply.headers["ETag"]).status == 304


def test_the_element_is_one_small_script(site):
    script = Path("server/static/embed.js").read_bytes()
    assert len(gzip.compress(script)) < 6 * 1024
    assert b"import " not in script
    assert site.get("/static/embed.js").status == 200


def test_a_frozen_embed_never_changes_and_says_so(site):
    body = urlencode({"of": f"{CARD}?theme=dark", "lang": "fr", "theme": "dark"}).encode()
    asked = urllib.request.Request(f"{site.address}/embed/freeze", data=body, method="POST")
    with urllib.request.urlopen(asked) as answer:
        address = answer.geturl()
        builder = BeautifulSoup(answer.read(), "html.parser")
    assert "/embed/builder?of=" in address
    frozen = builder.find(id="of")["value"]
    version = (site.home / "current").readlink().name
    assert re.fullmatch(rf"/embed/frozen/{version}/[0-9a-f]{{20}}", frozen)
    page = soup(site.get(f"{frozen}?lang=fr"))
    assert page.h1.text == "Évry"
    assert f"Encadré figé : données {version}" in page.text
    assert "Ce sont encore les données actuelles." in page.text
    assert site.get(f"{frozen}.png").body.startswith(b"\x89PNG")
    with urllib.request.urlopen(asked) as answer:
        again = BeautifulSoup(answer.read(), "html.parser").find(id="of")["value"]
    assert again == frozen, "the same content has the same address"


def test_a_frozen_embed_says_whether_newer_data_say_otherwise(site):
    engine, version = site.engine, version_at(site.home, site.engine.version())
    card = show_card(engine, version, "authority", "fra-cog-91228", f"{ID}authority/fra-cog-91228")
    older = replace(card, version="older")
    fewer = replace(older, parts=older.parts[:1])
    for exhibit, words in ((older, "disent la même chose"), (fewer, "disent autre chose")):
        identifier = freeze(site.home, exhibit, 10**8)
        page = soup(site.get(f"/embed/frozen/older/{identifier}?lang=fr"))
        assert f"Des données plus récentes {words}." in page.text
        assert page.find("a", string="Voir la version à jour")["href"].startswith(
            f"{site.address}{CARD}"
        )
        assert read_frozen(site.home, "older", identifier) == exhibit
    with pytest.raises(CannotFreeze):
        freeze(site.home, older, 0)


def test_a_consumer_of_oembed_finds_and_shows_it(site):
    micawber = pytest.importorskip("micawber")
    told = micawber.Provider(f"{site.address}/oembed").request(f"{site.address}{CARD}")
    assert told["title"] == "Évry"
    assert "<iframe" in told["html"]


def test_oembed_answers_in_the_form_that_wordpress_leaves(site):
    for address in ("/doc/authority/fra-cog-91228", f"{CARD}?theme=dark", f"/queries/{NAME}"):
        asked = urlencode({"url": site.address + address, "maxwidth": 500, "format": "json"})
        reply = site.get(f"/oembed?{asked}", accept="application/json")
        told = json.loads(reply.body)
        assert reply.status == 200
        assert (told["version"], told["type"]) == ("1.0", "rich")
        assert told["width"] == 500
        html = BeautifulSoup(told["html"], "html.parser")
        assert [each.name for each in html.find_all(recursive=False)] == ["blockquote", "iframe"]
        assert html.blockquote.a["href"].startswith(site.address)
        assert html.iframe["src"].startswith(f"{site.address}/embed/")
        assert html.iframe["title"]
        assert site.get(html.iframe["src"].removeprefix(site.address)).status == 200
    assert site.get("/oembed?format=xml&url=x").status == 501
    assert site.get("/oembed?url=https%3A%2F%2Fexample.org%2Fembed%2Fx").status == 404
    assert site.get(f"/oembed?url={quote(site.address + '/embed/nothing')}").status == 404


def test_a_feed_that_keeps_no_frame_still_names_the_partners(site):
    asked = urlencode({"url": site.address + CARD})
    told = json.loads(site.get(f"/oembed?{asked}&lang=fr", accept="application/json").body)
    html = BeautifulSoup(told["html"], "html.parser")
    html.iframe.decompose()
    words = html.get_text()
    assert words.startswith("Évry — Partenaires à l’étranger")
    assert "Ville de Dakar, Sénégal" in words
    assert words.count(". ") >= 2
    assert [each.name for each in html.find_all(True)] == ["blockquote", "a"]


@pytest.mark.parametrize("path", ["/doc/authority/fra-cog-91228", f"/queries/{NAME}", CARD])
def test_pages_say_where_their_oembed_is(site, path):
    page = soup(site.get(path))
    found = page.find("link", type="application/json+oembed")
    told = json.loads(site.get(found["href"].removeprefix(site.address)).body)
    assert told["type"] == "rich"


@pytest.mark.parametrize("path", [CARD, "/doc/authority/fra-cog-91228"])
def test_a_page_and_a_frame_have_a_card_for_those_who_share_them(site, path):
    page = soup(site.get(f"{path}?lang=fr"))
    shared = {m.get("property") or m.get("name"): m["content"] for m in page.find_all("meta")
              if m.get("content")}  # fmt: skip
    assert shared["og:title"] == "Évry"
    assert shared["twitter:card"] == "summary_large_image"
    image = shared["og:image"].removeprefix(site.address)
    assert site.get(image).body.startswith(b"\x89PNG")


def test_the_builder_works_as_a_form_and_keeps_its_state_in_its_address(site):
    given = {"of": "/doc/authority/fra-cog-91228", "tongue": "ar", "theme": "dark",
             "colour": "#0072b2", "height": "700", "lang": "fr"}  # fmt: skip
    page = soup(site.get(f"/embed/builder?{urlencode(given)}"))
    frame = page.find(class_="previews").iframe["src"]
    assert frame == "/embed/card/authority/fra-cog-91228?lang=ar&theme=dark&colour=0072b2"
    assert site.get(frame).status == 200
    codes = {each["id"]: each.text for each in page.find_all("textarea")}
    assert set(codes) == {"s-link", "s-iframe", "s-element", "s-image"}
    copied = BeautifulSoup(codes["s-iframe"], "html.parser").iframe
    assert copied["src"] == site.address + frame
    assert copied["height"] == "700"
    assert BeautifulSoup(codes["s-element"], "html.parser").find("maillage-embed").a
    image = BeautifulSoup(codes["s-image"], "html.parser").img
    assert image["alt"] == "Évry"
    assert site.get(image["src"].removeprefix(site.address)).media_type == "image/png"
    assert page.find("option", value="dark").has_attr("selected")
    assert page.find(id="colour")["value"] == "#0072b2"


def test_the_builder_takes_a_name(site):
    page = site.get("/embed/builder?name=ville+de+dakar&lang=fr")
    assert page.status == 200
    assert "sen-name-ville-de-dakar" in page.text


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/doc/authority/fra-cog-91228", "card/authority/fra-cog-91228"),
        ("https://a.example/x/doc/country/MLI?lang=fr", "card/country/MLI"),
        ("/doc/concept/theme/eau", "card/theme/eau"),
        ("/id/organisation/amm", "card/association/amm"),
        (f"/queries/{NAME}.csv?bom=1", NAME),
        (f"/embed/{NAME}.png?view=bars", NAME),
        ("https://b.example/x/doc/country/MLI", None),
        ("/doc/funding/line", None),
        ("/embed/builder", None),
        ("http://[", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_an_address_of_a_page_leads_to_its_embed(address, path):
    root = "https://a.example/x"
    if address.startswith("/"):
        address = "/x" + address
    found = embed_of(address, root)
    assert (found[0] if found else None) == path
