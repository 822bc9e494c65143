"""With what the page of a set-up begins: a sheet for each board it may be. Pure."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from calibration.event import Board, Profile
from calibration.geometry import Quad, Rect
from server.setup.drafts import Wishes, day_of, drafted, slug_of
from server.setup.sheets import Sheet, sheet_of
from vision.proposal import LayoutProposal

FIRST_ROOMS = ("Room 1", "Room 2", "Room 3")
FIRST_SLOTS = ("10:00-11:00", "11:00-12:00", "13:00-14:00", "14:00-15:00")
"""Of a board of which nothing is known."""

MIDDLE = (0.15, 0.85)
"""Where the grid stands of which nothing is known, in units of the photo's sides."""


@dataclass(frozen=True, slots=True)
class Start:
    """With what the page begins.

    Parameters
    ----------
    sheets : tuple of Sheet
        One for each board of event.toml, and at last one for a new board.
    chosen : str
        The `board` of the sheet that is most likely meant.
    explanation : str
        What a person must know about where the grid comes from; may be empty.
    """

    sheets: tuple[Sheet, ...]
    chosen: str
    explanation: str


def start_of(
    wishes: Wishes,
    proposal: LayoutProposal | None,
    profile: Profile | None,
    taken_on: dt.date,
    photo_wh: tuple[int, int],
) -> Start:
    """Return with what the page of a photo begins.

    Raises
    ------
    SetupError
        If wishes do not fit together.
    """
    boards = profile.walls if profile else ()
    newest = max(boards, key=lambda board: board.date, default=None)
    chosen = _meant(wishes.slug, proposal, boards, taken_on)
    sheets = []
    for board in (*boards, None):
        # What a person says is said of the board that they mean.
        meant = chosen == (board.slug if board else "")
        said = wishes if meant else Wishes()
        if board is None:
            every = profile.boards if profile else ()
            said = _as_new(said, proposal, every, taken_on)
        like = board or newest
        sheets.append(
            _sheet(said, proposal, like, board, taken_on=taken_on, photo_wh=photo_wh)
        )
    explanation = _explanation(wishes, proposal, newest)
    return Start(tuple(sheets), chosen, explanation)


def _sheet(
    wishes: Wishes,
    proposal: LayoutProposal | None,
    like: Board | None,
    board: Board | None,
    *,
    taken_on: dt.date,
    photo_wh: tuple[int, int],
) -> Sheet:
    """Return the sheet of a board, or of a new one that is like another."""
    if board is None and like is not None:
        # Its tags are its own, and what was blocked was so on its day.
        layout = replace(like.layout, blocked={})
        like = replace(like, tags=None, layout=layout)
    wishes = wishes if board is None else replace(wishes, slug=board.slug)
    if proposal is None:
        corners = wishes.corners_photo or _corners_without(like, photo_wh)
        wishes = replace(wishes, corners_photo=corners)
        if like is None:
            wishes = replace(
                wishes,
                rooms=wishes.rooms or FIRST_ROOMS,
                slots=wishes.slots or FIRST_SLOTS,
            )
    draft, area = drafted(wishes, proposal, like, taken_on)
    return sheet_of(draft, area, board.slug if board else "")


def _corners_without(like: Board | None, photo_wh: tuple[int, int]) -> Quad:
    """Return where the grid stands first: where it was, else in the middle."""
    width, height = photo_wh
    if like and like.reference:
        corners = like.reference.corners
        if all(0 <= x <= width and 0 <= y <= height for x, y in corners.corners):
            return corners
    low, high = MIDDLE
    return Rect(low * width, low * height, high * width, high * height).to_quad()


def _as_new(
    wishes: Wishes,
    proposal: LayoutProposal | None,
    boards: Sequence[Board],
    taken_on: dt.date,
) -> Wishes:
    """Return wishes for a new board: a title, a day and a slug of its own."""
    date = wishes.date or day_of(proposal, taken_on)
    title = wishes.title or (proposal.title if proposal else "")
    title = title or (f"{date:%A}" if boards else "Board")
    taken = {board.slug for board in boards}
    slug = wishes.slug if wishes.slug not in taken else ""
    slug = slug or slug_of(title)
    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    free = next(one for one in itertools.chain([slug], numbered) if one not in taken)
    return replace(wishes, slug=free, title=title, date=date)


def _meant(
    slug: str,
    proposal: LayoutProposal | None,
    boards: Sequence[Board],
    taken_on: dt.date,
) -> str:
    """Return the board that a photo most likely shows, empty for a new one.

    By its slug; by the day that stands on it; by the day on which the photo was taken;
    else the first of which no photo is known.
    """
    if slug:
        return slug if slug in {board.slug for board in boards} else ""
    title = proposal.title if proposal else ""
    for fits in (
        [board for board in boards if title and board.title == title],
        [board for board in boards if board.date == day_of(proposal, taken_on)],
        [board for board in boards if board.reference is None],
    ):
        if fits:
            return fits[0].slug
    return ""


def _explanation(
    wishes: Wishes, proposal: LayoutProposal | None, newest: Board | None
) -> str:
    if proposal is not None or wishes.corners_photo is not None:
        return ""
    told = "The headings of rooms and hours were not found on this photo. "
    if newest is not None:
        return told + (
            "Rooms and hours are as event.toml has them: drag the grid's corners onto "
            "those of the cells."
        )
    return told + (
        "A grid stands in the middle: drag its corners onto those of the cells, and "
        "write down rooms and hours as they stand on the board."
    )
