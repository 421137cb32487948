"""An engine's answer as a response of Flask."""

import hashlib

from flask import Response, request

from server.engine import IN_MEMORY, Answer


def respond_with(answer: Answer, content_type: str, *, repeatable: bool = True) -> Response:
    """The answer as it is sent: in one piece where it is short, else from its file.

    The ETag is of the content, so that what a rebuild did not change is still 304; an answer that
    is new each time has none.
    """
    if answer.size <= IN_MEMORY:
        content = answer.read()
        response = Response(content)
        digest = hashlib.blake2b(content, digest_size=16)
    else:
        digest = hashlib.blake2b(digest_size=16)
        while chunk := answer.body.read(IN_MEMORY):
            digest.update(chunk)
        answer.body.seek(0)
        response = Response(answer)
        response.call_on_close(answer.close)
        response.content_length = answer.size
    response.headers["Content-Type"] = content_type
    # Keep it, and ask whether it is still so; what is new each time is not worth keeping.
    response.headers["Cache-Control"] = "no-cache" if repeatable else "no-store"
    if repeatable:
        response.set_etag(digest.hexdigest())
        response.make_conditional(request)
    return response
