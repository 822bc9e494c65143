"""What was just read need not be read again.

A card's first reading is one view of it; its further reading is that view and more,
of the same pixels and by the same networks. An engine that remembers its views for a
while does in the second reading only what the first one left to do.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock

from vision.cards import Line
from vision.image.arrays import Image

VIEWS_KEPT = 512
"""Two of each card of a board of 250: some kilobytes each, so 2 MB."""

Lines = tuple[Line, ...]


class ViewMemory:
    """The lines of the views that were read last. Threads may share it.

    It holds digests of crops, not their pixels. What is remembered is what reading
    again would give: networks and lexicon must be those of one engine.
    """

    def __init__(self) -> None:
        self._lines: OrderedDict[tuple[bytes, int], Lines] = OrderedDict()
        self._changing = Lock()

    def lines(self, crop: Image, width_px: int, read: Callable[[], Lines]) -> Lines:
        """Return a view's lines, which are read if they are not known.

        Parameters
        ----------
        crop : ndarray of shape (H, W, 3), uint8, BGR
        width_px : int
            Of the view.
        read : callable
            Reads this view. Two threads that ask for one view at once both read it.

        Returns
        -------
        tuple of Line
            In pixels of the crop.
        """
        view = _digest(crop), width_px
        with self._changing:
            known = self._lines.get(view)
            if known is not None:
                self._lines.move_to_end(view)
                return known
        lines = read()
        with self._changing:
            self._lines[view] = lines
            while len(self._lines) > VIEWS_KEPT:
                self._lines.popitem(last=False)
        return lines


def _digest(crop: Image) -> bytes:
    """Return what tells crops apart, in a millisecond at most."""
    digest = blake2b(repr(crop.shape).encode(), digest_size=16)
    digest.update(crop.tobytes())
    return digest.digest()
