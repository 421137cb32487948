"""Saved queries: kept under the hash of what they are, shown alone, never lost by a rebuild."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from server.pages.saved_store import LARGEST, CannotSave, SavedQuery, read, save
from tests.server.views.conftest import OPENER, Reply, Site, running

TEXT = "SELECT ?name ?year WHERE { VALUES (?name ?year) { ('Évry' 2010) ('Kayes' 2003) } }"


@pytest.fixture(scope="module")
def site(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over a home of its own, in which it may save."""
    home = tmp_path_factory.mktemp("saved") / "home"
    shutil.copytree(small_home, home, symlinks=True)
    with running(home, saved=1) as found:
        yield found


def post(site: Site, accept: str = "application/json", **fields: str) -> Reply:
    request = urllib.request.Request(
        f"{site.address}/save", data=urlencode(fields).encode(), headers={"Accept": accept}
    )
    try:
        with OPENER.open(request, timeout=60) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


def test_the_same_query_has_the_same_address_and_another_another(site):
    first, again = post(site, query=TEXT), post(site, query=TEXT)
    other = post(site, query=TEXT, title="Ailleurs")
    assert (first.status, again.body) == (201, first.body)
    assert json.loads(other.body)["id"] != json.loads(first.body)["id"]
    assert first.headers["Location"] == json.loads(first.body)["page"]


def test_a_browser_is_led_to_the_result_alone(site):
    reply = post(site, "text/html", query=TEXT, view="bars", title="Depuis <quand>")
    assert reply.status == 303
    page = site.get(reply.headers["Location"])
    assert page.status == 200
    assert "<h1>Depuis &lt;quand&gt;</h1>" in page.text
    assert "<svg" in page.text
    assert "Kayes" in page.text
    assert "<textarea" not in page.text


def test_its_result_comes_as_files(site):
    found = json.loads(post(site, query=TEXT).body)
    table = site.get(f"/view/{found['id']}.csv")
    assert table.media_type == "text/csv"
    assert table.text.splitlines() == ["name,year", "Évry,2010", "Kayes,2003"]
    answer = json.loads(site.get(f"/view/{found['id']}.json").body)
    assert len(answer["results"]["bindings"]) == 2


def test_it_may_be_embedded(site):
    found = json.loads(post(site, query=TEXT, title="Deux villes").body)
    embed = site.get(f"/embed/view/{found['id']}?lang=en")
    assert embed.status == 200
    assert "Deux villes" in embed.text
    builder = site.get(f"/embed/builder?of=/view/{found['id']}")
    assert builder.status == 200
    assert f"/embed/view/{found['id']}" in builder.text


def test_no_build_loses_it(site):
    found = json.loads(post(site, query=TEXT).body)
    folder = site.home / "versions" / "another"
    shutil.copytree(site.home / "current", folder)
    manifest = json.loads((folder / "manifest.json").read_bytes()) | {"id": "another"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    link = site.home / "current.new"
    link.symlink_to(Path("versions") / "another")
    link.replace(site.home / "current")
    assert site.get(f"/view/{found['id']}.csv").status == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"query": "SELECT nonsense"}, 201),  # told where it is shown
        ({"query": TEXT, "view": "hologram"}, 400),
        ({"query": f"# {'x' * LARGEST}\n{TEXT}"}, 507),
        ({"query": TEXT, "title": "x" * 201}, 507),
    ],
)
def test_what_cannot_be_kept_is_refused(site, fields, status):
    assert post(site, **fields).status == status


def test_what_was_never_saved_is_not_found(site):
    assert site.get("/view/0123456789").status == 404
    assert site.get("/view/0123456789.csv", "application/json").status == 404
    assert site.get("/embed/view/0123456789").status == 404


def test_the_editor_shares_without_a_script(site):
    page = site.get("/query?lang=en").text
    assert '<button class="quiet" formaction="/save" formmethod="post">Share</button>' in page


def test_a_full_store_keeps_what_it_has_and_no_more(tmp_path):
    first = SavedQuery(TEXT)
    identifier = save(tmp_path, first, 100_000)
    assert read(tmp_path, identifier) == first
    with pytest.raises(CannotSave):
        save(tmp_path, SavedQuery(TEXT, "map"), 0)
    assert save(tmp_path, first, 0) == identifier
    assert read(tmp_path, "nothing") is None


def test_a_home_that_cannot_be_written_saves_nothing(tmp_path):
    with pytest.raises(CannotSave):
        save(tmp_path / "missing", SavedQuery(TEXT), 100_000)
