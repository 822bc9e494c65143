"""Pictures of what no photo shows: cards and boards where there is no wall.

Cards are SVG: browsers have letters for any language. The board's picture is a JPEG, for
what shows nothing else, with the letters of the fonts on this machine.
"""

import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from calibration.layout import CellId
from calibration.profile import Board
from server.schedule.sessions import Schedule, Session

PAPERS = ("#ffe59a", "#ffd0c2", "#cfe8ff", "#d5f0c8", "#ead9ff")
"""Of cards: pastels on which dark letters are read well."""

CARD_WH = (360, 240)
"""3 to 2, as an index card."""

TITLE_EM, MOST_LINES, HOST_EM = 10.0, 4, 14.0
"""Of a card: what fits into its lines, in widths of their letters' height."""

NARROW, WIDE = 0.62, 1.0
"""How wide letters are, of their height: Latin ones on average, Chinese ones all."""

CELL_WH, HEAD_PX, MARGIN_PX = (250, 110), 46, 18
"""Of the board's picture, in pixels: ten places in nine slots are 2,700 wide."""

FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansTC-Regular.otf", "wqy-zenhei.ttc",
         "DroidSansFallbackFull.ttf", "PingFang.ttc", "msjh.ttc")  # fmt: skip
"""With letters of any language, where they are installed."""

PLAIN_FONTS = ("DejaVuSans.ttf", "Arial.ttf")

QUALITY = 85
"""JPEG quality: letters stay crisp."""

INK, SOFT, LINE, GROUND, WELL = "#1b1f1d", "#59625e", "#c9c5b8", "#ffffff", "#efede6"


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """What stands where on a drawn card.

    Parameters
    ----------
    title : str
    lines : tuple of str
        The title, as it is broken.
    when : str
        Where and when it is.
    host : str
    paper : str
        Its colour.
    cancelled : bool
    """

    title: str
    lines: tuple[str, ...]
    when: str
    host: str
    paper: str
    cancelled: bool
    width: int = CARD_WH[0]
    height: int = CARD_WH[1]


def drawn_card(session: Session) -> DrawnCard:
    """Return the card of a session as it is drawn."""
    return DrawnCard(
        session.title,
        wrapped(session.title, TITLE_EM, MOST_LINES),
        f"{session.place} · {session.starts_at:%H:%M}\N{EN DASH}{session.ends_at:%H:%M}",
        "".join(wrapped(session.host, HOST_EM, 1)),
        _paper(session),
        session.cancelled,
    )


def em_width(text: str) -> float:
    """Return about how wide a text is, in widths of its letters' height."""
    return sum(
        WIDE if unicodedata.east_asian_width(letter) in "WF" else NARROW
        for letter in text
    )


def wrapped(
    text: str,
    width: float,
    most_lines: int,
    measure: Callable[[str], float] = em_width,
) -> tuple[str, ...]:
    """Return a text in lines; what is too much ends in an ellipsis.

    Between words where there are any, else between letters.
    """
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure(joined) <= width:
            lines[-1] = joined
            continue
        # A word that is longer than a line, as all Chinese is, goes on below.
        rest = word
        while rest:
            fits = next(
                size
                for size in range(len(rest), 0, -1)
                if size == 1 or measure(rest[:size]) <= width
            )
            lines.append(rest[:fits])
            rest = rest[fits:]
    if len(lines) > most_lines:
        lines = lines[:most_lines]
        while lines[-1] and measure(lines[-1] + "…") > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    return tuple(lines)


def drawn_board(board: Board, schedule: Schedule) -> bytes:
    """Return a board without a wall as a picture, its sessions in a grid, as JPEG.

    Parameters
    ----------
    board : Board
    schedule : Schedule
        Of this board.
    """
    rooms, slots = board.layout.rooms, board.layout.slots
    width = 2 * MARGIN_PX + 110 + CELL_WH[0] * len(rooms)
    height = 2 * MARGIN_PX + 2 * HEAD_PX + CELL_WH[1] * len(slots)
    picture = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(picture)
    left, top = MARGIN_PX + 110, MARGIN_PX + 2 * HEAD_PX
    _write(draw, (MARGIN_PX, MARGIN_PX), (_legible(board.title),), 26, INK)
    states = {entry.cell: entry.state for entry in schedule.cells}
    reasons = schedule.reasons(board)
    for column, room in enumerate(rooms):
        at = (left + column * CELL_WH[0] + 8, MARGIN_PX + HEAD_PX + 10)
        _write(draw, at, _fitting(room, 20, 1), 20, INK)
    for row, slot in enumerate(slots):
        y = top + row * CELL_WH[1]
        times = (f"{slot.start:%H:%M}", f"{slot.end:%H:%M}")
        _write(draw, (MARGIN_PX, y + 8), times, 20, INK)
        for column, room in enumerate(rooms):
            x, cell = left + column * CELL_WH[0], CellId(room, slot.label)
            box = (x, y, x + CELL_WH[0], y + CELL_WH[1])
            here = [one for one in schedule.sessions if _is_in(one, cell, board)]
            # Who called off has given the place away.
            here = [one for one in here if not one.cancelled] or here[:1]
            blocked = states.get(cell) == "blocked"
            paper = _paper(here[0]) if here else WELL if blocked else GROUND
            draw.rectangle(box, fill=paper, outline=LINE)
            if here:
                called_off = "Cancelled: " if here[0].cancelled else ""
                title = called_off + " / ".join(one.title for one in here)
                _write(draw, (x + 8, y + 6), _fitting(title, 20, 3), 20, INK)
                host = _fitting(here[0].host, 16, 1)
                _write(draw, (x + 8, y + CELL_WH[1] - 28), host, 16, SOFT)
            elif blocked:
                reason = reasons.get(cell) or "not available"
                _write(draw, (x + 8, y + 8), _fitting(reason, 18, 3), 18, SOFT)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=QUALITY, progressive=True)
    return data.getvalue()


def _is_in(session: Session, cell: CellId, board: Board) -> bool:
    """Say whether a session takes place in a cell, or a part of it does."""
    spans = board.layout.slot(cell.slot).span(
        board.date,
        session.starts_at.tzinfo,  # type: ignore[arg-type]  # a ZoneInfo
    )
    return (
        session.cell.room == cell.room
        and session.starts_at < spans[1]
        and spans[0] < session.ends_at
    )


def _paper(session: Session) -> str:
    """Return the colour of a session's card: the same on every day."""
    return PAPERS[int(session.id, 16) % len(PAPERS)]


def _fitting(text: str, size_px: int, most_lines: int) -> tuple[str, ...]:
    """Return a text in lines that fit into a cell of the board's picture."""
    width = CELL_WH[0] - 16.0
    measure = _font(size_px)[0].getlength
    return wrapped(_legible(text), width, most_lines, measure)


def _legible(text: str) -> str:
    """Return a text; if no font here has its letters, where it can be read."""
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return "(see the board's page)" if wide and font_file() is None else text


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    lines: tuple[str, ...],
    size_px: int,
    ink: str,
) -> None:
    text = "\n".join(lines)
    draw.multiline_text(at, text, fill=ink, font=_font(size_px)[0])


def font_file() -> Path | None:
    """Return the file of a font with letters of any language, if one is installed."""
    font, is_for_all = _font(20)
    if is_for_all and isinstance(font, ImageFont.FreeTypeFont):
        return Path(str(font.path))
    return None


@cache
def _font(
    size_px: int,
) -> tuple[ImageFont.FreeTypeFont | ImageFont.ImageFont, bool]:
    """Return the best font here, and whether it has letters of any language."""
    for name in (*FONTS, *PLAIN_FONTS):
        try:
            return ImageFont.truetype(name, size_px), name in FONTS
        except OSError:
            continue
    return ImageFont.load_default(size_px), False
