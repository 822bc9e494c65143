"""The profile: `event.toml`, read, checked and written."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from rapidfuzz import fuzz, process
from tomlkit.exceptions import TOMLKitError

from calibration.errors import FieldError, ProfileError, dotted
from calibration.event import Board, Event, Profile, ReferencePhoto
from calibration.event_toml import (
    BlockedShape,
    BoardShape,
    EventShape,
    ProfileShape,
    ReferenceShape,
    TomlSyntaxError,
    read_shape,
    update_text,
    write_shape,
)
from calibration.geometry import Quad
from calibration.layout import CellId, Layout, Slot, even_edges
from calibration.toml_place import find_lines, line_of

__all__ = [
    "Board",
    "Event",
    "Profile",
    "ReferencePhoto",
    "dump_profile",
    "load_profile",
    "parse_profile",
    "profile_text",
    "save_profile",
]


def load_profile(path: Path) -> Profile:
    """Read a profile from a file.

    Parameters
    ----------
    path : Path
        An event.toml in UTF-8.

    Raises
    ------
    ProfileError
        If the file cannot be read or used, with key and line.
    """
    return parse_profile(profile_text(path), path=path)


def profile_text(path: Path) -> str:
    """Return the text of an event.toml, whatever it says.

    Raises
    ------
    ProfileError
        If the file cannot be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileError(
            f"expected text in UTF-8, got byte 0x{error.object[error.start]:02x}",
            path=path,
            line=error.object[: error.start].count(b"\n") + 1,
            hint="Save the file in the encoding UTF-8.",
        ) from error
    except OSError as error:
        raise ProfileError(
            f"the file cannot be read ({error.strerror}).",
            path=path,
            hint="Give the path of an event.toml; README.md shows what is in it.",
        ) from error


def parse_profile(text: str, *, path: Path | None = None) -> Profile:
    """Read a profile from the text of an event.toml.

    Parameters
    ----------
    text : str
        TOML.
    path : Path or None
        Where it came from, for error messages.

    Raises
    ------
    ProfileError
        If the text cannot be used, with key and line.
    """
    try:
        return _profile(read_shape(text))
    except TomlSyntaxError as error:
        message = f"expected TOML: {error.message}."
        raise ProfileError(message, path=path, line=error.line) from error
    except FieldError as error:
        raise ProfileError(
            f"{error.message}.",
            key=dotted(error.key),
            path=path,
            line=line_of(error.key, find_lines(text)),
        ) from error


def dump_profile(profile: Profile) -> str:
    """Return the text of an event.toml that says the same, in fixed order."""
    return write_shape(_profile_shape(profile))


def save_profile(profile: Profile, path: Path) -> None:
    """Write the profile to a file: whole or not at all.

    Parameters
    ----------
    profile : Profile
    path : Path
        Replaced if it exists, keeping its permissions and, if it is a profile
        of the same boards, its comments.

    Raises
    ------
    ProfileError
        If the folder or the file cannot be written.
    """
    target = path.resolve()
    text = _text_for(profile, target)
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, unfinished)
        unfinished.replace(target)
    except OSError as error:
        raise ProfileError(
            f"the file cannot be written ({error.strerror}).",
            path=path,
            hint="Choose a folder that may be written and has space.",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _text_for(profile: Profile, target: Path) -> str:
    """Return the text to write, as a change of the file's own where possible."""
    try:
        old_text = target.read_text("utf-8-sig")
        old = parse_profile(old_text)
    except (OSError, UnicodeDecodeError, ProfileError):
        return dump_profile(profile)  # nothing there that is worth keeping
    if [board.slug for board in old.boards] != [b.slug for b in profile.boards]:
        return dump_profile(profile)
    try:
        text = update_text(old_text, _profile_shape(old), _profile_shape(profile))
    except TOMLKitError:  # it is stricter than tomllib, for example on dotted keys
        return dump_profile(profile)
    return text if _says(text, profile) else dump_profile(profile)


def _says(text: str, profile: Profile) -> bool:
    try:
        return parse_profile(text) == profile
    except ProfileError:
        return False


@contextlib.contextmanager
def _within(*key: str | int) -> Iterator[None]:
    """Put a key before that of what is refused within."""
    try:
        yield
    except FieldError as error:
        raise FieldError(error.message, *key, *error.key) from error


def _profile(shape: ProfileShape) -> Profile:
    with _within("event"):
        event = Event(
            shape.event.name,
            _timezone(shape.event.timezone),
            shape.event.short_path,
            shape.event.hashtag,
            tuple(shape.event.words),
            shape.event.share_labels,
        )
    boards = []
    for index, board in enumerate(shape.boards):
        with _within("boards", index):
            boards.append(_board(board))
    return Profile(event, tuple(boards))


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        similar = process.extract(
            name, available_timezones(), scorer=fuzz.WRatio, limit=1
        )
        meant = (
            f'did you mean "{similar[0][0]}"?'
            if similar
            else "there are none at all here: install the package tzdata"
        )
        msg = f'no timezone is called "{name}"; {meant}'
        raise FieldError(msg, "timezone") from error


def _board(shape: BoardShape) -> Board:
    return Board(
        shape.slug,
        shape.title,
        shape.date,
        _layout(shape),
        _tags(shape.tags),
        _reference(shape.reference),
        shape.votes,
    )


def _layout(shape: BoardShape) -> Layout:
    blocked, entries = _blocked(shape.blocked, shape.rooms)
    try:
        return Layout(
            tuple(shape.rooms),
            _slots(shape.slots),
            shape.rooms_along,
            tuple(shape.column_edges),
            tuple(shape.row_edges),
            blocked,
        )
    except FieldError as error:
        match error.key:
            case ("blocked", int(cell), part):  # an entry may stand for several cells
                raise FieldError(
                    error.message, "blocked", entries[cell], part
                ) from error
        raise


def _slots(labels: list[str]) -> tuple[Slot, ...]:
    slots = []
    for index, label in enumerate(labels):
        with _within("slots", index):
            slots.append(Slot.parse(label))
    return tuple(slots)


def _blocked(
    entries: list[BlockedShape], rooms: list[str]
) -> tuple[dict[CellId, str], list[int]]:
    """Return why cells are blocked, and which entry says so of each."""
    blocked: dict[CellId, str] = {}
    said_by: list[int] = []
    for index, entry in enumerate(entries):
        for room in rooms if entry.room is None else [entry.room]:
            cell = CellId(room, entry.slot)
            if cell in blocked:
                msg = f'expected each cell once, got "{cell.room}", "{cell.slot}" twice'
                raise FieldError(msg, "blocked", index)
            blocked[cell] = entry.reason
            said_by.append(index)
    return blocked, said_by


def _tags(tags: list[int] | None) -> tuple[int, int, int, int] | None:
    if tags is None:
        return None
    if len(tags) != 4:  # noqa: PLR2004  (a board has four corners)
        raise FieldError(f"expected four tag ids, got {len(tags)}", "tags")
    return tags[0], tags[1], tags[2], tags[3]


def _reference(shape: ReferenceShape | None) -> ReferencePhoto | None:
    if shape is None:
        return None
    with _within("reference"):
        return ReferencePhoto(Path(shape.photo), _corners(shape.corners))


def _corners(points: list[list[float]]) -> Quad:
    for index, point in enumerate(points):
        if len(point) != 2:  # noqa: PLR2004  (a point has x and y)
            raise FieldError(f"expected [x, y], got {point}", "corners", index)
    try:
        return Quad.from_array(points)
    except ValueError as error:
        msg = (
            "expected four corners of the cell area in the order top left, top right, "
            f"bottom right, bottom left, got {points}"
        )
        raise FieldError(msg, "corners") from error


def _profile_shape(profile: Profile) -> ProfileShape:
    return ProfileShape(
        event=_event_shape(profile.event),
        boards=[_board_shape(board) for board in profile.boards],
    )


def _event_shape(event: Event) -> EventShape:
    return EventShape(
        name=event.name,
        timezone=event.timezone.key,
        short_path=event.short_path,
        hashtag=event.hashtag,
        words=list(event.words),
        share_labels=event.share_labels,
    )


def _board_shape(board: Board) -> BoardShape:
    layout, reference = board.layout, board.reference
    return BoardShape(
        slug=board.slug,
        title=board.title,
        date=board.date,
        rooms=list(layout.rooms),
        slots=[slot.label for slot in layout.slots],
        rooms_along=layout.rooms_along,
        column_edges=_uneven(layout.column_edges),
        row_edges=_uneven(layout.row_edges),
        tags=list(board.tags) if board.tags else None,
        blocked=_blocked_shapes(layout),
        votes=board.votes,
        reference=_reference_shape(reference) if reference else None,
    )


def _blocked_shapes(layout: Layout) -> list[BlockedShape]:
    """Return an entry for each cell, or for a slot blocked in all rooms alike."""
    shapes = []
    for cell, reason in layout.blocked.items():
        alike = [layout.blocked.get(CellId(room, cell.slot)) for room in layout.rooms]
        whole = len(alike) > 1 and all(other == reason for other in alike)
        shape = BlockedShape(
            room=None if whole else cell.room, slot=cell.slot, reason=reason
        )
        if shape not in shapes:
            shapes.append(shape)
    return shapes


def _reference_shape(reference: ReferencePhoto) -> ReferenceShape:
    corners = reference.corners.to_array().tolist()
    return ReferenceShape(photo=reference.photo.as_posix(), corners=corners)


def _uneven(edges: tuple[float, ...]) -> list[float]:
    """Return edges for the file: none where even ones are meant."""
    return [] if edges == even_edges(len(edges) - 1) else list(edges)
