"""The kit: everything that is printed for a board, as one PDF.

Per board its corner tags and headings; then cards, what hosts should know, a poster with
the QR code of the short address, and a sheet for staff with the one for sending photos.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from calibration.kit.paper import A4, Paper, Sheet
from calibration.kit.sheets import (
    card_sheets,
    headings_sheets,
    host_sheet,
    poster_sheet,
    setup_sheet,
    staff_sheet,
    tag_sheets,
)
from calibration.kit.tags import Tags, tags_for
from calibration.profile import Profile


@dataclass(frozen=True, slots=True)
class KitOptions:
    """What the kit is printed for.

    Parameters
    ----------
    paper : Paper
    board_url, capture_url : str
        The short address, and the link with which staff send photos; without one, its
        sheet is left out.
    cards : int
        How many blank cards, two a sheet.
    font : Path or None
        A TrueType font, for names that Latin letters do not write.
    """

    paper: Paper = A4
    board_url: str = ""
    capture_url: str = ""
    cards: int = 24
    font: Path | None = None


def kit_pdf(profile: Profile, options: KitOptions) -> bytes:
    """Return the kit of an event as a PDF.

    Parameters
    ----------
    profile : Profile
    options : KitOptions

    Raises
    ------
    KitError
        If the font lacks letters, or cannot be used.
    """
    with closing(Sheet.on(options.paper, options.font)) as sheet:
        return _printed(sheet, profile, options)


def _printed(sheet: Sheet, profile: Profile, options: KitOptions) -> bytes:
    tags = tags_for(profile)
    setup_sheet(sheet, profile, tags)
    walls: dict[Tags, list[str]] = {}
    for board in profile.boards:
        walls.setdefault(tags[board.slug], []).append(board.title)
    for four, boards in walls.items():
        tag_sheets(sheet, ", ".join(boards), four)
    for layout, titles in _layouts(profile).items():
        headings_sheets(sheet, layout, titles)
    card_sheets(sheet, profile.event, options.cards)
    host_sheet(sheet, profile.event)
    if options.board_url:
        poster_sheet(sheet, profile.event, options.board_url)
    if options.capture_url:
        staff_sheet(sheet, profile.event, options.capture_url)
    return sheet.finished()


def _layouts(profile: Profile) -> dict[tuple[tuple[str, ...], tuple[str, ...]], str]:
    """Return rooms and hours, each once, with the titles of the boards that have them."""
    titles: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    for board in profile.boards:
        hours = tuple(slot.label for slot in board.layout.slots)
        key = board.layout.rooms, hours
        titles[key] = ", ".join(filter(None, (titles.get(key), board.title)))
    return titles
