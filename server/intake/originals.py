"""Photos as they were received, by the hash of their bytes."""

from server.errors import BlobDamagedError, NotFoundError, OriginalLostError
from server.store.blobs import Blobs
from vision.image.photo import Photo


def original(originals: Blobs, sha256: str) -> Photo:
    """Return a photo that was received.

    Parameters
    ----------
    originals : Blobs
    sha256 : str
        Of its bytes.

    Raises
    ------
    OriginalLostError
        If its bytes are missing or damaged: no other try finds them.
    PhotoError
        If they are no photo.
    StorageError
        If the store does not work.
    """
    try:
        return Photo.decode(originals.get(sha256))
    except NotFoundError as error:
        raise OriginalLostError(sha256, "missing") from error
    except BlobDamagedError as error:
        raise OriginalLostError(sha256, "damaged") from error
