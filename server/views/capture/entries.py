"""A photo as whoever sent it sees it: what came of it, and what is wrong where. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from calibration.layout import CellId
from calibration.profile import Board
from server.store.pictures import BoardPicture, StraightPicture
from server.views.capture.drawing import Drawing, drawing_of
from server.views.desk.photos import DeskPhoto
from vision.reading import Finding, name_cells

CLOCKS_AGREE = dt.timedelta(minutes=3)
"""Between a photo's own time and its arrival: that long people choose and send."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be known of a photo; the words are in ``capture/_remarks.html``.

    Parameters
    ----------
    code : str
        As of `Finding`.
    message : str
        Where the page has no words of its own.
    number : str
        By which it is found in the picture; empty where it is about all of it.
    where : str
        Its cells, in words.
    side : {"left", "right"}
        To which side a lamp's reflection leaves the board soonest: it goes where
        whoever takes the photo goes.
    """

    code: str
    message: str
    number: str = ""
    where: str = ""
    side: str = "left"


@dataclass(frozen=True, slots=True)
class Entry:
    """A photo and what came of it.

    Parameters
    ----------
    photo : DeskPhoto
    board : Board or None
        None as long as it is not known, or where it is no longer in event.toml.
    remarks : tuple of Remark
    drawing : Drawing or None
        Its straight picture with what is wrong.
    again : bool
        Whether it was here before it was sent just now.
    own : bool
        Whether whoever looks sent it.
    other_days : tuple of Board
        Of which it may be instead, where it does not tell its day.
    """

    photo: DeskPhoto
    board: Board | None
    remarks: tuple[Remark, ...]
    drawing: Drawing | None
    again: bool
    own: bool
    other_days: tuple[Board, ...] = ()

    @property
    def asks_for_now(self) -> bool:
        """Whether a person may know better than its camera that it was taken just then."""
        record, said = self.photo.record, self.photo.said
        if not self.own or said.time or said.taken_back or record.picture is None:
            return False
        if record.taken_at is None:
            return not record.dated
        return record.received_at - record.taken_at > CLOCKS_AGREE


def entry_of(
    photo: DeskPhoto,
    board: Board | None,
    straight: StraightPicture | None,
    *,
    again: bool,
    own: bool,
) -> Entry:
    """Return a photo as whoever sent it sees it.

    Parameters
    ----------
    photo : DeskPhoto
    board : Board or None
    straight : StraightPicture or None
        Its straight picture; None if there is none (yet), or it was taken back.
    again, own : bool
        As of `Entry`.
    """
    if board is None or photo.taken_back:
        remarks = remarks_on(() if photo.taken_back else photo.findings, board)
        return Entry(photo, board, remarks, None, again, own)
    remarks = remarks_on(photo.findings, board)
    shown = None
    if straight is not None:
        frame = straight.registration.frame if straight.registration else None
        shown = BoardPicture(straight.photo_id, straight.at, straight.picture, frame)
    return Entry(
        photo,
        board,
        remarks,
        drawing_of(shown, board.layout, _marked(photo.findings, remarks)),
        again,
        own,
    )


def remarks_on(findings: Sequence[Finding], board: Board | None) -> tuple[Remark, ...]:
    """Return what is to be known of a photo, numbered where it is drawn."""
    remarks = []
    number = 0
    worse = any(finding.code == "worse_blurred" for finding in findings)
    for finding in findings:
        if worse and finding.code == "blurred" and not finding.cells:
            continue  # said once
        number += bool(finding.cells)
        remarks.append(
            Remark(
                finding.code,
                finding.message,
                str(number) if finding.cells else "",
                name_cells(finding.cells) if finding.cells else "",
                _side(finding.cells, board),
            )
        )
    return tuple(remarks)


def _marked(
    findings: Sequence[Finding], remarks: Sequence[Remark]
) -> dict[CellId, str]:
    """Return the numbers of what is to be known of each cell."""
    marked: dict[CellId, str] = {}
    numbers = iter([remark.number for remark in remarks if remark.number])
    for finding in findings:
        number = next(numbers) if finding.cells else ""
        for cell in finding.cells:
            marked[cell] = f"{marked.get(cell, '')} {number}".strip()
    return marked


def _side(cells: Sequence[CellId], board: Board | None) -> str:
    layout = board.layout if board else None
    places = [
        layout.cell_rect(cell).centre.x
        for cell in cells
        if layout and cell in layout.cells
    ]
    return "right" if places and sum(places) / len(places) > 1 / 2 else "left"
