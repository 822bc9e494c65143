"""A board's picture of several photos, set together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from calibration.profile import Board
from server.publish.pictures import (
    EncodedPicture,
    composed,
    declare,
    encode_board,
    store_board,
)
from server.publish.releases import publish
from server.site import Site
from server.store.pictures import (
    StraightPicture,
    add_composite,
    has_composite,
    layers_of,
)
from server.store.values import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Composite:
    """What a board's pictures make together.

    Parameters
    ----------
    layers : tuple of StraightPicture
    encoded : tuple of EncodedPicture
    picture : Picture or None
        None if it is known already, or all is in one picture.
    """

    layers: tuple[StraightPicture, ...]
    encoded: tuple[EncodedPicture, ...] = ()
    picture: Picture | None = None

    def is_of(self, layers: Sequence[StraightPicture]) -> bool:
        """Say whether these are its pictures."""
        return [one.photo_id for one in layers] == [one.photo_id for one in self.layers]

    def add(self, session: Session, board: Board) -> None:
        """Let it be known."""
        if self.picture is not None:
            declare(session, self.encoded)
            add_composite(session, board.slug, self.layers, self.picture)


def composite_of(
    site: Site, board: Board, new: StraightPicture | None = None
) -> Composite:
    """Return what a board's pictures make together: kept, and not yet known.

    Parameters
    ----------
    site : Site
    board : Board
    new : StraightPicture, optional
        One that is yet to be added.

    Raises
    ------
    StorageError
        If one of them cannot be read, or it cannot be kept.
    """
    with site.database.read() as session:
        layers = layers_of(session, board, new)
        if len(layers) <= 1 or has_composite(session, layers):
            return Composite(layers)
    encoded = encode_board(composed(site.blobs, layers))
    return Composite(layers, encoded, store_board(site.blobs, encoded))


def set_together(site: Site, board: Board) -> None:
    """Set a board's picture together anew and publish it, if it is not yet.

    So it is where one that was part of it was taken back, or has another time.
    """
    composite = composite_of(site, board)
    if composite.picture is None:
        return
    with site.database.write() as session:
        composite.add(session, board)
        publish(session, site.profile, board.slug, cause="correction", at=site.clock())
