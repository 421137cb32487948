"""The language that a reader chose in an address, remembered for the pages that follow.

The cookie `lang` holds `fr` or `en` and nothing else. A page whose address names no language is
then asked for as if the browser preferred the remembered one: all behind this, caches too, know of
one way only in which a language is asked for, Accept-Language.
"""

from collections.abc import Iterable
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import dump_cookie, parse_cookie

from server.http.negotiation import LANGUAGES

COOKIE = "lang"
YEAR = 365 * 24 * 3600


class RememberedLanguage:
    """A WSGI middleware that reads the cookie, and sets it with a page in a chosen language."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer of the application, in the language of the address, cookie or browser."""
        query = environ.get("QUERY_STRING", "")
        # Of a long query, which most have, nothing is decoded.
        asked = parse_qs(query).get("lang", [""])[0] if "lang=" in query else ""
        remembered = parse_cookie(environ).get(COOKIE, "")
        # Elsewhere no cookie is read: dropped, it parts no answers that are the same.
        environ.pop("HTTP_COOKIE", None)
        embedded = environ.get("PATH_INFO", "").startswith("/embed/")
        if remembered in LANGUAGES and not asked and not embedded:
            environ["HTTP_ACCEPT_LANGUAGE"] = remembered

        def started(status, headers, exc_info=None):  # type: ignore[no-untyped-def]
            media_type = next((v for k, v in headers if k.lower() == "content-type"), "")
            chosen = asked in LANGUAGES and asked != remembered and not embedded
            if chosen and media_type.startswith("text/html"):
                path = (environ.get("SCRIPT_NAME") or "") + "/"
                cookie = dump_cookie(COOKIE, asked, max_age=YEAR, path=path, samesite="Lax")
                headers = [*headers, ("Set-Cookie", cookie)]
            return start_response(status, headers, exc_info)

        return self.application(environ, started)
