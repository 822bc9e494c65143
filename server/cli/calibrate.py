"""``boardcast calibrate``: a board's layout, proposed from one photo."""

import datetime as dt
import math
import os
import secrets
import sys
import webbrowser
from pathlib import Path

import click

from calibration.event import Board, Profile
from calibration.layout import RoomsAlong
from calibration.profile import load_profile
from server.cli.options import EVENT_FILE, progress_of
from server.errors import SetupError
from server.setup.choices import start_of
from server.setup.drafts import Wishes, drafted
from server.setup.page import SetupTask, serve_until_saved
from server.setup.refusals import CORNERS, SaidGrid, drawn_if_refused
from server.setup.saving import NAMELESS, keep_board
from server.setup.sheets import Corners
from vision.image.photo import Photo, encode_jpeg
from vision.proposal import LayoutProposal, propose_layout
from vision.proposal.drawing import draw_layout
from vision.recognition.rapid_models import load_text_models, wheel_models

OVERLAY_QUALITY = 88
"""JPEG quality: thin lines stay crisp."""

SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
"""Variables of the environment, one of which is set where a browser can be shown."""

TOKEN_BYTES = 16
"""Of the page's address: nobody guesses it."""


class CornersOption(click.ParamType[Corners]):
    """Four corners: ``x,y x,y x,y x,y``."""

    name = "corners"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Corners:
        """Return the corners, whether or not they make a board."""
        try:
            numbers = [float(part) for part in value.replace(",", " ").split()]
        except ValueError:
            numbers = []
        if len(numbers) != 2 * len(CORNERS) or not all(map(math.isfinite, numbers)):
            self.fail(
                f'expected four corners "x,y x,y x,y x,y" in pixels of the photo, top '
                f'left first, clockwise, got "{value}"',
                param,
                ctx,
            )
        return tuple(zip(numbers[::2], numbers[1::2], strict=True))


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
    type=CornersOption(),
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
@click.option(
    "--no-browser",
    is_flag=True,
    help="Write what is proposed at once, as where there is no terminal.",
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
    corners: Corners | None,
    columns: str,
    rows: str,
    overlay: Path | None,
    dry_run: bool,
    no_browser: bool,
) -> None:
    """Find a board's rooms, hours and lines in one photo, and write event.toml.

    The board may be empty or full of cards. On a terminal a page opens in the browser,
    on which what was misread is put right. Scripts look at --overlay, say it right with
    the other options and run it again.
    """
    picture = Photo.decode(photo.read_bytes())
    profile = load_profile(path) if path.exists() else None
    before = _board(profile, slug)
    if before is not None and before.online:
        raise SetupError(
            f"The board {before.slug} is online: no photo shows it.",
            hint="Choose another board with --board, or none for a new one.",
        )
    grid = SaidGrid(
        corners or (), _numbers(columns, "--columns"), _numbers(rows, "--rows")
    )
    proposal = _proposal(picture)
    proposed = proposal.corners_photo if proposal else None
    with drawn_if_refused(picture, grid, proposed, overlay):
        area = grid.area(picture.size_wh)
    wishes = Wishes(
        slug=slug,
        title=title,
        date=date.date() if date else None,
        rooms=_names(rooms),
        slots=_names(slots),
        rooms_along=rooms_along,
        corners_photo=area,
        column_edges=grid.column_edges,
        row_edges=grid.row_edges,
    )
    taken_on = (picture.taken_at or dt.datetime.now().astimezone()).date()
    shown = not (no_browser or dry_run) and on_terminal()
    if shown:
        start = start_of(wishes, proposal, profile, taken_on, picture.size_wh)
        task = SetupTask(picture, photo, path, start)
        saved = serve_until_saved(task, secrets.token_urlsafe(TOKEN_BYTES), _opened)
        board, area = saved.board, saved.area
    else:
        with drawn_if_refused(picture, grid, proposed, overlay):
            board, area = drafted(wishes, proposal, before, taken_on)
    if overlay is not None:
        drawn = draw_layout(picture.pixels, area, board.layout)
        overlay.write_bytes(encode_jpeg(drawn, OVERLAY_QUALITY))
    click.echo(_told(board))
    if dry_run:
        return
    if not shown:
        keep_board(board, area, path, photo)
    if profile is None:
        click.echo(f'The event is called "{NAMELESS}": say its name in {path}.')
    click.echo(f"Written to {path}. Try it: boardcast read PHOTO --overlay found.jpg")


def on_terminal() -> bool:
    """Say whether somebody is there who can look at a page."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _opened(address: str) -> None:
    click.echo(f"Set the board up at {address}\nCtrl-C ends without writing anything.")
    # Without a screen, over SSH, a browser of text would take the terminal.
    if sys.platform == "darwin" or SCREENS & os.environ.keys():
        webbrowser.open(address)


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
