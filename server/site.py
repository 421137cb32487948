"""The things that every view needs: the settings, an engine, the version that answers."""

from dataclasses import dataclass

from flask import current_app, g

from server.engine import Engine
from server.settings import Settings
from server.versions import Version, version_at


@dataclass(frozen=True)
class Site:
    """The settings, engines and versions that every view needs; found by `site()`."""

    settings: Settings
    engine: Engine

    def current_version(self) -> Version:
        """The version that answers now; raises NoVersion before the first."""
        return version_at(self.settings.home, self.engine.version())

    def address(self, requested: str) -> str:
        """The public address of the site, else the one under which it was `requested`."""
        return self.settings.base_url or requested


def site() -> Site:
    """The site that the request at hand came to, or that of an older version, if it asks one."""
    found: Site = g.get("older_site") or current_app.extensions["maillage"]
    return found
