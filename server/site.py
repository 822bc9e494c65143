"""What a running site consists of, and how a view gets at it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self, cast

from flask import current_app

from calibration.profile import Profile, load_profile
from server.config import Settings
from server.decoding import CheckPhoto, LimitedDecoder
from server.store.blobs import ORIGINALS, PUBLIC, Blobs, BlobStore
from server.store.database import Database
from server.store.folder import make_private
from server.store.kept import folders_of, private_paths
from server.store.migrate import migrate
from server.store.upgrade import take_over
from server.tokens import Tokens

EXTENSION = "boardcast"
"""Under which name an app keeps its site."""

Clock = Callable[[], dt.datetime]
"""Returns the aware time that it is now."""


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
    database : Database
    blobs : Blobs
        Pictures and crops: public.
    originals : Blobs
        Photos as received: never served.
    clock : callable
        Returns the aware time that it is now.
    check_photo : callable
        Decodes what was sent for the first time; one of its kind for a site.
    """

    settings: Settings
    profile: Profile
    database: Database
    blobs: Blobs
    originals: Blobs
    clock: Clock = utc_now
    check_photo: CheckPhoto = field(default_factory=lambda: LimitedDecoder().check)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open a site: read its profile, migrate its database, find its blobs.

        Folders and database are made where there are none, unless the settings
        say which site it is: then it is there, or its folder is gone.

        Raises
        ------
        ProfileError
            If event.toml cannot be used.
        SettingsError, StorageError
            If database or blobs cannot be used.
        """
        home, photos = folders_of(settings)
        database = Database.open(settings.database_url, home)
        migrate(database)
        take_over(database)
        make_private(private_paths(settings))
        return cls(
            replace(settings, site_id=home.site_id),
            load_profile(settings.profile_path),
            database,
            BlobStore.open(settings.blob_url, PUBLIC, photos),
            BlobStore.open(settings.blob_url, ORIGINALS, photos),
        )

    @property
    def tokens(self) -> Tokens:
        """What makes and checks this site's tokens."""
        return Tokens(self.settings.secret_key, self.database, self.clock)


def site() -> Site:
    """Return the site of the app that handles this request."""
    return cast("Site", current_app.extensions[EXTENSION])
