"""``boardcast calibrate``: a board's layout, proposed from one photo."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from calibration.event import Board, Profile, ReferencePhoto
from calibration.geometry import DegenerateError, Quad
from calibration.layout import RoomsAlong
from calibration.profile import load_profile
from server.cli.options import EVENT_FILE, progress_of
from server.setup.drafts import Wishes, drafted, first_profile, with_board
from server.setup.saving import place_for, save_board
from server.setup.zone import local_timezone
from vision.image.photo import Photo, encode_jpeg
from vision.proposal import LayoutProposal, propose_layout
from vision.recognition.rapid_models import load_text_models, wheel_models
from vision.render import draw_layout

NAMELESS = "Our conference"
"""Name of an event of which only a board is known."""

OVERLAY_QUALITY = 88
"""JPEG quality: thin lines stay crisp."""


class Corners(click.ParamType[Quad]):
    """Four corners: ``x,y x,y x,y x,y``."""

    name = "corners"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Quad:
        """Return the quad, top left first, clockwise."""
        try:
            numbers = [float(part) for part in value.replace(",", " ").split()]
            return Quad.from_array([numbers[i : i + 2] for i in range(0, 8, 2)])
        except (ValueError, DegenerateError):
            self.fail(
                f'expected four corners "x,y x,y x,y x,y" in pixels of the photo, top '
                f'left first, clockwise, got "{value}"',
                param,
                ctx,
            )


@click.command(
    epilog="Example: boardcast calibrate friday.jpg --board friday --overlay grid.jpg"
)
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--event",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=EVENT_FILE,
    help="The event.toml; made if it is not there.",
)
@click.option("--board", "slug", default="", help="The board's slug in event.toml.")
@click.option("--title", default="", help='What people call it: "Friday".')
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Its day; the photo's if left out.",
)
@click.option("--rooms", default="", help="Names of the rooms, with commas between.")
@click.option(
    "--slots", default="", help="Hours with commas between: 10:00-11:00,11:00-12:00."
)
@click.option("--rooms-along", type=click.Choice(["columns", "rows"]))
@click.option(
    "--corners",
    type=Corners(),
    help='Corners of the cells in the photo: "x,y x,y x,y x,y", top left first, '
    "clockwise.",
)
@click.option("--columns", default="", help="Edges of the columns: 0,0.5,1.")
@click.option("--rows", default="", help="Edges of the rows: 0,0.5,1.")
@click.option(
    "--overlay",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for a picture of the photo with the grid drawn in.",
)
@click.option(
    "--dry-run", is_flag=True, help="Only say and draw what would be written."
)
def calibrate(
    photo: Path,
    path: Path,
    *,
    slug: str,
    title: str,
    date: dt.datetime | None,
    rooms: str,
    slots: str,
    rooms_along: RoomsAlong | None,
    corners: Quad | None,
    columns: str,
    rows: str,
    overlay: Path | None,
    dry_run: bool,
) -> None:
    """Find a board's rooms, hours and lines in one photo, and write event.toml.

    The board may be empty or full of cards. Look at --overlay: where the photo was
    misread, say it right with the other options and run it again.
    """
    picture = Photo.decode(photo.read_bytes())
    profile = load_profile(path) if path.exists() else None
    before = _board(profile, slug)
    wishes = Wishes(
        slug=slug,
        title=title,
        date=date.date() if date else None,
        rooms=_names(rooms),
        slots=_names(slots),
        rooms_along=rooms_along,
        corners_photo=corners,
        column_edges=_numbers(columns, "--columns"),
        row_edges=_numbers(rows, "--rows"),
    )
    taken_on = (picture.taken_at or dt.datetime.now().astimezone()).date()
    board, area = drafted(wishes, _proposal(picture), before, taken_on)
    if overlay is not None:
        drawn = draw_layout(picture.pixels, area, board.layout)
        overlay.write_bytes(encode_jpeg(drawn, OVERLAY_QUALITY))
    click.echo(_told(board))
    if dry_run:
        return
    name = place_for(photo, path.parent, board.slug)
    board = replace(board, reference=ReferencePhoto(name, area))
    if profile is None:
        profile = first_profile(NAMELESS, local_timezone(), board)
        click.echo(f'The event is called "{NAMELESS}": say its name in {path}.')
    save_board(with_board(profile, board), path, photo, name)
    click.echo(f"Written to {path}. Try it: boardcast read PHOTO --overlay found.jpg")


def _board(profile: Profile | None, slug: str) -> Board | None:
    """Return the board that is meant, if it is in event.toml; the only one, if none is."""
    if profile is None:
        return None
    if not slug:
        return profile.boards[0] if len(profile.boards) == 1 else None
    return next((board for board in profile.boards if board.slug == slug), None)


def _proposal(photo: Photo) -> LayoutProposal | None:
    with progress_of("Reading the headings"):
        return propose_layout(photo.pixels, load_text_models(wheel_models()))


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _numbers(text: str, option: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in _names(text))
    except ValueError as error:
        raise click.BadParameter(
            f'expected numbers from 0 to 1 with commas between, got "{text}"',
            param_hint=option,
        ) from error


def _told(board: Board) -> str:
    """Return what was found, in words."""
    layout = board.layout
    return "\n".join(
        [
            f"{board.title}, {board.date:%A %d %B %Y} ({board.slug})",
            f"{len(layout.rooms)} rooms: {', '.join(layout.rooms)}",
            f"{len(layout.slots)} hours: {', '.join(s.label for s in layout.slots)}",
        ]
    )
