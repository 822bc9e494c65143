"""``boardcast init``: the first event.toml, from a few questions."""

import datetime as dt
from pathlib import Path

import click

from server.cli.options import EVENT_FILE
from server.errors import SetupError
from server.setup.first import FirstEvent, commented, event_of, layout_of
from server.setup.zone import local_timezone


@click.command(
    epilog='Example: boardcast init --name "PyCon Somewhere" --rooms "Aula, Lab" '
    "--hours 10:00-18:00"
)
@click.option("--event", "path", type=click.Path(dir_okay=False, path_type=Path),
              default=EVENT_FILE, help="Where to write it.")  # fmt: skip
@click.option("--name", prompt="Name of the conference", help="As people say it.")
@click.option(
    "--timezone",
    prompt=True,
    default=lambda: local_timezone().key,
    help="By continent and city: Europe/Vienna.",
)
@click.option(
    "--first-day",
    type=click.DateTime(["%Y-%m-%d"]),
    prompt="First day",
    default=lambda: f"{dt.datetime.now().astimezone():%Y-%m-%d}",
    help="Of the Open Spaces.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 14),
    prompt="Days, a board each",
    default=1,
    help="How many boards, one a day.",
)
@click.option("--rooms", prompt="Rooms, with commas between", help='"Aula, Lab".')
@click.option(
    "--hours",
    prompt="Hours, with commas between breaks",
    default="10:00-18:00",
    help="10:00-13:00, 14:00-18:00.",
)
@click.option(
    "--minutes",
    type=click.IntRange(5, 24 * 60),
    prompt="Minutes of a slot",
    default=60,
    help="How long a slot is.",
)
@click.option(
    "--path", "short_path", default="os", show_default=True, help="Address: /os."
)
@click.option("--hashtag", default="", help="With its #.")
def init(
    path: Path,
    *,
    name: str,
    timezone: str,
    first_day: dt.datetime,
    days: int,
    rooms: str,
    hours: str,
    minutes: int,
    short_path: str,
    hashtag: str,
) -> None:
    """Write an event.toml: it asks what its options do not say.

    With a photo of the board at hand, boardcast calibrate is shorter: it reads rooms
    and hours from it.
    """
    if path.exists():
        raise SetupError(
            f"{path} is there already.",
            hint="Change it with an editor or with boardcast calibrate, or write "
            "another one with --event.",
        )
    event = event_of(name, timezone, short_path, hashtag)
    layout = layout_of(_parts(rooms), _parts(hours), minutes)
    first = FirstEvent(event, first_day.date(), days, layout)
    try:
        path.write_text(commented(first.profile()), "utf-8")
    except OSError as error:
        raise SetupError(
            f"{path} cannot be written: {error.strerror}.",
            hint="Choose a folder that may be written and has space.",
        ) from error
    click.echo(f"Written to {path}. Next: boardcast calibrate PHOTO of the board.")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
