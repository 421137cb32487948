"""The editor in headless Chromium: what it says as one writes, with the policy kept."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from server.pages.home import is_bundled
from tests.browser.test_pages import WAIT, browser, pytestmark  # noqa: F401 (a fixture, marks)

bundled = pytest.mark.skipif(
    not is_bundled() and not os.environ.get("CI"), reason="the bundles are not made"
)
TOLD = """addEventListener('securitypolicyviolation', (event) => {
  (window.refused ??= []).push(`${event.violatedDirective} ${event.sourceFile} ${event.sample}`);
})"""


@pytest.fixture
def editor(site: str, browser) -> Iterator[Page]:  # noqa: F811 (the fixture)
    context = browser.new_context(locale="fr", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.add_init_script(TOLD)
    page.goto(f"{site}/query?lang=fr")
    page.wait_for_selector("form[data-ready]")
    yield page
    assert not page.evaluate("window.refused ?? []")
    context.close()


def write(page: Page, text: str) -> None:
    """Type in the place of all that is there; brackets close themselves."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@bundled
def test_a_mistake_is_told_as_one_types_with_its_place_and_the_nearest_term(editor: Page) -> None:
    write(editor, "SELECT ?x WHERE {\n?x a mlg:Partnershp")
    mark = editor.locator(".cm-lintRange-warning")
    mark.wait_for()
    mark.hover()
    told = editor.locator(".cm-diagnostic")
    told.wait_for()
    assert "Ligne 2, colonne 6 :" in told.inner_text()
    assert "le plus proche est mlg:Partnership" in told.inner_text()
    told.get_by_role("button").click()
    assert "?x a mlg:Partnership\n" in editor.locator(".cm-content").inner_text()


@bundled
def test_a_query_without_prefixes_runs_and_leaves_with_them(editor: Page) -> None:
    write(editor, "SELECT (COUNT(*) AS ?n) WHERE { ?x a mlg:Partnership")
    editor.keyboard.press("Control+Enter")
    editor.wait_for_url("**query=PREFIX+mlg*")
    assert int("".join(filter(str.isdigit, editor.locator("table td").first.inner_text()))) > 100


@bundled
def test_completion_offers_by_label_what_leaves_a_row(editor: Page) -> None:
    write(editor, "SELECT * WHERE { ?x a mlg:Partnership ; partenaire")
    offered = editor.locator(".cm-tooltip-autocomplete li").first
    offered.wait_for()
    assert "partenaire" in offered.inner_text()
    editor.wait_for_timeout(500)  # an offer that has just come is not taken by accident
    editor.keyboard.press("Enter")
    assert "a mlg:Partnership ; mlg:hasPartner}" in editor.locator(".cm-content").inner_text()
    editor.keyboard.press("Escape")
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.textContent") == "Exécuter"


@bundled
def test_a_text_is_laid_out_and_a_query_that_was_run_comes_back(editor: Page) -> None:
    write(editor, "SELECT ?x{?x ?y ?z.OPTIONAL{?z ?y ?k} # why")
    heavy = editor.get_by_text("elle peut dépasser les 30 secondes")
    heavy.wait_for()
    editor.keyboard.press("Shift+Alt+F")
    text = "SELECT ?x {\n  ?x ?y ?z .\n  OPTIONAL { ?z ?y ?k }  # why"
    assert editor.locator(".cm-content").inner_text().startswith(text)
    write(editor, "SELECT ?x {?x a mlg:Project} LIMIT 1")
    assert not heavy.is_visible()
    editor.keyboard.press("Control+Enter")
    editor.wait_for_url("**query=PREFIX+mlg*")
    editor.get_by_text("Vos requêtes").click()
    editor.get_by_role("button", name="SELECT ?x {?x a mlg:Project} LIMIT 1").wait_for()
    assert not Axe().run(editor).violations_count
    editor.get_by_role("button", name="Les effacer").click()
    assert not editor.get_by_text("Vos requêtes").is_visible()
