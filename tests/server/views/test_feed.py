"""The change feed over HTTP: who follows it from an older version, and what caches may keep."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from tests.conftest import ROOT
from tests.server.views.conftest import Site, running


@pytest.fixture(scope="module")
def five(five_builds: tuple[Path, list[str]]) -> Iterator[Site]:
    """The site over five builds, the last of which is served."""
    with running(five_builds[0]) as found:
        yield found


def test_pages_of_the_feed_never_change_and_its_root_is_asked_for_anew(five):
    assert five.get("/feed").headers["Location"].endswith("/feed/feed.ttl")
    root = five.get("/feed/feed.ttl", "*/*")
    assert (root.status, root.media_type) == (200, "text/turtle")
    assert root.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert root.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in root.headers
    page = five.get("/feed/1.trig", "*/*")
    assert (page.status, page.media_type) == (200, "application/trig")
    assert "immutable" in page.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["feed.json", "0.trig", "999.trig", ".lock", "..%2fcurrent"])
def test_nothing_else_of_the_folder_is_served(five, name):
    assert five.get(f"/feed/{name}", "*/*").status == 404


def test_a_copy_follows_over_http(five, five_builds):
    program: dict[str, Any] = {"__name__": "replica"}
    (text,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/versions.md").read_text(), re.S)
    exec(text, program)
    copy = Store()
    program["follow"](copy, f"{five.address}/feed/feed.ttl", five_builds[1][-2])
    told = five.get("/export.nt", "*/*").body
    fresh = Store()
    fresh.load(told, RdfFormat.N_TRIPLES)
    assert set(copy) < set(fresh)
    assert any("1990" in str(quad.object) for quad in copy)
