"""What a data folder remembers of the last ``boardcast serve``.

So that other commands work on the same site: their links lead to its address and
are signed with its key.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from server.config import (
    PREFIX,
    SECRET_FILE,
    Settings,
    data_dir_of,
    database_in,
    folder_refused,
    settings_from,
)
from server.errors import SettingsError

LAST_SERVE_FILE = "last-serve.json"

MARK_DIGITS = 16
"""Hex digits that tell one key from another and are of no use to sign with."""


@dataclass(frozen=True, slots=True)
class LastServe:
    """How a site was served last.

    Parameters
    ----------
    public_url : str
    profile_path : str
        Of the event.toml.
    mark : str
        Different for another secret key or another database.
    """

    public_url: str
    profile_path: str
    mark: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what is to be remembered of settings."""
        return cls(settings.public_url, str(settings.profile_path), _mark(settings))

    @classmethod
    def read(cls, data_dir: Path) -> Self | None:
        """Return what a data folder remembers; None if no site was served from it.

        Raises
        ------
        SettingsError
            If it cannot be read.
        """
        path = data_dir / LAST_SERVE_FILE
        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"The file {path} cannot be read.",
                hint="Start boardcast serve once; it writes it anew.",
            ) from error

    def write(self, data_dir: Path) -> None:
        """Let a data folder remember this.

        Raises
        ------
        SettingsError
            If the folder cannot be written.
        """
        path = data_dir / LAST_SERVE_FILE
        unfinished = path.with_name(f".{path.name}")
        try:
            unfinished.write_bytes(TypeAdapter(LastServe).dump_json(self))
            unfinished.replace(path)
        except OSError as error:
            raise folder_refused(data_dir, error) from error


def settings_as_served(
    environ: Mapping[str, str], options: Mapping[str, object]
) -> Settings:
    """Return the settings of the site that is served from a data folder.

    Public address and event.toml are those of the last ``serve`` where neither
    `options` nor `environ` names another one. Nothing is made.

    Raises
    ------
    SettingsError
        If no site was served from the folder, or with another key or database.
    """
    folder = data_dir_of(environ, options)
    last = LastServe.read(folder)
    if last is None:
        raise SettingsError(
            f"No site was served from the folder {folder.absolute()}.",
            hint="Name the folder that boardcast serve uses with --data, "
            "or start it once.",
        )
    differs = SettingsError(
        f"The site in {folder.absolute()} is served with another "
        f"{PREFIX}SECRET_KEY or {PREFIX}DATABASE_URL than is set here.",
        hint="Set both as they are set where boardcast serve runs.",
    )
    if not environ.get(f"{PREFIX}SECRET_KEY") and not (folder / SECRET_FILE).exists():
        raise differs
    remembered = {
        f"{PREFIX}PUBLIC_URL": last.public_url,
        f"{PREFIX}PROFILE_PATH": last.profile_path,
    }
    settings = settings_from({**remembered, **environ}, options)
    if _mark(settings) != last.mark:
        raise differs
    return settings


def _mark(settings: Settings) -> str:
    """Return the mark of a site's key and database.

    The folder's own database counts as none: where the folder lies does not matter.
    """
    url = settings.database_url
    database = "" if url == database_in(settings.data_dir) else url
    key = settings.secret_key.encode()
    return hmac.digest(key, database.encode(), "sha256").hex()[:MARK_DIGITS]
