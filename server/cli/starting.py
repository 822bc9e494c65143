"""What is checked before a site starts, and what its organiser is told."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz, process
from werkzeug.sansio.utils import host_is_trusted

from calibration.event import RESERVED_PATHS
from server.announcing.services import VARIABLE
from server.chat import KEY_FILE, VARIABLES
from server.cli.addresses import warn
from server.cli.last_serve import LastServe
from server.config import OWN, PREFIX, Settings, folder_refused
from server.errors import SettingsError
from server.orphans import PARENT
from server.pulse import PULSE
from server.site import Site
from server.views.moment import board_span

MIN_UPLOAD_BYTES = 2**20
"""A limit below it lets no phone's photo in: it was meant in other units."""

MIN_SECRET_CHARS = 16
"""Of a secret key: a shorter one can be found by trying, and links be forged."""

LOCK_FILE = "serve.lock"

TOKEN = f"{PREFIX}TOKEN"
KNOWN = frozenset(
    {PREFIX + name.upper() for name in OWN}
    | {*VARIABLES.values(), KEY_FILE, VARIABLE, PARENT, PULSE, TOKEN, f"{PREFIX}BOARDS"}
)
"""Every variable that something here reads; BOARDS is that of the tests."""

SIMILAR = 60
"""Likeness in percent from which another spelling is worth proposing."""


def check_settings(settings: Settings) -> None:
    """Check that settings make sense together.

    Raises
    ------
    SettingsError
        If with these nobody could sign in, open a page or send a photo.
    """
    if settings.max_upload_bytes < MIN_UPLOAD_BYTES:
        raise SettingsError(
            f"With max_upload_bytes = {settings.max_upload_bytes} no photo fits.",
            hint=f"It is in bytes: for 64 MiB set {PREFIX}MAX_UPLOAD_BYTES=67108864, "
            "or leave it out.",
        )
    if settings.secure_cookies and not settings.public_url.startswith("https://"):
        raise SettingsError(
            f"With secure_cookies nobody can sign in at {settings.public_url}.",
            hint="Give the address that begins with https:// with --public-url, or "
            f"leave {PREFIX}SECURE_COOKIES out.",
        )
    host = urlsplit(settings.public_url).netloc
    if settings.trusted_hosts and not host_is_trusted(host, settings.trusted_hosts):
        raise SettingsError(
            f"Nobody could open {settings.public_url}: its host is not one of the "
            f"trusted hosts, {', '.join(settings.trusted_hosts)}.",
            hint=f"Add it to {PREFIX}TRUSTED_HOSTS, or correct --public-url.",
        )
    _check_blobs(settings.blob_url)


def check_path(settings: Settings, short_path: str) -> None:
    """Check that the path of the public address is none of the site's own.

    Raises
    ------
    SettingsError
        If it is: a proxy that takes it off would lead to two things at one address.
    """
    first = unquote(settings.path_prefix).strip("/").split("/")[0]
    if first in RESERVED_PATHS | {short_path}:
        raise SettingsError(
            f'The path of {settings.public_url} begins with "{first}", which is one of '
            "the site's own.",
            hint=f"Give {settings.public_url.removesuffix(settings.path_prefix)} if the "
            "board is to be there, or another path.",
        )


def _check_blobs(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "memory":
        raise SettingsError(
            f"Photos in {url} would be gone with the process.",
            hint="Leave the blob address out for a folder, or give a bucket.",
        )
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        raise SettingsError(
            f"Expected a folder as file:///folder, got {url}.",
            hint="Write three slashes and the whole path.",
        )


@contextmanager
def started(settings: Settings) -> Iterator[None]:
    """Mark the data folder as served for as long as this is entered.

    Raises
    ------
    SettingsError
        If the folder cannot be written, or is served just now with another
        event.toml.
    """
    folder = settings.data_dir
    with _lock_file(folder) as lock:
        if not _locked(lock):
            last = LastServe.read(folder)
            if last and last.profile_path != str(settings.profile_path):
                raise SettingsError(
                    f"Another boardcast serve works on {folder}, with another "
                    f"event.toml, {last.profile_path}.",
                    hint="Stop it, or give this one a folder of its own with --data.",
                )
            warn(
                f"Another boardcast serve works on {folder}, too. Nothing is lost by "
                "that; if you did not mean it, stop one of them."
            )
        yield


def _lock_file(folder: Path) -> BinaryIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / LOCK_FILE).open("wb")
    except OSError as error:
        raise folder_refused(folder, error) from error


def tell(site: Site) -> None:
    """Print what an organiser should know before the first photo."""
    for text in notes(site, os.environ):
        warn(text)


def _locked(lock: BinaryIO) -> bool:
    """Lock a file as long as this process lives; say whether nobody else has."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a network's file system without locks: nobody can tell
        return True
    return True


def notes(site: Site, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield what an organiser should know before the first photo.

    Parameters
    ----------
    site : Site
    environ : mapping of str to str
        The environment.
    """
    for name, near in unknown_variables(environ).items():
        meant = f"; did you mean {near}?" if near else "."
        yield f"Nothing reads the variable {name}{meant}"
    if len(site.settings.secret_key) < MIN_SECRET_CHARS:
        yield (
            f"The secret key has fewer than {MIN_SECRET_CHARS} characters: sign-in "
            f"links can be forged. Leave {PREFIX}SECRET_KEY out, and one is made."
        )
    profile = site.profile
    for board in profile.walls:
        if not board.tags and not board.reference:
            yield (
                f'No photo of the board "{board.slug}" can be read: it has neither '
                "tags nor a reference photo. Give it one of them in event.toml."
            )
    timezone = profile.event.timezone
    ends = max(board_span(board, timezone)[1] for board in profile.boards)
    if ends < site.clock():
        yield (
            f"Every board's day is over; the last was {ends.date().isoformat()}. "
            "Check the dates in event.toml."
        )


def unknown_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the ``BOARDCAST_*`` variables that nothing reads.

    Each with the known one that is most like it; empty if none is.
    """
    unknown = [name for name in environ if name.startswith(PREFIX)]
    return {name: _nearest(name) for name in unknown if name not in KNOWN}


def _nearest(name: str) -> str:
    own = {known.removeprefix(PREFIX): known for known in KNOWN - {PARENT, PULSE}}
    match = process.extractOne(
        name.removeprefix(PREFIX), list(own), scorer=fuzz.ratio, score_cutoff=SIMILAR
    )
    return own[match[0]] if match else ""
