"""What a request or the site can refuse, and the table of outcomes.

Part of the one tree of `calibration.errors`::

    ServerError
    ├── UploadError                       an upload cannot be taken
    │   ├── LengthRequiredError
    │   ├── UploadTooLargeError
    │   ├── UploadTooSlowError
    │   ├── UploadsBusyError
    │   └── PhotoMissingError
    ├── AccessError                       the sender may not do this
    │   ├── NotSignedInError
    │   ├── TokenInvalidError
    │   ├── TokenExpiredError
    │   ├── RoleRequiredError
    │   └── StaleFormError
    ├── TooManyRequestsError              an address asks too often
    ├── DecodingError                     no photo can be checked just now
    ├── NotFoundError                     no such photo, card, board, release
    ├── CorrectionError                   a correction that cannot be applied
    │   └── PlaceTakenError               somebody else has taken a place online
    ├── SheetError                        a sheet of planned sessions that cannot be read
    ├── StorageError                      disk, object storage or database
    │   └── DatabaseDamagedError          its file makes no sense
    ├── BlobDamagedError                  kept bytes are not what they were
    ├── OriginalLostError                 a received photo's bytes are gone or damaged
    ├── BackupError                       a backup cannot be made or used
    ├── LabelsError                       labels cannot be exported
    ├── ClaimLostError                    another worker has taken a photo over
    ├── ProfileChangedError               another event.toml was taken up meanwhile
    ├── ReloadRefusedError                a changed event.toml is not taken up
    ├── ProcessLostError                  a process of the site cannot be kept
    ├── SettingsError                     options and environment
    ├── AddressInUseError                 the port is taken
    ├── CameraError                       a camera gives no picture
    └── SendError                         a running server cannot be used
        ├── ServerAwayError               another try may find it
        └── SenderRefusedError             it lets nobody send with this token
"""

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Literal

from calibration.errors import BoardcastError, KitError, LettersError, ProfileError
from vision.errors import (
    AmbiguousBoardError,
    BoardMismatchError,
    BoardNotFoundError,
    EngineError,
    EngineUnavailableError,
    NotAnImageError,
    PhotoError,
    PhotoTooCostlyError,
    PhotoTooLargeError,
    ReferenceMissingError,
    RegistrationError,
    TruncatedPhotoError,
    UnknownEngineError,
    UnreadablePhotoError,
)


class ServerError(BoardcastError):
    """A request or the site itself cannot go on.

    `retry_after_s` says when it may be worth another try; None if that is not known.
    """

    retry_after_s: int | None = None


class UploadError(ServerError):
    """An upload cannot be taken."""


class LengthRequiredError(UploadError):
    """An upload does not say how long it is."""

    def __init__(self) -> None:
        super().__init__(
            "The upload does not say how long it is.",
            hint="Send it with a Content-Length, as every browser and curl -F do.",
        )


class UploadTooLargeError(UploadError):
    """An upload has more bytes than are taken.

    Parameters
    ----------
    max_bytes : int
        What is taken in one request.
    """

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"The upload is larger than {round(max_bytes / 2**20, 2):g} MiB.",
            hint="Send fewer photos at once, or smaller ones; "
            "12 megapixels are plenty.",
        )
        self.max_bytes = max_bytes


class UploadTooSlowError(UploadError):
    """An upload does not come in time."""

    def __init__(self) -> None:
        super().__init__(
            "The upload came too slowly and was given up.",
            hint="Go where the network is better, and send it again.",
        )


class UploadsBusyError(UploadError):
    """Others upload all that is taken at once."""

    retry_after_s = 10

    def __init__(self) -> None:
        super().__init__(
            "Others are sending photos just now.",
            hint="Send it again in a few seconds.",
        )


class PhotoMissingError(UploadError):
    """An upload carries no photo."""

    def __init__(self) -> None:
        super().__init__(
            "The upload carries no photo.",
            hint="Choose a photo first; its form field is called photo.",
        )


class EarlierYearError(PhotoError):
    """A photo says that it was taken at an earlier event.

    Parameters
    ----------
    taken_on : datetime.date
    """

    def __init__(self, taken_on: dt.date) -> None:
        super().__init__(
            f"This photo says that it was taken on {taken_on:%Y-%m-%d}, long before "
            "this event.",
            hint="If it is of today, the camera's clock is wrong: set it, and take the "
            "photo again. To try it with an old photo, give the board its date in "
            "event.toml.",
        )


class DecodingError(ServerError):
    """A photo cannot be checked just now; another time it can."""

    retry_after_s = 10


class AccessError(ServerError):
    """The sender may not do this."""


class NotSignedInError(AccessError):
    """Nobody is signed in and no token was given."""


class TokenInvalidError(AccessError):
    """A token was not issued by this site, or for something else."""


class TokenExpiredError(AccessError):
    """A token was issued too long ago."""


class RoleRequiredError(AccessError):
    """Who is signed in does not have the role that is needed."""


class StaleFormError(AccessError):
    """A form was not sent from a page of this site, or the page is too old."""

    def __init__(self) -> None:
        super().__init__(
            "This form is out of date; nothing was changed.",
            hint="Go back, reload the page and send it again.",
        )


class TooManyRequestsError(ServerError):
    """An address asks too often.

    Parameters
    ----------
    retry_after_s : int
        When it may ask again.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "Too many requests came from this address.",
            hint=f"Wait {retry_after_s} seconds and try again.",
        )
        self.retry_after_s = retry_after_s


class NotFoundError(ServerError):
    """There is no such thing.

    Parameters
    ----------
    what : str
        For example ``photo 3f2a``.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"There is no {what}.",
            hint="Check the address, or begin at the board's page.",
        )
        self.what = what


class CorrectionError(ServerError):
    """A correction cannot be applied."""


class PlaceTakenError(CorrectionError):
    """Somebody else has taken a place online, or it is not to be had.

    Parameters
    ----------
    message, hint : str
    offered : (str, str) or None
        Room and slot of the place to take instead.
    """

    def __init__(
        self, message: str, *, hint: str, offered: tuple[str, str] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.offered = offered


class SheetError(ServerError):
    """A sheet of planned sessions cannot be read."""


class StorageError(ServerError):
    """Disk, object storage or database does not take or give what it should."""


class DatabaseDamagedError(StorageError):
    """The database's file makes no sense any more.

    Parameters
    ----------
    reason : str
        What the database itself says.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database is damaged: {reason}.",
            hint="Stop the server and restore a backup: boardcast restore. "
            "boardcast check says what is damaged.",
        )


class BlobDamagedError(ServerError):
    """Kept bytes are not what they were.

    Parameters
    ----------
    sha256 : str
        Under which they were kept.
    """

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"The stored file {sha256} is damaged.",
            hint="Restore it from a backup, or send the photo again.",
        )
        self.sha256 = sha256


class OriginalLostError(ServerError):
    """A received photo's bytes are gone or damaged.

    Parameters
    ----------
    photo_sha256 : str
        Of the bytes as received.
    reason : {"missing", "damaged"}
    """

    def __init__(
        self, photo_sha256: str, reason: Literal["missing", "damaged"]
    ) -> None:
        super().__init__(
            f"The stored file of this photo is {reason}.",
            hint="Send the same photo again; or restore its file from a backup, and "
            "try it again at the desk.",
        )
        self.photo_sha256 = photo_sha256
        self.reason = reason


class BackupError(ServerError):
    """A backup cannot be made, or one cannot be used."""


class LabelsError(ServerError):
    """What people corrected cannot be exported to train with."""


class ClaimLostError(ServerError):
    """Another worker has taken a photo over."""

    def __init__(self) -> None:
        super().__init__(
            "Another worker has taken this photo over.",
            hint="Nothing needs to be done; the other one finishes it.",
        )


class ProfileChangedError(ServerError):
    """Another event.toml was taken up while this was under way."""

    def __init__(self) -> None:
        super().__init__(
            "The event's boards were changed a moment ago; nothing was saved.",
            hint="Reload the page and do it again.",
        )


class ReloadRefusedError(ServerError):
    """A changed event.toml can be used, but not as it is or not just now."""


class ProcessLostError(ServerError):
    """A process of the site dies or hangs each time that it is started."""


class SettingsError(ServerError):
    """Options or environment variables cannot be used."""


class SetupError(ServerError):
    """A board cannot be set up as it was said or photographed."""


class AddressInUseError(ServerError):
    """Another program listens where this one should.

    Parameters
    ----------
    host : str
    port : int
    """

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Another program already listens on {host}, port {port}.",
            hint=f"Stop it, or take another port, for example --port {port + 1}.",
        )
        self.host = host
        self.port = port


class SendError(ServerError):
    """A running server cannot be reached, or refused what was sent."""


class ServerAwayError(SendError):
    """No Boardcast answers just now; another try may find one."""


class SenderRefusedError(SendError):
    """A running server takes no photo with this token, or for this board."""


class CameraError(ServerError):
    """A camera gives no picture just now."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an error becomes at the program's edges.

    Parameters
    ----------
    status : HTTPStatus
        Of the HTTP response.
    exit_code : int
        Of the command: 1 refused with a reason, 2 wrong usage.
    """

    status: HTTPStatus
    exit_code: int


REFUSED = 1
"""Exit code: refused with a reason."""

MISUSED = 2
"""Exit code: wrong usage."""

_UNPROCESSABLE = Outcome(HTTPStatus.UNPROCESSABLE_ENTITY, REFUSED)
_UNAVAILABLE = Outcome(HTTPStatus.SERVICE_UNAVAILABLE, REFUSED)
_BROKEN = Outcome(HTTPStatus.INTERNAL_SERVER_ERROR, REFUSED)

OUTCOMES = MappingProxyType(
    {
        BoardcastError: _BROKEN,
        ProfileError: _BROKEN,
        KitError: _BROKEN,
        LettersError: _BROKEN,
        PhotoError: _UNPROCESSABLE,
        NotAnImageError: Outcome(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, REFUSED),
        TruncatedPhotoError: _UNPROCESSABLE,
        PhotoTooLargeError: Outcome(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, REFUSED),
        PhotoTooCostlyError: _UNPROCESSABLE,
        UnreadablePhotoError: _UNPROCESSABLE,
        EarlierYearError: _UNPROCESSABLE,
        RegistrationError: _UNPROCESSABLE,
        BoardNotFoundError: _UNPROCESSABLE,
        AmbiguousBoardError: _UNPROCESSABLE,
        BoardMismatchError: _UNPROCESSABLE,
        ReferenceMissingError: _UNPROCESSABLE,
        EngineError: _UNAVAILABLE,
        EngineUnavailableError: _UNAVAILABLE,
        UnknownEngineError: Outcome(HTTPStatus.INTERNAL_SERVER_ERROR, MISUSED),
        ServerError: _BROKEN,
        UploadError: Outcome(HTTPStatus.BAD_REQUEST, REFUSED),
        LengthRequiredError: Outcome(HTTPStatus.LENGTH_REQUIRED, REFUSED),
        UploadTooLargeError: Outcome(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, REFUSED),
        UploadTooSlowError: Outcome(HTTPStatus.REQUEST_TIMEOUT, REFUSED),
        UploadsBusyError: _UNAVAILABLE,
        PhotoMissingError: Outcome(HTTPStatus.BAD_REQUEST, REFUSED),
        DecodingError: _UNAVAILABLE,
        AccessError: Outcome(HTTPStatus.FORBIDDEN, REFUSED),
        NotSignedInError: Outcome(HTTPStatus.UNAUTHORIZED, REFUSED),
        TokenInvalidError: Outcome(HTTPStatus.UNAUTHORIZED, REFUSED),
        TokenExpiredError: Outcome(HTTPStatus.UNAUTHORIZED, REFUSED),
        RoleRequiredError: Outcome(HTTPStatus.FORBIDDEN, REFUSED),
        StaleFormError: Outcome(HTTPStatus.FORBIDDEN, REFUSED),
        TooManyRequestsError: Outcome(HTTPStatus.TOO_MANY_REQUESTS, REFUSED),
        NotFoundError: Outcome(HTTPStatus.NOT_FOUND, REFUSED),
        CorrectionError: _UNPROCESSABLE,
        PlaceTakenError: Outcome(HTTPStatus.CONFLICT, REFUSED),
        SheetError: _UNPROCESSABLE,
        StorageError: Outcome(HTTPStatus.INSUFFICIENT_STORAGE, REFUSED),
        DatabaseDamagedError: _BROKEN,
        BlobDamagedError: _BROKEN,
        OriginalLostError: _BROKEN,
        BackupError: _BROKEN,
        LabelsError: _BROKEN,
        ClaimLostError: Outcome(HTTPStatus.CONFLICT, REFUSED),
        ProfileChangedError: Outcome(HTTPStatus.CONFLICT, REFUSED),
        ReloadRefusedError: Outcome(HTTPStatus.CONFLICT, REFUSED),
        ProcessLostError: _BROKEN,
        SettingsError: Outcome(HTTPStatus.INTERNAL_SERVER_ERROR, MISUSED),
        SetupError: Outcome(HTTPStatus.UNPROCESSABLE_ENTITY, REFUSED),
        AddressInUseError: Outcome(HTTPStatus.INTERNAL_SERVER_ERROR, REFUSED),
        SendError: Outcome(HTTPStatus.BAD_GATEWAY, REFUSED),
        ServerAwayError: Outcome(HTTPStatus.BAD_GATEWAY, REFUSED),
        SenderRefusedError: Outcome(HTTPStatus.BAD_GATEWAY, REFUSED),
        CameraError: Outcome(HTTPStatus.BAD_GATEWAY, REFUSED),
    }
)
"""One row for every class of the tree."""


def outcome_of(error: BoardcastError) -> Outcome:
    """Return the row of an error's own class, or of its nearest base.

    Parameters
    ----------
    error : BoardcastError
    """
    return next(OUTCOMES[base] for base in type(error).__mro__ if base in OUTCOMES)
