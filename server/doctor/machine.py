"""The machine: the data folder, the database, the clock and the engines."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from calibration.errors import BoardcastError
from server.chat.engines import CHAT, engine_named
from server.config import Settings
from server.doctor.diagnosis import Diagnosis, refused
from server.health import disk_faults, free_bytes
from server.store.kept import Kept
from server.store.migrate import needs_migration
from server.store.profiles import newest_profile
from server.store.sqlite import sqlite_file
from vision.recognition.registry import DEFAULT

GIB = 2**30
NTP_WITHIN_S = 5
"""For timedatectl to answer; it takes a tenth of a second."""


def folder_diagnoses(settings: Settings) -> Iterator[Diagnosis]:
    """Look whether the data folder is there, can be written and has space."""
    folder = settings.data_dir
    if not folder.exists():
        yield Diagnosis(
            "data folder",
            "warning",
            f"There is no folder {folder} yet: the first boardcast serve makes it.",
            "If the site was served before, name its folder with --data.",
        )
        return
    faults = list(disk_faults(folder))
    for fault in faults:
        advice = "Make space, or take a folder on another disk with --data."
        yield Diagnosis("data folder", "problem", fault.message, advice)
    if not faults:
        words = f"{folder} can be written, {free_bytes(folder) / GIB:.1f} GiB are free."
        yield Diagnosis("data folder", "ok", words)


def database_diagnoses(settings: Settings) -> Iterator[Diagnosis]:
    """Look whether the database is whole and of this version; nothing is changed."""
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        yield Diagnosis("database", "ok", "The first boardcast serve makes it.")
        return
    database = Kept.of(settings).database
    try:
        problems = database.problems()
        for line in problems:
            advice = "Restore a backup with boardcast restore."
            yield Diagnosis("database", "problem", line, advice)
        if problems:
            return
        if needs_migration(database):
            advice = "Make a backup with boardcast backup before."
            words = "The next boardcast serve brings it to this version's tables."
            yield Diagnosis("database", "warning", words, advice)
            return
        yield Diagnosis("database", "ok", "It is whole and of this version.")
        with database.read() as session:
            accepted = newest_profile(session)
    finally:
        database.close()
    text = _text(settings.profile_path)
    if accepted is not None and text is not None and text != accepted.text:
        yield Diagnosis(
            "database",
            "warning",
            "The site does not follow what event.toml says now.",
            "Let it take the changes up with boardcast reload.",
        )


def clock_diagnoses(settings: Settings, now: dt.datetime) -> Iterator[Diagnosis]:
    """Look whether the clock can be right, and whether it is kept so."""
    newest = max(_changed(settings), default=now)
    if newest > now + dt.timedelta(minutes=1):
        yield Diagnosis(
            "clock",
            "problem",
            f"It says {now:%Y-%m-%d %H:%M} UTC, but files here are from "
            f"{newest:%Y-%m-%d %H:%M} UTC.",
            "Set the machine's clock; a Raspberry Pi needs the network for that.",
        )
        return
    kept = _kept_by_ntp()
    if kept is False:
        yield Diagnosis(
            "clock",
            "warning",
            f"It says {now:%Y-%m-%d %H:%M} UTC and is not kept right by the network.",
            "Compare it with your watch; timedatectl set-ntp true keeps it right.",
        )
        return
    by = ", kept right by the network" if kept else ""
    yield Diagnosis("clock", "ok", f"It says {now:%Y-%m-%d %H:%M} UTC{by}.")


def engine_diagnoses(settings: Settings) -> Iterator[Diagnosis]:
    """Load what reads the cards, and look for the other program that can."""
    # The engine chat loads the one that reads here when it is needed.
    names = (DEFAULT, CHAT) if settings.engine == CHAT else (settings.engine,)
    for name in names:
        try:
            engine_named(name, settings.chat)
        except BoardcastError as error:
            yield refused("engine", error)
        else:
            yield Diagnosis("engine", "ok", f"{name} is loaded.")
    if settings.engine != "tesseract" and shutil.which("tesseract") is None:
        words = (
            "The program tesseract is not installed; only --engine tesseract needs it."
        )
        yield Diagnosis("engine", "ok", words)


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _changed(settings: Settings) -> Iterator[dt.datetime]:
    """Yield when files were last written that an earlier clock wrote."""
    for path in (settings.profile_path, *settings.data_dir.glob("*")):
        try:
            yield dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        except OSError:
            continue


def _kept_by_ntp() -> bool | None:
    """Say whether the network keeps the clock right; None where nobody can tell."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603  (a program of the system, no input)
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=NTP_WITHIN_S,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(answer)
