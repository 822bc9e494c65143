"""Published pictures and crops at immutable addresses.

The crop of a card that a facilitator hid, and what shows a photo that was taken back,
are only for facilitators. The place of a removed card beside the cells, mostly a
person's, is covered for everybody.

This view has the public blobs only. The originals, which carry GPS and faces,
are in another store that no view opens: no address can lead to them.
"""

from flask import Blueprint, Response

from server.auth import signed_in
from server.errors import NotFoundError
from server.publish.covered import covered_picture
from server.site import Site, site
from server.store.hidden_crops import is_hidden_crop
from server.store.people import Cover, cover_of
from server.store.pictures import content_type_of, is_taken_back
from server.views.responses import (
    IMMUTABLE,
    conditional,
    for_everyone,
    picture,
    preflighted,
    revalidated,
)

FOR_FACILITATORS = "private, no-store"


def pictures_blueprint() -> Blueprint:
    """Return the addresses of pictures and crops."""
    blueprint = Blueprint("pictures", __name__)
    blueprint.after_request(preflighted)
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
        hidden = is_hidden_crop(database, sha256) or is_taken_back(
            database, sha256, here.profile.boards
        )
        cover = cover_of(database, sha256, here.profile.boards)
    if content_type is None or (hidden and not _is_facilitator()):
        raise NotFoundError("such picture")
    if cover is not None and not hidden:
        return for_everyone(covered(here, sha256, content_type, cover))
    response = picture(here.blobs, sha256, content_type)
    response.headers["Cache-Control"] = FOR_FACILITATORS if hidden else IMMUTABLE
    return conditional(response if hidden else for_everyone(response))


def covered(here: Site, sha256: str, content_type: str, cover: Cover) -> Response:
    """Return a response with a picture in which a place is covered.

    It is to be asked for again: more may be covered, or less.

    Raises
    ------
    NotFoundError
        If nobody knows what the picture shows: then none of it is sent.
    """
    if cover.frame is None:
        raise NotFoundError("such picture any more")
    made = covered_picture(here.blobs, sha256, content_type, cover, cover.frame)
    return revalidated(made.data, content_type)


def _is_facilitator() -> bool:
    identity = signed_in()
    return identity is not None and identity.may("facilitator")
