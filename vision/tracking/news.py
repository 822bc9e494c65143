"""What a photo shows of a card against when it was read: whether to read it again."""

from dataclasses import dataclass

from vision.cards import KnownCard, News
from vision.image.arrays import Image
from vision.image.sharpness import sharpness_of
from vision.tracking.change_detection import compare
from vision.tracking.correlation import Patch

MIN_SHARPER = 2.0
"""Times the sharpness from which a card is worth reading again: as if it were half
as large again, or half a pixel less blurred. One card in ten exceeds it between two
photos from anywhere; each time it is exceeded it becomes twice as hard to."""

MAYBE_SHARPER = 1.2
"""Times the sharpness from which it may be `MIN_SHARPER` in the photo where the
straight picture is looked at: of drawn cards that has 0.57 to 1.6 times the photo's."""

SURE = 0.9
"""Confidence from which a reading gains nothing from more sharpness: a whole photo
is sharper than another, and would have all its cards read again."""

MIN_LEGIBLE = 0.15
"""Times the sharpness below which a card is not read again even if somebody wrote on
it: as if it were blurred by a pixel more. Fewer than one in twenty; the next photo
shows the edit, too."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a photo tells of a card whose outline is as it was.

    Parameters
    ----------
    news : {"same", "edited", "sharper"}
        Why to read it again; "same" where nothing is to be gained from that, too.
    sharpness : float
        Of its crop; 0 where too little of it is seen, or nobody need know.
    whole : bool
        Whether all of it is seen, so that "same" means that nothing has changed.
    """

    news: News
    sharpness: float
    whole: bool


def told_of(card: KnownCard, crop: Image, patch: Patch) -> Told:
    """Tell why a card of an unchanged outline is to be read again, if it is.

    Parameters
    ----------
    card : KnownCard
    crop : ndarray of shape (H, W, 3), uint8, BGR
        Upright.
    patch : ndarray of shape (H, W), uint8
        Of that crop, see `vision.tracking.appearance.patch_of`.
    """
    then = card.descriptor
    comparison = compare(then.patch, patch)
    in_doubt = card.reading.confidence < SURE
    if not comparison.comparable or not (comparison.edited or in_doubt):
        return Told("same", 0.0, comparison.comparable)
    sharpness = sharpness_of(crop)
    if sharpness < MIN_LEGIBLE * then.sharpness:
        return Told("same", 0.0, not comparison.edited)
    if comparison.edited:
        return Told("edited", sharpness, whole=True)
    sharper = 0 < MIN_SHARPER * then.sharpness <= sharpness
    return Told("sharper" if sharper else "same", sharpness, whole=True)


def told_of_same(card: KnownCard, about: Image) -> Told | None:
    """Tell what is new of a card that is as it was, without cutting it out.

    Parameters
    ----------
    card : KnownCard
    about : ndarray of shape (H, W, 3), uint8, BGR
        Where it hangs in the straight picture: hardly less sharp than the photo.

    Returns
    -------
    Told or None
        None where it may be worth reading again, which its own pixels tell.
    """
    if card.reading.confidence >= SURE:
        return Told("same", 0.0, whole=True)
    sharpness, then = sharpness_of(about), card.descriptor.sharpness
    if 0 < MAYBE_SHARPER * then <= sharpness:
        return None
    legible = sharpness >= MIN_LEGIBLE * then
    return Told("same", sharpness if legible else 0.0, whole=True)
