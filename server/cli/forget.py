"""``boardcast forget``: people and devices, once an event is over."""

import datetime as dt
import os
import re
from pathlib import Path

import click
import numpy as np

from calibration.profile import Profile
from server.cli.last_serve import settings_as_served
from server.cli.options import data_option, served_event_option
from server.errors import SettingsError
from server.publish.pictures import declare, encode_crop, store_crops
from server.publish.releases import publish
from server.schedule.corrections.edit import Edit
from server.site import Site
from server.store.blobs import BlobStore
from server.store.corrections import append_correction
from server.store.forgetting import forget as forget_people
from server.store.forgetting import forget_ballots, people_to_forget

AUTHOR = "boardcast forget"

EXPIRY = "30d"
"""After the last day of an event: who looks for somebody from there has found them."""


@click.command(epilog="Example: boardcast forget --data data --after 30d")
@served_event_option()
@data_option()
@click.option(
    "--after",
    default=EXPIRY,
    show_default=True,
    help="Days after the event's last day; before it nothing is forgotten. 0d: now.",
)
def forget(profile_path: Path | None, data_dir: Path | None, after: str) -> None:
    """Forget people and devices once an event is over, also while the site runs.

    What the cards of people say goes from the database, their pictures from the public
    ones, and their place is covered in pictures of the board. What devices said (votes,
    "I'd come") is deleted; results of votes stay. Nobody kept who sent an idea. Hosts
    and handles on sessions stay: they are the event's published schedule.

    The photos as they were received, which nobody but the organiser can see, stay, and
    so do the board pictures behind what covers them, and backups: delete the data folder
    when you need them no more. Run it again each day, or once: twice is once.
    """
    options = {"profile_path": profile_path, "data_dir": data_dir}
    site = Site.open(settings_as_served(os.environ, options))
    due = _due(site.profile, after)
    now = site.clock()
    if now.astimezone(site.profile.event.timezone).date() < due:
        click.echo(f"Nothing is forgotten before {due}.")
        return
    blank = encode_crop(np.full((8, 8, 3), 255, np.uint8))
    (blank_sha,) = store_crops(site.blobs, [blank])
    people = 0
    crops: set[str] = set()
    with site.database.write() as session:
        declare(session, [blank])
        for board in site.profile.boards:
            cards = people_to_forget(session, board)
            for card in sorted(cards):
                append_correction(
                    session,
                    board.slug,
                    Edit(card, hidden=True),
                    author=AUTHOR,
                    made_at=now,
                )
            crops |= forget_people(session, board, cards, blank_sha)
            if cards:
                publish(session, site.profile, board.slug, cause="correction", at=now)
            people += len(cards)
        ballots = forget_ballots(session)
    if isinstance(site.blobs, BlobStore):
        for crop in crops:
            site.blobs.delete(crop)
    site.database.compact()
    click.echo(f"{people} cards of people and {ballots} ballots are forgotten.")


def _due(profile: Profile, after: str) -> dt.date:
    """Return the day from which an event's people are forgotten.

    Raises
    ------
    SettingsError
        If this is no number of days.
    """
    known = re.fullmatch(r"(\d{1,4})\s*d?", after.strip())
    if known is None:
        raise SettingsError(
            f'--after: expected a number of days, got "{after}".',
            hint="Write 30d, or 0d for at once.",
        )
    last = max(board.date for board in profile.boards)
    return last + dt.timedelta(days=int(known.group(1)))
