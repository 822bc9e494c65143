"""The profile: what `event.toml` says about a conference and its boards."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from calibration.geometry import Quad
from calibration.layout import Layout


@dataclass(frozen=True, slots=True)
class Event:
    """The conference.

    Parameters
    ----------
    name : str
        As people say it.
    timezone : ZoneInfo
        In which the boards' dates and slots are meant.
    short_path : str
        First part of the public address: ``os`` puts the board at ``/os``.
    hashtag : str
        With its ``#``; empty if there is none.
    """

    name: str
    timezone: ZoneInfo
    short_path: str
    hashtag: str = ""


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A photo whose registration is known.

    Parameters
    ----------
    photo : Path
        As written in event.toml, relative to it.
    corners : Quad
        Of the cell area, in pixels of the upright photo; they may lie
        outside of the photo.
    """

    photo: Path
    corners: Quad


@dataclass(frozen=True, slots=True)
class Board:
    """One board of the event.

    Parameters
    ----------
    slug : str
        Its part of the address.
    title : str
        As people say it.
    date : datetime.date
        The day that its slots are on.
    layout : Layout
        Rooms x slots.
    tags : tuple of int or None
        Ids of the tags at its corners: top left, top right, bottom right,
        bottom left.
    reference : ReferencePhoto or None
        The photo by which it is found without tags.
    """

    slug: str
    title: str
    date: dt.date
    layout: Layout
    tags: tuple[int, int, int, int] | None = None
    reference: ReferencePhoto | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that `event.toml` says.

    Parameters
    ----------
    event : Event
    boards : tuple of Board
        In the order in which they are written.
    version : int
        Of the file's format.
    """

    event: Event
    boards: tuple[Board, ...]
    version: int = 1

    def board(self, slug: str) -> Board:
        """Return the board with this slug.

        Raises
        ------
        ValueError
            If there is none.
        """
        for board in self.boards:
            if board.slug == slug:
                return board
        msg = f'expected one of {[board.slug for board in self.boards]}, got "{slug}"'
        raise ValueError(msg)


def load_profile(path: Path) -> Profile:
    """Read a profile from a file.

    Raises
    ------
    ProfileError
        If the file cannot be read or used, with key and line.
    """
    return parse_profile(path.read_text("utf-8-sig"), path=path)


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
    raise NotImplementedError


def dump_profile(profile: Profile) -> str:
    """Return the text of an event.toml that says the same."""
    raise NotImplementedError


def save_profile(profile: Profile, path: Path) -> None:
    """Write the profile to a file: whole or not at all."""
    raise NotImplementedError
