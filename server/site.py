"""What a running site consists of, and how a view gets at it."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, cast

from flask import current_app, g, request

from calibration.errors import BoardcastError
from calibration.profile import Profile
from server.config import Settings
from server.decoding import CheckPhoto, LimitedDecoder
from server.event_file import read_event_file
from server.store.blobs import ORIGINALS, PUBLIC, Blobs, BlobStore
from server.store.database import Database
from server.store.folder import make_private
from server.store.kept import folders_of, private_paths
from server.store.migrate import migrate
from server.store.profiles import (
    AcceptedProfile,
    add_profile,
    newest_profile,
    newest_version,
)
from server.store.upgrade import take_over
from server.tokens import Tokens

EXTENSION = "boardcast"
"""Under which name an app keeps what gives its site: a `Follower`."""

LOOK_EVERY_S = 0.5
"""Between looks for a changed event: nobody notices, and it costs nothing."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of requests that publish nothing."""

Clock = Callable[[], dt.datetime]
"""Returns the aware time that it is now."""

log = logging.getLogger(__name__)


def utc_now() -> dt.datetime:
    """Return the time that it is now: the one clock, handed on from here."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Everything that outlives a request.

    Parameters
    ----------
    settings : Settings
    profile : Profile
        The event as it was taken up; see `newest`.
    database : Database
    blobs : Blobs
        Pictures and crops: public.
    originals : Blobs
        Photos as received: never served.
    clock : callable
        Returns the aware time that it is now.
    check_photo : callable
        Decodes what was sent for the first time; one of its kind for a site.
    profile_version : int
        Of the profile, from 1; a new one for each change that is taken up.
    """

    settings: Settings
    profile: Profile
    database: Database
    blobs: Blobs
    originals: Blobs
    clock: Clock = utc_now
    check_photo: CheckPhoto = field(default_factory=lambda: LimitedDecoder().check)
    profile_version: int = 0

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open a site: migrate its database, find its profile and its blobs.

        The profile is the one that was taken up last, whatever event.toml says
        by now. A site that has none yet takes the file up.

        Folders and database are made where there are none, unless the settings
        say which site it is: then it is there, or its folder is gone.

        Raises
        ------
        ProfileError, ReferenceMissingError, PhotoError
            If there is none yet, and event.toml cannot be used.
        SettingsError, StorageError
            If database or blobs cannot be used.
        """
        home, photos = folders_of(settings)
        database = Database.open(settings.database_url, home)
        migrate(database)
        take_over(database)
        if not settings.site_id:  # the first of its processes
            make_private(private_paths(settings))
        accepted = _accepted(database, settings.profile_path)
        return cls(
            replace(settings, site_id=home.site_id),
            accepted.profile,
            database,
            BlobStore.open(settings.blob_url, PUBLIC, photos),
            BlobStore.open(settings.blob_url, ORIGINALS, photos),
            profile_version=accepted.version,
        )

    def newest(self) -> Self:
        """Return this site with the profile that was taken up last.

        Itself if that is the one it has.

        Raises
        ------
        StorageError
            If the database cannot be asked.
        """
        with self.database.read() as session:
            if newest_version(session) == self.profile_version:
                return self
            accepted = newest_profile(session)
        if accepted is None:
            return self
        return replace(self, profile=accepted.profile, profile_version=accepted.version)

    @property
    def tokens(self) -> Tokens:
        """What makes and checks this site's tokens."""
        return Tokens(self.settings.secret_key, self.database, self.clock)


class Follower:
    """Gives a site whose profile is the one that was taken up last.

    Parameters
    ----------
    site : Site
    look_every_s : float
        Between looks for another one.
    """

    def __init__(self, site: Site, look_every_s: float = LOOK_EVERY_S) -> None:
        self._site = site
        self._look_every_s = look_every_s
        self._looked_at_s = time.monotonic()
        self._lock = threading.Lock()

    def recent(self) -> Site:
        """Return the site as it was half a second ago at the latest; cheap."""
        if time.monotonic() - self._looked_at_s < self._look_every_s:
            return self._site
        return self.newest()

    def newest(self) -> Site:
        """Return the site as it is now."""
        with self._lock:
            self._looked_at_s = time.monotonic()
            try:
                self._site = self._site.newest()
            except BoardcastError as error:
                # Who asks meets the same trouble, or gets by with what is known.
                log.error("%s", error)  # noqa: TRY400  (an operator's fault: no traceback)
            return self._site


def newest_site() -> Site:
    """Return the site as it is now, for the rest of this request, too."""
    g.site = cast("Follower", current_app.extensions[EXTENSION]).newest()
    return cast("Site", g.site)


def site() -> Site:
    """Return the site of the app that handles this request: one for all of it.

    One that changes something works with what holds now: what is half a second
    old could be refused as it is published.
    """
    if "site" not in g:
        if request.method not in READING:
            return newest_site()
        g.site = cast("Follower", current_app.extensions[EXTENSION]).recent()
    return cast("Site", g.site)


def _accepted(database: Database, path: Path) -> AcceptedProfile:
    """Return the profile that holds; a file's if none was taken up yet."""
    with database.read() as session:
        accepted = newest_profile(session)
    if accepted is not None:
        return accepted
    file = read_event_file(path)
    with database.write() as session:
        # Another process may have been faster.
        return newest_profile(session) or add_profile(session, file, utc_now())
