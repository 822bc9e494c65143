"""Placing photos by those placed last, where tags and references do not do.

Cards hang for hours: an afternoon's photo is more like the noon's than like the
empty board of the morning, and a close-up may show nothing but cards.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from calibration.profile import Board
from server.errors import OriginalLostError
from vision.errors import BoardNotFoundError, ReferenceMissingError
from vision.image.photo import Photo
from vision.registration import RecentPhoto, Reference
from vision.registration.frame import Registration
from vision.registration.rectify import RectifiedBoard

StraightenBy = Callable[[Photo, Sequence[Board], Sequence[Reference]], RectifiedBoard]
"""As `vision.pipeline.straighten`."""

MAX_STEPS = 6
"""How many photos may be placed one by the other before tags or the reference
must place one again: each adds about half a percent of a cell."""


MAX_KEPT = 16
"""Photos kept small in memory, 3 MB each: two of each of several boards."""


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPhoto:
    """A photo that was placed.

    Parameters
    ----------
    sha256 : str
        Of its bytes.
    registration : Registration
    """

    sha256: str
    registration: Registration


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPhotos:
    """What is kept of the photos that were placed, whoever placed them.

    Parameters
    ----------
    last : callable
        Returns those that place a board's next photo best, the likeliest first.
    original : callable
        Returns a photo by its SHA-256.
    """

    last: Callable[[Board], Sequence[PlacedPhoto]]
    original: Callable[[str], Photo]


class RecentPhotos:
    """Places photos, by the photos of each board that were placed last if need be.

    Where only tags place one, those are asked whether they agree.

    Which those are, and how they were placed, is kept in the store: after a start,
    and for whichever process, it is the same. Only their shrunk pixels are kept in
    memory, to save decoding them again.

    Parameters
    ----------
    straighten_by : callable
    references : callable
        Returns the profile's references; called when they are needed.
    placed : PlacedPhotos
        Asked when neither tags nor references do, or tags alone.
    """

    def __init__(
        self,
        straighten_by: StraightenBy,
        references: Callable[[], Sequence[Reference]],
        placed: PlacedPhotos,
    ) -> None:
        self._straighten_by = straighten_by
        self._references = references
        self._placed = placed
        self._kept: dict[str, RecentPhoto] = {}

    def straighten(self, photo: Photo, boards: Sequence[Board]) -> RectifiedBoard:
        """Place a photo by tags or references, else by the photos placed last.

        Parameters
        ----------
        photo : Photo
        boards : sequence of Board
            Those that it may show.

        Raises
        ------
        RegistrationError
            If neither places it with certainty.
        StorageError
            If a photo that was placed cannot be read.
        """
        try:
            straight = self._straighten_by(photo, boards, self._references())
        except (BoardNotFoundError, ReferenceMissingError) as refusal:
            recent = [*self._references_among(self._usable(boards))]
            if not recent:
                raise
            try:
                straight = self._straighten_by(photo, boards, recent)
            except BoardNotFoundError:
                raise refusal from None
        else:
            straight = self._checked(photo, straight)
        self._keep(RecentPhoto.of(photo, straight.registration))
        return straight

    def _checked(self, photo: Photo, straight: RectifiedBoard) -> RectifiedBoard:
        """Ask the photos placed last where nothing else agrees with a board's tags."""
        if straight.registration.checked:
            return straight
        board = straight.registration.board
        checked = [one for one in self._usable([board]) if one.registration.checked]
        recent = [*self._references_among(checked)]
        return self._straighten_by(photo, [board], recent) if recent else straight

    def _usable(self, boards: Sequence[Board]) -> list[PlacedPhoto]:
        return [
            entry
            for board in boards
            for entry in self._placed.last(board)
            if entry.registration.steps < MAX_STEPS
        ]

    def _references_among(self, entries: Sequence[PlacedPhoto]) -> Iterator[Reference]:
        """Yield references made of placed photos, but of those whose bytes are lost."""
        for entry in entries:
            try:
                yield self._reference(entry)
            except OriginalLostError as loss:
                log.warning("photo %s places no other one: %s", entry.sha256, loss)

    def _reference(self, entry: PlacedPhoto) -> Reference:
        if entry.sha256 not in self._kept:
            photo = self._placed.original(entry.sha256)
            self._keep(RecentPhoto.of(photo, entry.registration))
        return self._kept[entry.sha256].reference()

    def _keep(self, recent: RecentPhoto) -> None:
        """Keep a photo, and of the others those kept last."""
        kept = {**self._kept, recent.sha256: recent}
        self._kept = dict(list(kept.items())[-MAX_KEPT:])
