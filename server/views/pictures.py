"""Published pictures and crops at immutable addresses.

This view has the public blobs only. The originals, which carry GPS and faces,
are in another store that no view opens: no address can lead to them.
"""

from flask import Blueprint, Response

from server.errors import NotFoundError
from server.site import site
from server.store.pictures import content_type_of
from server.views.responses import IMMUTABLE, conditional, for_everyone

HTTP_NOT_MODIFIED = 304


def pictures_blueprint() -> Blueprint:
    """Return the addresses of pictures and crops."""
    blueprint = Blueprint("pictures", __name__)
    for suffix in ("jpg", "webp"):
        blueprint.add_url_rule(f"/b/<sha256>.{suffix}", suffix, show_blob)
    return blueprint


def show_blob(sha256: str) -> Response:
    """Send a published picture or crop.

    Raises
    ------
    NotFoundError
        If nothing with this hash was published.
    """
    here = site()
    with here.database.read() as database:
        content_type = content_type_of(database, sha256)
    if content_type is None:
        raise NotFoundError("such picture")
    response = Response(content_type=content_type)
    response.set_etag(sha256)
    response.headers["Cache-Control"] = IMMUTABLE
    if conditional(response).status_code != HTTP_NOT_MODIFIED:
        response.set_data(here.blobs.get(sha256))
    return for_everyone(response)
