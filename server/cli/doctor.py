"""``boardcast doctor``: whether everything is ready for the day, and what to do."""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from calibration.errors import BoardcastError
from calibration.profile import load_profile
from server.cli.backup import NO_KEY
from server.cli.last_serve import LastServe
from server.cli.options import data_option, engine_option, event_option
from server.config import PREFIX, Settings, data_dir_of, settings_from
from server.doctor.address import address_diagnoses, upload_diagnoses
from server.doctor.diagnosis import Diagnosis, refused
from server.doctor.event import event_diagnoses
from server.doctor.machine import (
    clock_diagnoses,
    database_diagnoses,
    engine_diagnoses,
    folder_diagnoses,
)
from server.errors import REFUSED


@click.command(epilog="Example: boardcast doctor --data data")
@event_option()
@data_option()
@engine_option()
@click.option(
    "--public-url", help="What people type; the address of the last serve if left out."
)
@click.option("--json", "as_json", is_flag=True, help="Say what was found as JSON.")
def doctor(
    profile_path: Path | None,
    data_dir: Path | None,
    engine: str | None,
    public_url: str | None,
    *,
    as_json: bool,
) -> None:
    """Look whether everything is ready for the day, and say what to do.

    The event.toml and its photos, the data folder, the database, the clock, the engine,
    and the public address as a phone sees it. Nothing is changed, and it may run while
    the site does. Ends with 1 if there is a problem.
    """
    settings = _settings(
        {
            "profile_path": profile_path,
            "data_dir": data_dir,
            "engine": engine,
            "public_url": public_url,
            "secret_key": NO_KEY,
        }
    )
    found = list(_diagnoses(settings, dt.datetime.now(dt.UTC)))
    ready = all(each.state != "problem" for each in found)
    if as_json:
        answer = {"ready": ready, "found": [asdict(each) for each in found]}
        click.echo(json.dumps(answer))
    else:
        for each in found:
            click.echo(_line(each))
    if not ready:
        raise SystemExit(REFUSED)


def _settings(options: dict[str, object]) -> Settings:
    """Return the settings of the site that was served, or that would be."""
    last = LastServe.read(data_dir_of(os.environ, options))
    remembered = (
        {}
        if last is None
        else {
            f"{PREFIX}PUBLIC_URL": last.public_url,
            f"{PREFIX}PROFILE_PATH": last.profile_path,
        }
    )
    return settings_from({**remembered, **os.environ}, options)


def _diagnoses(settings: Settings, now: dt.datetime) -> Iterator[Diagnosis]:
    looks: tuple[tuple[str, Callable[[], Iterator[Diagnosis]]], ...] = (
        ("event", lambda: event_diagnoses(settings.profile_path, now)),
        ("data folder", lambda: folder_diagnoses(settings)),
        ("database", lambda: database_diagnoses(settings)),
        ("clock", lambda: clock_diagnoses(settings, now)),
        ("engine", lambda: engine_diagnoses(settings)),
        ("address", lambda: _network(settings)),
    )
    for topic, look in looks:
        try:
            yield from look()
        except BoardcastError as error:
            yield refused(topic, error)


def _network(settings: Settings) -> Iterator[Diagnosis]:
    try:
        short_path = load_profile(settings.profile_path).event.short_path
    except BoardcastError:
        return  # told of already
    answered = False
    for each in address_diagnoses(settings, short_path):
        answered |= each.topic == "https"
        yield each
    if answered:
        yield from upload_diagnoses(settings)


def _line(each: Diagnosis) -> str:
    advice = f"\n         {each.advice}" if each.advice else ""
    return f"{each.state:<8} {each.topic}: {each.message}{advice}"
