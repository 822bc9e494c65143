"""Addresses that pages and formats share."""


def picture_path(sha256: str, content_type: str = "image/jpeg") -> str:
    """Return the immutable path of a published picture or crop.

    Parameters
    ----------
    sha256 : str
        Of its public blob.
    content_type : str
        ``image/jpeg`` or ``image/webp``; it only shows in the suffix.
    """
    suffix = "webp" if content_type == "image/webp" else "jpg"
    return f"/b/{sha256}.{suffix}"
