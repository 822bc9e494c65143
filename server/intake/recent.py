"""Placing photos by those placed last, where tags and references do not do.

Cards hang for hours: an afternoon's photo is more like the noon's than like the
empty board of the morning, and a close-up may show nothing but cards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calibration.profile import Board
from vision.errors import BoardNotFoundError, ReferenceMissingError
from vision.photo import Photo
from vision.rectify import RectifiedBoard
from vision.register import RecentPhoto, Reference

StraightenBy = Callable[[Photo, Sequence[Board], Sequence[Reference]], RectifiedBoard]
"""As `vision.pipeline.straighten`."""

WHOLE_COVERAGE = 0.9
"""Share of the cell area that a photo shows from which it helps with any other."""

MAX_STEPS = 6
"""How many photos may be placed one by the other before tags or the reference
must place one again: each adds about half a percent of a cell."""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPhoto:
    """A photo that was placed lately.

    Parameters
    ----------
    photo : RecentPhoto
    steps : int
        Photos between it and tags or the reference.
    """

    photo: RecentPhoto
    steps: int

    @property
    def whole(self) -> bool:
        """Whether it shows nearly the whole board."""
        return self.photo.registration.coverage >= WHOLE_COVERAGE


class RecentPhotos:
    """The photos of each board that this process has placed last.

    Kept in memory: after a start, tags or the reference place the first photo.

    Parameters
    ----------
    straighten_by : callable
    references : callable
        Returns the profile's references; called when they are needed.
    """

    def __init__(
        self,
        straighten_by: StraightenBy,
        references: Callable[[], Sequence[Reference]],
    ) -> None:
        self._straighten_by = straighten_by
        self._references = references
        self._placed: dict[str, tuple[PlacedPhoto, ...]] = {}

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
        """
        try:
            straight, steps = self._by_profile(photo, boards), 0
        except (BoardNotFoundError, ReferenceMissingError) as refusal:
            placed = self._usable(boards)
            if not placed:
                raise
            try:
                recent = [entry.photo.reference() for entry in placed]
                straight = self._straighten_by(photo, boards, recent)
            except BoardNotFoundError:
                raise refusal from None
            steps = 1 + max(entry.steps for entry in placed)
        self._note(photo, straight, steps)
        return straight

    def _by_profile(self, photo: Photo, boards: Sequence[Board]) -> RectifiedBoard:
        return self._straighten_by(photo, boards, self._references())

    def _usable(self, boards: Sequence[Board]) -> list[PlacedPhoto]:
        return [
            entry
            for board in boards
            for entry in self._placed.get(board.slug, ())
            if entry.steps < MAX_STEPS
        ]

    def _note(self, photo: Photo, straight: RectifiedBoard, steps: int) -> None:
        """Keep a photo, and the last one before it that shows the whole board."""
        slug = straight.registration.board.slug
        latest = PlacedPhoto(RecentPhoto.of(photo, straight.registration), steps)
        before = [entry for entry in self._placed.get(slug, ()) if entry.whole]
        self._placed[slug] = (latest,) if latest.whole else (latest, *before[:1])
