"""What every view needs: the settings, an engine, the version that answers."""

from dataclasses import dataclass

from flask import current_app

from server.engine import ServedEngine
from server.settings import Settings
from server.sparql.federation import Federation
from server.versions import Version, version_at


@dataclass(frozen=True)
class Site:
    """What every view needs; found by `site()`."""

    settings: Settings
    engine: ServedEngine
    federation: Federation

    def current_version(self) -> Version:
        """The version that answers now; raises NoVersion before the first."""
        return version_at(self.settings.home, self.engine.version())


def site() -> Site:
    """The site that the request at hand came to."""
    found: Site = current_app.extensions["maillage"]
    return found
