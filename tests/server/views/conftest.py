"""The site over HTTP: on a build of the shipped sources, and on a small store of hostile data."""

import gzip
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store
from werkzeug.serving import make_server

from loaders.build.index import write_index
from server.app import create_app
from server.cli.serve import engine_host
from server.engine import Engine
from server.settings import Settings

HOSTILE = """
@prefix id: <https://w3id.org/maillage/id/organisation/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix mlg: <https://w3id.org/maillage/def#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:joined a org:FormalOrganization ; skos:prefLabel "Joined"@en ; mlg:formerKey "split" .
id:withdrawn <http://www.w3.org/2002/07/owl#deprecated> true .
id:bad a org:FormalOrganization ;
    skos:prefLabel "<script>alert(1)</script>"@fr , "الجمعية"@ar ;
    skos:altLabel "\\" onmouseover=\\"alert(1)" ;
    foaf:homepage <javascript:alert(1)> , <https://example.org/> ;
    mlg:acronym "{{ 7*7 }}" ;
    org:linkedTo <data:text/html,evil> .
<https://w3id.org/maillage/graph/test/bad> {
    id:bad skos:prefLabel "<script>alert(1)</script>"@fr
}
<https://w3id.org/maillage/graph/provenance> {
    <https://w3id.org/maillage/graph/test/bad> a mlg:SourceRecord ;
        <http://purl.org/dc/terms/title> "<img src=x onerror=alert(2)>"@fr ;
        <http://purl.org/dc/terms/source> <javascript:alert(3)> .
}
"""


def large() -> str:
    """A partnership, and an authority, with hundreds of everything."""
    name = "Coopération pour l'eau potable et l'assainissement numéro"
    lines = [
        f"id:large mlg:hasPartner <../authority/n{n}> ; mlg:hasObjective <../objective/o{n}> . "
        f'<../objective/o{n}> a mlg:Objective ; mlg:text "{name} {n}"@fr . '
        f'<../authority/n{n}> skos:prefLabel "{name} {n}"@fr ; mlg:partnerOf <../authority/hub> . '
        f"<../funding/large-{n}> a mlg:FundingLine ; mlg:fundingOf id:large ; mlg:amountEUR 10.5 ; "
        f'mlg:funderAsStated "{name} {n}" ; mlg:soleFunder <../authority/hub> ; '
        'mlg:year "2010"^^xsd:gYear . '
        f"id:p{n} a mlg:Partnership ; mlg:hasPartner <../authority/hub> ; "
        f'skos:prefLabel "{name}" . '
        f"<../organ/large-{n}> a mlg:Organ ; org:unitOf <../authority/hub> ; "
        f'skos:prefLabel "{name} {n}"@fr . '
        f'<../agreement/g{n}> mlg:signatory <../authority/hub> ; skos:prefLabel "{name} {n}"@fr . '
        for n in range(400)
    ]
    return (
        "@base <https://w3id.org/maillage/id/partnership/> . "
        "@prefix id: <https://w3id.org/maillage/id/partnership/> . "
        "@prefix mlg: <https://w3id.org/maillage/def#> . "
        "@prefix org: <http://www.w3.org/ns/org#> . "
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
        "id:large a mlg:Partnership . <../authority/hub> a mlg:LocalAuthority ." + "\n".join(lines)
    )


@dataclass(frozen=True)
class Reply:
    """The answer that came back over HTTP."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirects)


@dataclass(frozen=True)
class Site:
    """A running site and the way to read it."""

    address: str
    home: Path
    engine: Engine

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the version that is served."""
        manifest: dict[str, Any] = json.loads((self.home / "current/manifest.json").read_bytes())
        return manifest

    def get(
        self,
        path: str,
        accept: str = "text/html",
        method: str = "GET",
        body: bytes | None = None,
        **headers: str,
    ) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.address + path, body, {"Accept": accept, **named}, method=method
        )
        try:
            with OPENER.open(request, timeout=60) as answer:
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())


@contextmanager
def running(home: Path, **options: Any) -> Iterator[Site]:
    settings = Settings(home=home, evaluators=2, **options)
    with engine_host(home, settings) as engine:
        server = make_server("127.0.0.1", 0, create_app(settings, engine), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{server.port}", home, engine)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture(scope="session")
def site(small_home: Path) -> Iterator[Site]:
    """The site over a build of the shipped sources."""
    with running(small_home) as found:
        yield found


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over data that means harm."""
    home = tmp_path_factory.mktemp("hostile")
    folder = home / "versions" / "bad"
    folder.mkdir(parents=True)
    store = Store()
    store.load(HOSTILE, RdfFormat.TRIG)
    store.load(large(), RdfFormat.TURTLE)
    with gzip.open(folder / "maillage.nq.gz", "wb") as file:
        store.dump(file, RdfFormat.N_QUADS)
    graphs = {"https://w3id.org/maillage/graph/test/bad": 1}
    manifest = {"id": "bad", "quads": len(store), "graphs": graphs, "datasets": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    write_index(folder / "names.sqlite", store)
    (home / "current").symlink_to(Path("versions") / "bad")
    with running(home) as found:
        yield found


CODES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix id: <https://w3id.org/maillage/id/authority/> .
@prefix key: <https://w3id.org/maillage/id/identifier/> .
@prefix mlg: <https://w3id.org/maillage/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:fra-cog-91228 a mlg:LocalAuthority ; adms:identifier key:fra-cog-91228 .
key:fra-cog-91228 skos:notation "91228" ; adms:schemaAgency "INSEE" ;
    mlg:earliest "1968-01-01"^^xsd:date ; mlg:latest "2018-12-31"^^xsd:date .
id:fra-cog-91228-2019 a mlg:LocalAuthority ; adms:identifier key:fra-cog-91228-2019 .
key:fra-cog-91228-2019 skos:notation "91228" ; adms:schemaAgency "INSEE" ;
    mlg:earliest "2019-01-01"^^xsd:date .
id:fra-comd-91228 a mlg:LocalAuthority ; adms:identifier key:fra-comd-91228 .
key:fra-comd-91228 skos:notation "91228" ; adms:schemaAgency "INSEE" ;
    mlg:earliest "2019-01-01"^^xsd:date ; mlg:latest "2020-12-31"^^xsd:date .
"""


@pytest.fixture(scope="session")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site over a code that had several holders."""
    home = tmp_path_factory.mktemp("codes")
    folder = home / "versions" / "codes"
    folder.mkdir(parents=True)
    store = Store()
    store.load(CODES, RdfFormat.TURTLE)
    with gzip.open(folder / "maillage.nq.gz", "wb") as file:
        store.dump(file, RdfFormat.N_QUADS)
    manifest = {"id": "codes", "quads": len(store), "graphs": {}, "datasets": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    write_index(folder / "names.sqlite", store)
    (home / "current").symlink_to(Path("versions") / "codes")
    with running(home) as found:
        yield found
