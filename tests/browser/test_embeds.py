"""Embeds in the pages of others, in headless Chromium: strict policies, no script, WordPress."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.test_pages import CHROMIUM, FLAGS, WAIT, pytestmark
from tests.server.views.conftest import Site, running

__all__ = ["pytestmark"]  # pytest reads it here as there

CARD = "/embed/card/authority/fra-cog-91228"
SHORT = "/embed/project-funding-by-stated-funder?lang=fr&view=bars"
LOOKED = (
    "getComputedStyle(document.querySelector('maillage-embed').shadowRoot.querySelector('{}')).{}"
)
WORDPRESS = """
// WordPress's behaviour, as its handbook and source tell it: a message counts that has the secret
// of a frame; heights are kept between 200 and 1000; a link is followed to the frame's own host.
const frame = document.querySelector('iframe'), quote = document.querySelector('blockquote');
window.told = []; window.followed = '';
addEventListener('message', (event) => {
  const { secret, message, value } = event.data;
  window.told.push(event.data);
  if (!secret || !message || !value || /[^a-zA-Z0-9]/.test(secret)) return;
  if (secret !== frame.dataset.secret || event.source !== frame.contentWindow) return;
  if (message === 'height') frame.height = Math.max(200, Math.min(1000, parseInt(value, 10)));
  const same = message === 'link' && new URL(value).host === new URL(frame.src).host;
  if (same) window.followed = value;
});
addEventListener('load', () => {
  quote.style.display = 'none';
  frame.style.position = ''; frame.style.visibility = '';
  frame.contentWindow.postMessage({ message: 'ready', secret: frame.dataset.secret }, '*');
});
"""


@dataclass
class Seen:
    """The requests and complaints of a page."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(small_home: Path) -> Iterator[Site]:
    with running(small_home) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=WAIT)
        yield browser
        browser.close()


@contextmanager
def host(html: str, policy: str = "") -> Iterator[str]:
    """A site of somebody else, with one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            if self.path == "/":
                self.wfile.write(f"<!doctype html><title>Host</title>{html}".encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def opened(browser: Browser, address: str, **options: object) -> Iterator[tuple[Page, Seen]]:
    """A page of a host, and what it asked for."""
    context = browser.new_context(viewport={"width": 700, "height": 900}, **options)
    context.set_default_timeout(WAIT)
    page, seen = context.new_page(), Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda said: seen.complaints.append(said.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(address, wait_until="load")
    yield page, seen
    context.close()


def frame(site: Site, path: str, more: str = "") -> str:
    return (
        f'<iframe src="{site.address}{path}" title="x" width="100%" height="420" {more}></iframe>'
    )


@pytest.mark.parametrize("policy", ["script-src 'none'", "object-src 'none'; script-src 'none'"])
def test_a_frame_reads_in_a_page_that_admits_no_script(site, browser, policy):
    with (
        host(frame(site, f"{CARD}?lang=fr"), policy) as other,
        opened(browser, other) as (page, seen),
    ):
        inside = page.frame_locator("iframe")
        assert inside.locator("h1").inner_text() == "Évry"
        assert inside.locator("svg.m-wide").first.is_visible()
        assert not inside.locator("svg.m-narrow").first.is_visible()
        source = inside.locator(".m-foot a").first
        assert source.get_attribute("href").startswith(f"{site.address}/doc/authority/")
        assert set(seen.requests) == {f"{other}/", f"{site.address}{CARD}?lang=fr"}
        assert seen.complaints == []


def test_a_frame_reads_with_scripts_off_and_on_paper(site, browser):
    with host(frame(site, CARD)) as other:
        with opened(browser, other, java_script_enabled=False) as (page, seen):
            inside = page.frame_locator("iframe")
            assert inside.locator("h1").inner_text() == "Évry"
            inside.locator("summary").first.click()
            assert inside.locator("details table").first.is_visible()
            assert len(seen.requests) == 2
        with opened(browser, f"{site.address}{CARD}?theme=dark") as (page, _):
            ground = "getComputedStyle(document.body).backgroundColor"
            assert page.evaluate(ground) == "rgb(22, 29, 28)"
            page.emulate_media(media="print")
            assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_a_link_pasted_into_wordpress_opens_as_high_as_it_is(site, browser):
    asked = urlencode({"url": f"{site.address}{SHORT}", "maxwidth": 600})
    told = json.loads(site.get(f"/oembed?{asked}").body)
    html = BeautifulSoup(told["html"], "html.parser")
    # What WordPress leaves of an unlisted provider: three elements, a sandbox and a secret.
    assert {each.name for each in html.find_all(True)} == {"a", "blockquote", "iframe"}
    quote, inner = html.blockquote, html.iframe
    kept = {k: inner[k] for k in ("src", "width", "height", "title", "frameborder")}
    inner.attrs = {**kept, "src": kept["src"] + "#?secret=Ab3dE6gH1k",
                   "data-secret": "Ab3dE6gH1k", "sandbox": "allow-scripts",
                   "security": "restricted",
                   "style": "position: absolute; visibility: hidden;"}  # fmt: skip
    quote["data-secret"] = "Ab3dE6gH1k"
    page_html = f"{html}<script>{WORDPRESS}</script>"
    with host(page_html) as other, opened(browser, other) as (page, seen):
        page.wait_for_function("window.told.some(told => told.message === 'height')")
        page.wait_for_timeout(300)
        inside = page.frames[1]
        body = inside.evaluate("document.body.getBoundingClientRect().height")
        assert abs(page.evaluate("document.querySelector('iframe').clientHeight") - body) <= 2
        assert page.locator("iframe").is_visible()
        assert not page.locator("blockquote").is_visible()
        inside.locator(".m-foot a").first.click()
        page.wait_for_function("window.followed")
        assert page.evaluate("window.followed").startswith(f"{site.address}/queries/")
        assert all(url.startswith((other, site.address)) for url in seen.requests)
        assert [each for each in seen.complaints if "sandbox" not in each] == []


def test_a_frame_tells_its_height_to_any_page_and_the_script_sets_it(site, browser):
    script = f'<script src="{site.address}/static/embed.js"></script>'
    with host(script + frame(site, SHORT)) as other, opened(browser, other) as (page, seen):
        page.wait_for_function("document.querySelector('iframe').style.height")
        page.wait_for_timeout(300)
        body = page.frames[1].evaluate("document.body.getBoundingClientRect().height")
        assert abs(page.evaluate("document.querySelector('iframe').clientHeight") - body) <= 2
        assert seen.complaints == []


def test_the_element_shows_the_embed_in_the_pages_font_under_a_strict_policy(site, browser):
    element = (
        '<body style="font-family: monospace">'
        f'<maillage-embed src="{site.address}{CARD}" lang="ar" '
        f'colour="#0072b2"><a href="{site.address}/doc/authority/fra-cog-91228">Évry</a>'
        f'</maillage-embed><script src="{site.address}/static/embed.js" async></script>'
    )
    policy = f"default-src 'none'; script-src {site.address}; connect-src {site.address}; "
    with (
        host(element, policy + "style-src 'unsafe-inline'") as other,
        opened(browser, other) as (page, seen),
    ):
        page.locator("maillage-embed h1").wait_for()
        assert page.locator("maillage-embed h1").inner_text() == "Évry"
        assert page.locator("maillage-embed main").get_attribute("dir") == "rtl"
        assert page.evaluate(LOOKED.format("h1", "fontFamily")) == "monospace"
        assert all(url.startswith((other, site.address)) for url in seen.requests)
        assert seen.complaints == []
    with host(element, policy) as other, opened(browser, other) as (page, seen):
        page.locator("maillage-embed h1").wait_for()
        blue = page.evaluate(LOOKED.format(".f0", "fill"))
        assert blue == "rgb(0, 114, 178)", "styled where inline styles are refused"
    with host(element, "script-src 'none'") as other, opened(browser, other) as (page, _):
        assert page.get_by_role("link", name="Évry").is_visible(), "what stands in it stays"


@pytest.mark.parametrize("path", [CARD, SHORT, "/embed/nothing", f"{CARD}?lang=ar&theme=dark"])
def test_a_frame_is_accessible(site, browser, path):
    with opened(browser, f"{site.address}{path}") as (page, _):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_webmaster_gets_the_code_in_three_steps(site, browser, scripts):
    with opened(browser, f"{site.address}/?lang=fr", java_script_enabled=scripts) as (page, seen):
        page.locator("#q").last.fill("Evry")
        page.keyboard.press("Enter")
        page.locator(".hits a[href*='fra-cog-91228']").first.click()
        page.get_by_role("link", name="Intégrer à votre site").click()
        code = page.locator("#s-iframe").input_value()
        assert f'src="{site.address}/embed/card/authority/fra-cog-91228' in code
        assert page.frame_locator("iframe").first.locator("h1").inner_text() == "Évry"
        page.locator("#theme").select_option("dark")
        if not scripts:
            page.get_by_role("button", name="Aperçu").click()
        page.wait_for_url("**theme=dark**")
        assert "theme=dark" in page.locator("#s-link").input_value()
        assert all(url.startswith(site.address) for url in seen.requests)
