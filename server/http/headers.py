"""The headers of every answer: what a page may load and who may read what is public."""

from collections.abc import Mapping

from flask import Response, request

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Server": "Maillage",  # instead of the name of a part
}
CORS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, Content-Language",
}
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    # `*` is for the headers of libraries; old browsers need the names.
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, *",
    "Access-Control-Max-Age": "86400",
}


def answer_preflight() -> Response | None:
    """Admit what a browser asks to do, at any address: else it hides even a 404 from its page."""
    preflight = "Access-Control-Request-Method" in request.headers
    return Response(status=204) if request.method == "OPTIONS" and preflight else None


def add_headers(response: Response) -> Response:
    """Let any page read what is public (errors too), and let none misuse it."""
    headers = {**SECURITY, **CORS, **(PREFLIGHT if request.method == "OPTIONS" else {})}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
