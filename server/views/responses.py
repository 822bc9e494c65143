"""Responses that are cheap to ask for again."""

import datetime as dt
import hashlib

from flask import Response, request

IMMUTABLE = "public, max-age=31536000, immutable"
"""What is under its content's hash never changes: a year is as long as caches
keep anything."""

REVALIDATE = "no-cache"
"""Keep it, but ask each time whether it is still the newest."""


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
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    if modified_at is not None:
        response.last_modified = modified_at
    response.headers["Cache-Control"] = REVALIDATE
    return conditional(response)


def conditional(response: Response) -> Response:
    """Return the response, or 304 without a body if the client has it already."""
    response.make_conditional(request)
    return response


def for_everyone(response: Response) -> Response:
    """Return the response, readable by pages of other sites too.

    Schedule and picture are public: a conference's own page may fetch them.
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
