"""The sheets of the kit, one function for each kind."""

from collections.abc import Iterator, Mapping, Sequence

from calibration.event import Event
from calibration.geometry import Rect
from calibration.kit.paper import Sheet
from calibration.kit.tags import CORNERS, TAG_CELLS, Tags, tag_squares
from calibration.profile import Profile

TITLE_PT, TEXT_PT, SMALL_PT = 26.0, 14.0, 10.0

QUIET_CELLS = 1.0
"""White around a tag, in its squares: without it, tags are not found on a dark wall."""

TAG_MM = 90.0
"""Side of a tag's black square: two fit on a sheet, and a phone finds it from six metres."""

INNER = {
    "top left": "bottom right",
    "top right": "bottom left",
    "bottom right": "top left",
    "bottom left": "top right",
}
"""Corner of a tag that meets the cells, by the corner that it is for."""

HEADING_MM = 55.0
"""Height of a room's or an hour's heading."""

CARD_LINES = (("Title", 0.36, 2), ("Host", 0.66, 1), ("Handle, contact", 0.82, 1))
"""What is asked for on a card: its label, where its first line is, as a part of the
card's height, and how many lines there are."""

LINE_MM = 18.0
"""Distance of two lines of a title: letters as large as that are read from afar."""

SETUP = (
    "Cut out the tags. Stick one outside each corner of the cells, as it says, upright.",
    "Leave the white around them: without it they are not found on a dark wall.",
    "Stick the headings: rooms along one side, hours along the other, as in event.toml.",
    "Hang the poster where people pass. Staff's sheet is for whoever takes photos.",
    "Photograph the board while it is empty: that shows what a free place looks like.",
)

HOSTS = (
    "Take a card and a thick dark pen.",
    "Write BIG: the title first, in one or two lines, then your name.",
    "Print letters are read best. A drawing is welcome beside the words, not over them.",
    "Stick the card into a free place: your room, your hour. One card a place.",
    "Changed your mind? Move the card, or strike it out. The next photo shows it.",
)


def setup_sheet(sheet: Sheet, profile: Profile, tags: Mapping[str, Tags]) -> None:
    """Draw what to do with all the others."""
    sheet.turn_over()
    place = sheet.paper.inside
    end = sheet.text(profile.event.name, place, TITLE_PT, "B")
    end = sheet.text("How to set up the board", _below(place, end + 2), TITLE_PT)
    end = _steps(sheet, SETUP, _below(place, end + 6))
    missing = [board for board in profile.boards if board.tags is None]
    if missing:
        lines = [
            f"tags = [{', '.join(map(str, tags[board.slug]))}]   # {board.title}"
            for board in missing
        ]
        text = "Add to the boards in event.toml:\n\n" + "\n".join(lines)
        sheet.text(text, _below(place, end + 8), TEXT_PT)


def tag_sheets(sheet: Sheet, titles: str, tags: Tags) -> None:
    """Draw the tags of a wall, two a sheet, to be cut out with their white."""
    quiet = QUIET_CELLS * TAG_MM / TAG_CELLS
    for first in range(0, len(tags), 2):
        sheet.turn_over()
        pairs = zip(tags, CORNERS, strict=True)
        for place, (tag, corner) in zip(
            _strips(sheet.paper.inside, 2), list(pairs)[first : first + 2], strict=True
        ):
            side = TAG_MM + 2 * quiet
            whole = Rect(place.left, place.top, place.left + side, place.top + side)
            sheet.frame(whole, dashed=True)
            sheet.squares(tag_squares(tag), _within(whole, quiet))
            beside = Rect(whole.right + 6, place.top, place.right, place.bottom)
            end = sheet.text(f"{titles}\n{corner}", beside, TITLE_PT, "B")
            text = (
                f"Tag {tag}. Cut along the dashes. The black square's "
                f"{INNER[corner]} corner goes onto the {corner} corner of the cells."
            )
            sheet.text(text, _below(beside, end + 4), TEXT_PT)


def headings_sheets(
    sheet: Sheet, names: tuple[Sequence[str], Sequence[str]], titles: str
) -> None:
    """Draw the headings of rooms and hours, to be cut out."""
    inside = sheet.paper.inside
    number = int(inside.height // HEADING_MM)
    for kind, headings in zip(("Rooms", "Hours"), names, strict=True):
        for first in range(0, len(headings), number):
            sheet.turn_over()
            for place, name in zip(
                _strips(inside, number), headings[first : first + number], strict=False
            ):
                sheet.frame(place, dashed=True)
                sheet.headline(name, _within(place, 6))
            note = Rect(inside.left, 4, inside.right, inside.top)
            sheet.text(f"{kind}: {titles}", note, SMALL_PT)


def card_sheets(sheet: Sheet, event: Event, cards: int) -> None:
    """Draw blank cards, two a sheet."""
    inside = sheet.paper.inside
    for first in range(0, cards, 2):
        sheet.turn_over()
        for place in list(_strips(inside, 2))[: cards - first]:
            _card(sheet, event, place)


def host_sheet(sheet: Sheet, event: Event) -> None:
    """Draw what hosts should know."""
    sheet.turn_over()
    place = sheet.paper.inside
    end = sheet.text("Your own session", place, TITLE_PT * 1.8, "B")
    end = sheet.text(event.name, _below(place, end), TITLE_PT)
    _steps(sheet, HOSTS, _below(place, end + 10), TEXT_PT * 1.6)


def poster_sheet(sheet: Sheet, event: Event, address: str) -> None:
    """Draw the poster: what is on, and where to look."""
    _code_sheet(sheet, "Open Spaces: what is on?", event.name, address)


def staff_sheet(sheet: Sheet, event: Event, address: str) -> None:
    """Draw the sheet for staff: with its code they send photos."""
    _code_sheet(
        sheet,
        "Staff: photograph the board",
        f"{event.name}. Not for the public: whoever scans this may send photos. "
        "Every quarter of an hour, from where you stand, all of the board in the photo.",
        address,
    )


def _code_sheet(sheet: Sheet, title: str, text: str, address: str) -> None:
    sheet.turn_over()
    inside = sheet.paper.inside
    sheet.headline(title, Rect(inside.left, inside.top, inside.right, inside.top + 24))
    end = sheet.text(text, _below(inside, inside.top + 28), TEXT_PT)
    side = min(inside.width, inside.bottom - end - 34)
    left = inside.centre.x - side / 2
    sheet.code(address, Rect(left, end + 4, left + side, end + 4 + side))
    foot = Rect(inside.left, inside.bottom - 24, inside.right, inside.bottom)
    sheet.headline(address.removeprefix("https://"), foot)


def _card(sheet: Sheet, event: Event, place: Rect) -> None:
    sheet.frame(place, dashed=True)
    inner = _within(place, 10)
    for label, share, lines in CARD_LINES:
        first = place.top + share * place.height
        for line in range(lines):
            y = first - (lines - 1 - line) * LINE_MM
            sheet.rule(inner.left, inner.right, y)
        top = first - (lines - 1) * LINE_MM - LINE_MM * 0.75
        sheet.text(label, Rect(inner.left, top, inner.right, top + 8), SMALL_PT)
    note = Rect(inner.left, place.bottom - 12, inner.right, place.bottom - 4)
    sheet.text(
        f"Please write big, with a thick dark pen. {event.hashtag}", note, SMALL_PT
    )


def _steps(
    sheet: Sheet, steps: Sequence[str], place: Rect, size_pt: float = TEXT_PT
) -> float:
    end = place.top
    for number, step in enumerate(steps, start=1):
        end = sheet.text(f"{number}. {step}", _below(place, end), size_pt) + size_pt / 4
    return end


def _below(place: Rect, top: float) -> Rect:
    return Rect(place.left, top, place.right, max(place.bottom, top + 1))


def _within(place: Rect, margin: float) -> Rect:
    return Rect(
        place.left + margin,
        place.top + margin,
        place.right - margin,
        place.bottom - margin,
    )


def _strips(place: Rect, number: int) -> Iterator[Rect]:
    height = place.height / number
    for index in range(number):
        top = place.top + index * height
        yield Rect(place.left, top, place.right, top + height)
