"""The profile: `event.toml`, read, checked and written."""

import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tomlkit.exceptions import TOMLKitError

from calibration.announcing import Announcing
from calibration.errors import FieldError, ProfileError, dotted
from calibration.event import Board, Event, Profile, ReferencePhoto
from calibration.event_shapes import (
    AnnounceShape,
    BlockedShape,
    BoardShape,
    ContactShape,
    EventShape,
    LinkedPageShape,
    LinkShape,
    MarginsShape,
    ProfileShape,
    ReferenceShape,
    RoomShape,
    TemplatesShape,
)
from calibration.event_toml import (
    TomlSyntaxError,
    read_tables,
    update_text,
    write_shape,
)
from calibration.event_values import profile_from
from calibration.layout import CellId, Layout, even_edges
from calibration.texts import Text
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
        If the text cannot be used; it tells all that is wrong, each with key and
        line.
    """
    try:
        return profile_from(read_tables(text))
    except TomlSyntaxError as error:
        message = f"expected TOML: {error.message}."
        raise ProfileError(message, path=path, line=error.line) from error
    except FieldError as error:
        lines = find_lines(text)
        places = [(line_of(each.key, lines), each) for each in (error, *error.also)]
        first, *others = sorted(places, key=lambda place: place[0] or 0)
        also = [_profile_error(*other, path) for other in others]
        raise _profile_error(*first, path, also) from error


def _profile_error(
    line: int | None,
    error: FieldError,
    path: Path | None,
    also: Sequence[ProfileError] = (),
) -> ProfileError:
    key = dotted(error.key)
    end = "" if error.message.endswith("?") else "."
    message = f"{error.message}{end}"
    return ProfileError(message, key=key, path=path, line=line, also=also)


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


def _profile_shape(profile: Profile) -> ProfileShape:
    return ProfileShape(
        event=_event_shape(profile.event),
        boards=[_board_shape(board, profile.event) for board in profile.boards],
        announce=_announce_shape(profile.announce) if profile.announce else None,
    )


def _announce_shape(announce: Announcing) -> AnnounceShape:
    return AnnounceShape(
        when=announce.when,
        about=list(announce.about),
        soon_minutes=announce.soon_minutes,
        at_most=announce.at_most,
        quiet=announce.quiet.label if announce.quiet else "",
        templates=TemplatesShape(**announce.templates),
    )


def _event_shape(event: Event) -> EventShape:
    contact = event.contact
    return EventShape(
        name=_worded(event.name, event),
        timezone=event.timezone.key,
        short_path=event.short_path,
        hashtag=event.hashtag,
        words=list(event.words),
        share_labels=event.share_labels,
        language=event.language,
        contact=ContactShape(**asdict(contact)) if contact else None,
        how_to_host=_worded(event.how_to_host, event),
        privacy=_worded(event.privacy, event),
        links=[
            LinkedPageShape(title=_worded(link.title, event), address=link.address)
            for link in event.links
        ],
        planned=event.planned,
        ideas=event.ideas,
        share_people=event.share_people,
    )


def _worded(text: str, event: Event) -> Text:
    """Return a text as it is written: in all of its languages."""
    return dict(event.texts[text]) if text in event.texts else text


def _board_shape(board: Board, event: Event) -> BoardShape:
    layout, reference = board.layout, board.reference
    return BoardShape(
        slug=board.slug,
        title=_worded(board.title, event),
        date=board.date,
        rooms=[
            RoomShape(name=_worded(room, event), **asdict(board.facts_of(room)))
            for room in layout.rooms
        ],
        slots=[slot.label for slot in layout.slots],
        rooms_along=layout.rooms_along,
        column_edges=_uneven(layout.column_edges),
        row_edges=_uneven(layout.row_edges),
        tags=list(board.tags) if board.tags else None,
        blocked=_blocked_shapes(layout, event),
        votes=board.votes,
        beside=board.beside,
        margins=MarginsShape(**asdict(board.margins)),
        online=board.online,
        hosting=board.hosting,
        links=_link_shapes(board),
        no_talks=list(board.no_talks),
        reference=_reference_shape(reference) if reference else None,
    )


def _blocked_shapes(layout: Layout, event: Event) -> list[BlockedShape]:
    """Return an entry for each cell, or for a slot blocked in all rooms alike."""
    shapes = []
    for cell, reason in layout.blocked.items():
        alike = [layout.blocked.get(CellId(room, cell.slot)) for room in layout.rooms]
        whole = len(alike) > 1 and all(other == reason for other in alike)
        shape = BlockedShape(
            room=None if whole else cell.room,
            slot=cell.slot,
            reason=_worded(reason, event),
        )
        if shape not in shapes:
            shapes.append(shape)
    return shapes


def _link_shapes(board: Board) -> list[LinkShape]:
    """Return an entry for each room, or one for all that have the same link."""
    links = [board.links.get(room) for room in board.layout.rooms]
    if len(links) > 1 and links[0] and len({*links}) == 1:
        return [LinkShape(link=links[0])]
    return [LinkShape(room=room, link=link) for room, link in board.links.items()]


def _reference_shape(reference: ReferencePhoto) -> ReferenceShape:
    corners = reference.corners.to_array().tolist()
    return ReferenceShape(photo=reference.photo.as_posix(), corners=corners)


def _uneven(edges: tuple[float, ...]) -> list[float]:
    """Return edges for the file: none where even ones are meant."""
    return [] if edges == even_edges(len(edges) - 1) else list(edges)
