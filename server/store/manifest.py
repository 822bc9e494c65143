"""What a backup says of itself."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self

from server.errors import BackupError

MANIFEST = "backup.json"

FORMAT = 1
"""Of the manifest: raised when an older Boardcast could not restore it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Parameters
    ----------
    site_id : str
    made_at : str
        ISO 8601.
    snapshot : str
        The folder below ``snapshots`` that holds `files`.
    files : mapping of str to str
        SHA-256 by name: the database, the secret key, the event's files.
    missing : tuple of str
        ``part/sha256`` of blobs that were missing or damaged when it was made.
    """

    site_id: str
    made_at: str
    snapshot: str
    files: Mapping[str, str]
    missing: tuple[str, ...] = ()
    format: int = field(default=FORMAT)

    def to_text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the manifest of such a text.

        Raises
        ------
        BackupError
            If it is none, or one of a newer Boardcast.
        """
        try:
            document = json.loads(text)
            manifest = cls(
                site_id=str(document["site_id"]),
                made_at=str(document["made_at"]),
                snapshot=str(document["snapshot"]),
                files={str(k): str(v) for k, v in dict(document["files"]).items()},
                missing=tuple(map(str, document["missing"])),
                format=int(document["format"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise no_backup(MANIFEST) from error
        if manifest.format > FORMAT:
            raise BackupError(
                "This backup was made by a newer Boardcast.",
                hint="Restore it with the version that made it, or a newer one.",
            )
        return manifest


def no_backup(what: object) -> BackupError:
    """Return what is said of something that is no backup."""
    return BackupError(
        f"{what} is no whole backup of Boardcast.",
        hint="Name what boardcast backup has written: a folder with the file "
        f"{MANIFEST}, or an archive.",
    )
