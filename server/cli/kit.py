"""``boardcast kit``: everything that is printed for a board."""

import os
from dataclasses import replace
from pathlib import Path

import click

from calibration.errors import LettersError
from calibration.kit import KitOptions, kit_pdf
from calibration.kit.paper import A4, LETTER
from calibration.profile import Profile, load_profile
from server.cli.addresses import board_url, sign_in_url
from server.cli.last_serve import LastServe, settings_as_served
from server.cli.options import data_option, event_option
from server.config import data_dir_of
from server.errors import SettingsError, SetupError
from server.publish.drawn import font_file
from server.site import Site

PAPERS = {"a4": A4, "letter": LETTER}


@click.command(epilog="Example: boardcast kit kit.pdf --paper letter --data data")
@click.argument(
    "target", type=click.Path(dir_okay=False, path_type=Path), default="kit.pdf"
)
@event_option()
@data_option()
@click.option(
    "--paper", type=click.Choice(list(PAPERS)), default="a4", show_default=True
)
@click.option(
    "--public-url", help="The site's address; that of the last serve if left out."
)
@click.option("--cards", type=click.IntRange(0, 500), default=24, show_default=True,
              help="Blank cards, two a sheet.")  # fmt: skip
@click.option(
    "--font",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TrueType font, if names are not in Latin letters and none is found.",
)
def kit(
    target: Path,
    profile_path: Path | None,
    data_dir: Path | None,
    *,
    paper: str,
    public_url: str | None,
    cards: int,
    font: Path | None,
) -> None:
    """Make a PDF to print: corner tags, headings, cards, poster, sheet for staff.

    Poster and staff's sheet carry QR codes with the site's addresses: run boardcast
    serve once before, with its --public-url, from the same data folder.
    """
    if profile_path is None:
        raise SettingsError(
            "There is no event.toml here.",
            hint="Name it with --event, or make one with boardcast init.",
        )
    profile = load_profile(profile_path)
    if not profile.walls:
        raise SetupError(
            "The boards of this event are online: there is nothing to print for them.",
            hint="Hosts need a link only: boardcast invite host.",
        )
    board, capture = _addresses(profile_path, data_dir, public_url)
    options = KitOptions(PAPERS[paper], board, capture, cards, font)
    made = _made(replace(profile, boards=profile.walls), options)
    try:
        target.write_bytes(made)
    except OSError as error:
        raise SetupError(
            f"{target} cannot be written: {error.strerror}.",
            hint="Choose a folder that may be written and has space.",
        ) from error
    click.echo(
        f"Written to {target}. Print it in its own size, not fitted to the page."
    )
    if not capture:
        click.echo(
            "Without poster and staff's sheet: their codes need the site's address. "
            "Run boardcast serve --public-url … first, then this again with its --data.",
            err=True,
        )


def _made(profile: Profile, options: KitOptions) -> bytes:
    """Return the kit, with letters of any language if it needs them and has no font."""
    try:
        return kit_pdf(profile, options)
    except LettersError:
        font = font_file()
        if options.font or font is None:
            raise
    return kit_pdf(profile, replace(options, font=font))


def _addresses(
    profile_path: Path, data_dir: Path | None, public_url: str | None
) -> tuple[str, str]:
    """Return the short address and the link for staff; empty before the first serve."""
    options = {
        "profile_path": profile_path,
        "data_dir": data_dir,
        "public_url": public_url,
    }
    if LastServe.read(data_dir_of(os.environ, options)) is None:
        return "", ""
    site = Site.open(settings_as_served(os.environ, options))
    try:
        return board_url(site), sign_in_url(site, site.tokens.standing("staff"))
    finally:
        site.database.close()
