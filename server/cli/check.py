"""``boardcast check``: whether all is well with what a site keeps."""

import datetime as dt
import json
import os
from collections.abc import Iterable
from pathlib import Path

import click

from calibration.errors import BoardcastError
from server.cli.backup import NO_KEY
from server.cli.options import EVENT_FILE, data_option, event_option, progress_of
from server.config import Settings, settings_from
from server.errors import REFUSED
from server.intake.receive import receive
from server.site import Site
from server.store.check import SETTLED_AFTER_S, CheckReport, examine
from server.store.kept import Kept
from server.store.sqlite import BUSY_TIMEOUT_S

SENDER = "boardcast check"
"""Who sent a photo whose row was lost: nobody knows any more."""


@click.command(epilog="Example: boardcast check --data data --repair")
@event_option()
@data_option()
@click.option(
    "--repair",
    is_flag=True,
    help="Take photos back in whose bytes are there, but which no one names.",
)
@click.option("--json", "as_json", is_flag=True, help="Say what was found as JSON.")
def check(
    profile_path: Path | None, data_dir: Path | None, *, repair: bool, as_json: bool
) -> None:
    """Look whether everything that a site keeps is there and whole.

    The database, every photo and picture that it names, and files that nobody
    names. It may run while the site does. Ends with 1 if something is lost, damaged,
    or waits to be taken back in.
    """
    options = {
        "profile_path": profile_path or Path(EVENT_FILE),
        "data_dir": data_dir,
        "secret_key": NO_KEY,
    }
    settings = settings_from(os.environ, options)
    # What is taken back in must be nobody's: a server that waits for the database
    # names its photo until then.
    report = _examined(settings, BUSY_TIMEOUT_S if repair else SETTLED_AFTER_S)
    taken: tuple[str, ...] = ()
    if repair and report.orphans and not report.database:
        taken = _take_back(settings, report.orphans)
        report = _examined(settings)
    click.echo(
        json.dumps(_json(report, taken))
        if as_json
        else "\n".join(_lines(report, taken))
    )
    if not report.clean:
        raise SystemExit(REFUSED)


def _examined(
    settings: Settings, settled_after_s: float = SETTLED_AFTER_S
) -> CheckReport:
    with progress_of("Checking") as told:
        return examine(Kept.of(settings), told, settled_after_s)


def _take_back(settings: Settings, orphans: Iterable[Path]) -> tuple[str, ...]:
    """Receive photos again whose bytes were kept; return the ids of those taken.

    One that cannot be used stays where it is, and is told of.
    """
    site = Site.open(settings)
    taken = []
    for path in orphans:
        # When it was written is when it was received.
        changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        try:
            receipt = receive(
                path.read_bytes(),
                database=site.database,
                originals=site.originals,
                profile=site.profile,
                check_photo=site.check_photo,
                sender=SENDER,
                board=None,
                received_at=min(changed, site.clock()),
            )
        except BoardcastError as error:
            click.echo(f"{path.name}: {error.message}\n  {error.hint}", err=True)
        else:
            taken.append(receipt.photo.id)
    site.database.close()
    return tuple(taken)


def _lines(report: CheckReport, taken: tuple[str, ...]) -> Iterable[str]:
    yield from (f"Taken back in: photo {name}" for name in taken)
    yield from (f"Database: {line}" for line in report.database)
    for word, blobs in (("Missing", report.missing), ("Damaged", report.damaged)):
        yield from (f"{word}: {blob.part}/{blob.sha256}" for blob in blobs)
    yield from (f"No photo names: originals/{path.name}" for path in report.orphans)
    if report.database or report.missing or report.damaged:
        yield "What is lost can only come from a backup: boardcast restore."
    if report.orphans:
        yield "boardcast check --repair takes such photos back in."
    if report.leftovers:
        yield f"{len(report.leftovers)} files of killed steps are left over: no harm."
    if report.clean:
        yield f"All is well: the database, and {report.blobs} photos and pictures."


def _json(report: CheckReport, taken: tuple[str, ...]) -> dict[str, object]:
    return {
        "clean": report.clean,
        "blobs": report.blobs,
        "database": list(report.database),
        "missing": [f"{blob.part}/{blob.sha256}" for blob in report.missing],
        "damaged": [f"{blob.part}/{blob.sha256}" for blob in report.damaged],
        "orphans": [path.name for path in report.orphans],
        "leftovers": len(report.leftovers),
        "taken_back": list(taken),
    }
