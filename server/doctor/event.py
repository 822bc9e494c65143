"""The event.toml: all that is wrong with it, its photos, its days and its timezone."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from calibration.errors import BoardcastError, ProfileError
from calibration.profile import Board, Profile, load_profile
from server.doctor.diagnosis import Diagnosis, refused
from server.event_file import reference_bytes
from server.views.moment import board_span
from vision.image.photo import Photo


def event_diagnoses(path: Path, now: dt.datetime) -> Iterator[Diagnosis]:
    """Look at an event.toml and the photos that it names.

    Parameters
    ----------
    path : Path
    now : datetime
        Aware.
    """
    try:
        profile = load_profile(path)
    except ProfileError as error:
        for line in error.message.splitlines():
            yield Diagnosis("event", "problem", line, error.hint)
        return
    boards = len(profile.boards)
    yield Diagnosis("event", "ok", f"{path} describes {boards} board(s).")
    for board in profile.boards:
        if board.online:
            words = (
                f"{board.title} is online: it needs no photo. Hosting: {board.hosting}."
            )
            yield Diagnosis("reference", "ok", words)
            continue
        yield _way_to_find(board, path.parent)
    yield _days(profile, now)
    zone = profile.event.timezone
    yield Diagnosis(
        "timezone",
        "ok",
        f"In {zone.key} it is {now.astimezone(zone):%A %Y-%m-%d %H:%M}.",
    )


def _way_to_find(board: Board, folder: Path) -> Diagnosis:
    if board.reference is not None:
        try:
            photo = Photo.decode(reference_bytes(board, folder))
        except BoardcastError as error:
            return refused("reference", error)
        words = f"The photo of {board.title} is there: {photo.size_wh[0]} x {photo.size_wh[1]} pixels."
        return Diagnosis("reference", "ok", words)
    if board.tags is not None:
        ids = ", ".join(map(str, board.tags))
        return Diagnosis("reference", "ok", f"{board.title} has the tags {ids}.")
    return Diagnosis(
        "reference",
        "problem",
        f"{board.title} has neither tags nor a reference photo: no photo of it is found.",
        "Take a photo of the whole board and give it to boardcast calibrate.",
    )


def _days(profile: Profile, now: dt.datetime) -> Diagnosis:
    zone = profile.event.timezone
    coming = [board for board in profile.boards if board_span(board, zone)[1] > now]
    if not coming:
        return Diagnosis(
            "days",
            "warning",
            "All slots of all boards are in the past.",
            "Correct the boards' dates in event.toml, if the event is still to come.",
        )
    over = [board.title for board in profile.boards if board not in coming]
    past = f" Over: {', '.join(over)}." if over else ""
    upcoming = min(coming, key=lambda board: board.date)
    return Diagnosis("days", "ok", f"Next is {upcoming.title}, {upcoming.date}.{past}")
