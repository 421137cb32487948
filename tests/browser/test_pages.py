"""The pages in headless Chromium: both languages, phone and desktop, light and dark, no script."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Request, sync_playwright

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"
    ),
]

PAGES = {
    "home": "/",
    "catalogue": "/queries",
    "query": "/queries/project-funding-by-stated-funder",
    "editor": "/query",
    "search": "/search?q=evry",
    "datasets": "/datasets",
    "authority": "/doc/authority/fra-cog-91228",
    "arabic": "/doc/organisation/association-marocaine-des-presidents-des-conseils-communaux",
    "country": "/doc/country/MLI",
    "missing": "/doc/authority/nobody",
    "partnerships": "/partnerships?country=MLI",
    "projects": "/projects?sort=-amount",
    "authorities": "/authorities?tied=1",
    "explore": "/explore",
    "ask": "/ask?q=Qui%20finance%20des%20projets%20au%20Mali%20%3F",
    "guide": "/guide",
    "embed": "/embed/project-funding-by-stated-funder",
    "ontology": "/def",
    "explanation": "/explain?s=authority/fra-cog-91228&p=mlg:supportsCountry&o=country/MLI",
}
WAIT = 120_000
"""Milliseconds that the browser, on a busy machine, may take for a thing."""
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=WAIT)
        yield browser
        browser.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_well_everywhere(site: str, browser: Browser, name: str) -> None:
    for language, size, scheme in itertools.product(("fr", "en"), SIZES, ("light", "dark")):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=True,
            locale=language,
        )
        context.set_default_timeout(WAIT)
        page = context.new_page()
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        address = PAGES[name]
        mark = "&" if "?" in address else "?"
        answer = page.goto(f"{site}{address}{mark}lang={language}")
        assert answer is not None
        assert answer.status == (404 if name == "missing" else 200)
        where = (name, language, size, scheme)
        assert page.locator("html").get_attribute("lang") == language, where
        assert all(url.startswith((site, "data:")) for url in asked), where
        assert not told, where
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, where
        # Each width and each scheme of colours is checked once: axe takes a second a page.
        if (size, scheme) in {("phone", "light"), ("desktop", "dark")}:
            results = Axe().run(page)
            assert results.violations_count == 0, (where, results.generate_report())
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_no_script_and_little_bandwidth(
    site: str, browser: Browser, name: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(f"{site}{PAGES[name]}")
    assert page.locator("h1").first.inner_text().strip()
    page.wait_for_load_state("networkidle")
    assert finished[0].url.startswith(site)
    # As sent, compressed: what a slow line carries.
    assert sum(request.sizes()["responseBodySize"] for request in finished) <= 50 * 1024
    context.close()


def test_a_form_asks_its_question_without_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{site}/queries/association-founding-dates?lang=en")
    page.get_by_label("Country").select_option("BFA")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**country=BFA**")
    assert "AMBF" in page.locator("table").first.inner_text()
    context.close()


def test_the_editor_answers_and_shows_where_a_mistake_stands(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto(f"{site}/query?lang=en")
    page.locator("textarea").fill("SELECT (1 + 1 AS ?two) {}")
    page.get_by_role("main").get_by_role("button", name="Run").click()
    assert page.locator("table td").first.inner_text() == "2"
    page.locator("textarea").fill("SELECT *\nWHERE { ?s ?p }")
    page.get_by_role("main").get_by_role("button", name="Run").click()
    page.get_by_role("main").get_by_text(re.compile(r"[Ll]ine 2, column \d")).first.wait_for()
    context.close()
