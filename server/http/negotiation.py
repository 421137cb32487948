"""The format and the language that the caller would like best.

`format=` and `lang=` in the address win over the headers, so that a link can say what it gives.
"""

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from server.http.formats import Format, meant, named

LANGUAGES = ("fr", "en")


class UnknownFormat(ValueError):
    """`format=` asks for what cannot be had; `offered` are the names that can."""

    def __init__(self, name: str, offered: tuple[Format, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.offered = tuple(entry.name for entry in offered)


def accepted(header: str) -> MIMEAccept:
    """The media types of an Accept header; their parameters (charset, profile) change nothing."""
    wanted = parse_accept_header(header, MIMEAccept)
    return MIMEAccept([(entry.partition(";")[0].strip(), quality) for entry, quality in wanted])


def choose_format(
    accept: str, candidates: tuple[Format, ...], override: str | None = None
) -> Format | None:
    """The best of the candidates by RFC 9110, 12.5.1; None when the header admits none.

    An `override` that is a format, but of another kind of result, is what clients send who do not
    look at the query: the header decides, and where it likes several the same, the one that is
    most like it (XML, JSON). Raises UnknownFormat for one that is none.
    """
    if override:
        chosen = named(override, candidates)
        if chosen is not None:
            return chosen
        others = meant(override)
        if not others:
            raise UnknownFormat(override, candidates)
        families = {alias for entry in others for alias in entry.aliases}
        candidates = tuple(sorted(candidates, key=lambda entry: families.isdisjoint(entry.aliases)))
    if not accept:
        return candidates[0]
    offers: dict[str, Format] = {}
    for entry in candidates:
        offers.setdefault(entry.media_type, entry)
    for entry in candidates:  # an alias never takes the place of a media type proper
        for alias in entry.aliases:
            offers.setdefault(alias, entry)
    best = accepted(accept).best_match(list(offers))
    return offers[best] if best else None


def prefers_html(accept: str) -> bool:
    """True where a browser asks: HTML is named, and nothing that we write is liked better."""
    header = accepted(accept)
    return (
        bool(header)
        and "text/html" in header.values()
        and header["text/html"] >= max(quality for _, quality in header)
    )


def choose_language(header: str, override: str | None = None) -> str:
    """`fr` or `en`; French, the language of the sources, when nothing is said."""
    if override in LANGUAGES:
        return override
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or LANGUAGES[0]
