"""Data that means harm is shown as the text that it is."""

import re
from urllib.parse import quote

import pytest

PAGES = (
    "/doc/organisation/bad",
    "/graph/test/bad",
    "/search?q=alert",
    "/search?q=" + quote("<script>alert(9)</script>"),
    "/query?query=" + quote("SELECT ?s ?x { ?s ?p ?x }"),
    "/query?query=" + quote('SELECT ("<script>alert(4)</script>" AS ?x) {}'),
    "/query?query=" + quote("</textarea><script>alert(5)</script>"),
    "/doc/organisation/" + quote("<script>alert(6)"),
    "/?lang=" + quote('"><script>'),
)


@pytest.mark.parametrize("path", PAGES)
def test_no_element_or_attribute_comes_out_of_data(hostile, path):
    page = hostile.get(path).text
    page = page.replace('<script type="application/ld+json">', "", 1)  # data, which no one runs
    page = page.replace('<script type="module" src="/static/editor/editor.js" defer>', "", 1)
    page = page.replace('<script src="/static/search.js" ', "", 1)
    assert "<script" not in page
    assert "<img src=x" not in page
    assert not re.search(r"<[^>]*\sonmouseover=", page)


@pytest.mark.parametrize("path", PAGES[:5])
def test_only_web_mail_and_telephone_addresses_become_links(hostile, path):
    page = hostile.get(path).text
    assert not re.search(r'(?:href|src)="(?!https?:|mailto:|tel:|/|#|\?)', page)


def test_a_label_is_text_and_an_address_that_is_refused_stays_readable(hostile):
    page = hostile.get("/doc/organisation/bad?lang=en").text
    assert '<h1 lang="fr">&lt;script&gt;alert(1)&lt;/script&gt;</h1>' in page
    assert "javascript:alert(1)" in page
    assert '<a href="https://example.org/" rel="external nofollow noopener">' in page
    assert "{{ 7*7 }}" in page


def test_arabic_is_marked_and_runs_from_right_to_left(hostile):
    page = hostile.get("/doc/organisation/bad").text
    assert re.search(r'lang="ar" dir="rtl"[^>]*>الجمعية<', page)


@pytest.mark.parametrize("path", ["/doc/partnership/large", "/doc/authority/hub"])
def test_the_page_of_an_entity_with_hundreds_of_everything_stays_small(hostile, path):
    reply = hostile.get(f"{path}?lang=en")
    assert reply.status == 200
    assert len(reply.body) < 50_000
    assert "See all (400)" in reply.text


def test_what_is_not_shown_is_counted_all_the_same(hostile):
    partnership = hostile.get("/doc/partnership/large?lang=en").text
    assert "€4,200" in partnership
    authority = hostile.get("/doc/authority/hub?lang=en").text
    assert '<h2>Ties <span class="count">400</span>' in authority
    assert '<h2>Funding given <span class="count">400</span>' in authority
    assert "€4,200" in authority
    assert "and 384 more" in authority
