"""Responses that are cheap to ask for again."""

import datetime as dt
import hashlib

from flask import Response, current_app, request
from werkzeug.datastructures import HeaderSet

from server.errors import NotFoundError
from server.store.blobs import Blobs

IMMUTABLE = "public, max-age=31536000, s-maxage=60, immutable"
"""What is under its content's hash never changes: a year is as long as browsers
keep anything. Caches that serve many ask again each minute: a facilitator may hide
the card."""

REVALIDATE = "public, max-age=0, s-maxage=1, must-revalidate"
"""Keep it, but ask each time whether it is still the newest. It is the same for
everybody: one answer serves all (`server.asgi.published`), and a cache in front may
give it to all for a second."""

SENDFILE = "X-Sendfile"
"""Names a file that the server sends by itself, where it does (``USE_X_SENDFILE``)."""

SENDFILE_FROM_BYTES = 64 * 2**10
"""Smaller pictures are sent faster from memory: a card's has 10 to 40 kB."""

PREFLIGHT_HOLDS_S = 24 * 3600
"""How long browsers remember what another site's pages may ask."""


def revalidated(
    body: str | bytes,
    content_type: str,
    *,
    modified_at: dt.datetime | None = None,
) -> Response:
    """Return a response that browsers keep and ask about; 304 if unchanged.

    Parameters
    ----------
    body : str or bytes
    content_type : str
    modified_at : datetime or None
        Aware; when what it shows was made.
    """
    data = body.encode() if isinstance(body, str) else body
    response = Response(data, content_type=content_type)
    # Weak: compressed or not, it says the same.
    response.set_etag(hashlib.sha256(data).hexdigest()[:32], weak=True)
    if modified_at is not None:
        response.last_modified = modified_at
    response.headers["Cache-Control"] = REVALIDATE
    return conditional(response)


def picture(blobs: Blobs, sha256: str, content_type: str) -> Response:
    """Return a response with a public blob, its ETag the hash of its content.

    Raises
    ------
    NotFoundError
        If it is not kept.
    StorageError
        If it cannot be read.
    """
    path = blobs.path_of(sha256) if current_app.config["USE_X_SENDFILE"] else None
    if path is not None and not path.is_file():
        raise NotFoundError("such picture")
    if path is not None and path.stat().st_size >= SENDFILE_FROM_BYTES:
        response = Response(content_type=content_type)
        response.headers[SENDFILE] = str(path)
        response.content_length = path.stat().st_size
    else:
        response = Response(blobs.get(sha256), content_type=content_type)
    response.set_etag(sha256)
    return response


def conditional(response: Response) -> Response:
    """Return the response, or 304 without a body if the client has it already."""
    response.make_conditional(request)
    return response


def for_everyone(response: Response) -> Response:
    """Return the response, readable by pages of other sites too.

    Schedule and picture are public: a conference's own page may fetch them.
    """
    response.access_control_allow_origin = "*"
    response.access_control_expose_headers = HeaderSet(["ETag"])
    return response


def preflighted(response: Response) -> Response:
    """Return the response; where browsers ask first, what other sites' pages may send.

    To be called after each request to what `for_everyone` answers.
    """
    if request.method == "OPTIONS":
        for_everyone(response)
        response.access_control_allow_methods = HeaderSet(["GET", "HEAD"])
        response.access_control_allow_headers = HeaderSet(["If-None-Match"])
        response.access_control_max_age = PREFLIGHT_HOLDS_S
    return response
