"""Photos, boards and engines that cannot be used. The tree: calibration.errors."""

from calibration.errors import BoardcastError


class PhotoError(BoardcastError):
    """These bytes cannot be used as a photo."""


class NotAnImageError(PhotoError):
    """The bytes are no image in a format that Boardcast reads."""


class TruncatedPhotoError(PhotoError):
    """The file begins as an image and then ends too early or is damaged."""


class PhotoTooLargeError(PhotoError):
    """The image declares more pixels (`size_wh`) than Boardcast decodes (`max_pixels`)."""

    def __init__(self, size_wh: tuple[int, int], max_pixels: int) -> None:
        width, height = size_wh
        super().__init__(
            f"The photo declares {width} x {height} pixels; "
            f"at most {max_pixels / 1e6:.0f} megapixels are read.",
            hint="Send it in a smaller size; 12 megapixels are plenty.",
        )
        self.size_wh = size_wh
        self.max_pixels = max_pixels


class PhotoTooCostlyError(PhotoError):
    """Decoding the image takes more memory or time, as is said, than any camera's does."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            hint="Send it as an ordinary JPEG, as the camera or a photo app saves it.",
        )


class UnreadablePhotoError(PhotoError):
    """The photo is so dark or so blurred that no word in it can be read."""


class RegistrationError(BoardcastError):
    """The board cannot be placed in this photo with certainty.

    `board` is the slug of the board that was sought; None if several were.
    """

    def __init__(self, message: str, *, hint: str, board: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.board = board


class BoardNotFoundError(RegistrationError):
    """The photo does not show the board, or not enough of it."""


class AmbiguousBoardError(RegistrationError):
    """Several boards fit the photo and none is certain."""


class BoardMismatchError(RegistrationError):
    """The board in the photo is not as its tags and event.toml have it."""


class ReferenceMissingError(RegistrationError):
    """The profile gives neither tags nor a reference photo for the board."""


class EngineError(BoardcastError):
    """An OCR engine cannot be used."""


class EngineUnavailableError(EngineError):
    """A program or model that the engine needs is missing or does not start."""


class UnknownEngineError(EngineError):
    """No engine has this name."""
