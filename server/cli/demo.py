"""``boardcast demo``: a sample event, read and served."""

import datetime as dt
import os
import shutil
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from calibration.layout import CellId
from sample_boards.events import DEMO_EVENTS, SampleEvent
from sample_boards.today import held_today
from server.cli.addresses import warn
from server.cli.options import data_option, engine_option, host_option, port_option
from server.cli.plan import list_ahead
from server.cli.serve import run
from server.config import folder_refused, settings_from
from server.intake.receive import receive
from server.publish.releases import publish
from server.schedule.corrections.kinds import held_by
from server.schedule.corrections.typed import Texts
from server.schedule.corrections.written_session import WriteSession
from server.schedule.hosting import HOST
from server.site import Site
from server.store.corrections import append_correction, corrections_of
from server.store.photos import photo
from server.store.values import PhotoRecord

POLL_S = 0.2
"""Between looks at how far a photo is."""

NAMES = tuple(event.name for event in DEMO_EVENTS)

SESSIONS = "sessions.toml"
"""What hosts filled in, of a sample event without a wall."""


@click.command(epilog="Example: boardcast demo --port 8100")
@click.option("--event", "name", type=click.Choice(NAMES), default=NAMES[0])
@host_option()
@port_option()
@engine_option()
@data_option()
def demo(
    name: str,
    host: str | None,
    port: int | None,
    engine: str | None,
    data_dir: Path | None,
) -> None:
    """Read a sample event's photos one after the other, and serve it.

    Before them it lists what was planned ahead; an event without a wall has no
    photos, but what hosts filled in. It is held today: its day is this one, and its
    clock that of a place where its last photo was taken within the hour. Kept in a
    folder of its own that goes when it ends, unless --data names one to keep.
    """
    sample = next(entry for entry in DEMO_EVENTS if entry.name == name)
    folder = data_dir or Path(tempfile.mkdtemp(prefix="boardcast-demo-"))
    event = _event_in(folder / name, sample)
    warn(_where_kept(folder, keep=data_dir is not None))
    options = {
        "profile_path": event.profile_path,
        "data_dir": folder,
        "host": host,
        "port": port,
        "engine": engine,
    }
    try:
        run(settings_from(os.environ, options), lambda site: play(site, event))
    finally:
        if data_dir is None:
            shutil.rmtree(folder, ignore_errors=True)


def _event_in(folder: Path, sample: SampleEvent) -> SampleEvent:
    """Return the event of a folder: a day that has begun there goes on."""
    kept = SampleEvent(sample.name, folder)
    if kept.profile_path.exists():
        return kept
    try:
        return held_today(sample, dt.datetime.now(dt.UTC), folder)
    except OSError as error:
        raise folder_refused(folder, error) from error


def _where_kept(folder: Path, *, keep: bool) -> str:
    if keep:
        return f"Photos, corrections and event.toml are kept in {folder}."
    return (
        f"Photos and corrections are in {folder} until you press Ctrl-C; to keep them: "
        "boardcast demo --data FOLDER"
    )


def play(site: Site, event: SampleEvent) -> None:
    """Let an event happen: what was planned ahead, what hosts fill in, the photos.

    What is in already stays as it is.
    """
    sample = next(one for one in DEMO_EVENTS if one.name == event.name)
    if sample.planned_path.exists():
        boards = site.profile.boards
        default = boards[0] if len(boards) == 1 else None
        list_ahead(site, sample.planned_path.read_bytes(), default)
    if (filled := sample.folder / SESSIONS).exists():
        fill_in(site, tomllib.loads(filled.read_text("utf-8"))["sessions"])
    if event.photos:
        read_all(site, event)


def fill_in(site: Site, sessions: Iterable[Mapping[str, str]]) -> None:
    """Put in what hosts filled in; what is in already stays as it is."""
    for entry in sessions:
        board, cell = entry["board"], CellId(entry["room"], entry["slot"])
        texts = Texts(entry["title"], entry.get("description", ""), entry["host"])
        change = WriteSession.of(board, cell, texts, entry.get("until"))
        with site.database.write() as session:
            if change.card in held_by(corrections_of(session, board)).made:
                continue
            now = site.clock()
            append_correction(session, board, change, author=HOST, made_at=now)
            publish(session, site.profile, board, cause="correction", at=now)


def read_all(site: Site, event: SampleEvent) -> None:
    """Send an event's photos in order; each is read before the next is sent."""
    with Progress(console=Console(stderr=True)) as progress:
        for path in event.photos:
            task = progress.add_task(path.name, total=None)
            receipt = receive(
                path.read_bytes(),
                database=site.database,
                originals=site.originals,
                profile=site.profile,
                check_photo=site.check_photo,
                sender="demo",
                board=None,
                received_at=site.clock(),
                source="camera",
            )
            record = receipt.photo
            while not record.done:
                time.sleep(POLL_S)
                with site.database.read() as session:
                    record = photo(session, record.id)
                progress.update(
                    task,
                    completed=record.cards_read,
                    total=record.cards_total or None,
                    description=f"{path.name}: {record.state}",
                )
            _tell(path.name, record)


def _tell(name: str, record: PhotoRecord) -> None:
    if record.message:
        click.echo(f"{name}: {record.message} {record.hint}", err=True)
