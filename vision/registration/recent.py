"""A photo that was placed, kept small until it is needed as a reference."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.image.rectify import Registration
from vision.registration.features import Features, features_of
from vision.registration.reference import REFERENCE_SIDE_PX, Reference


@dataclass(frozen=True, slots=True, eq=False)
class RecentPhoto:
    """What is needed of a placed photo to make a reference of it.

    Parameters
    ----------
    sha256 : str
        Of the photo's bytes.
    registration : Registration
        Of this photo.
    small : ndarray of shape (H, W, 3), uint8, BGR
        The photo, shrunk to the size at which references are looked at: 3 MB.
    """

    sha256: str
    registration: Registration
    small: Image

    @classmethod
    def of(cls, photo: Photo, registration: Registration) -> Self:
        """Keep a photo.

        Parameters
        ----------
        photo : Photo
        registration : Registration
            Of this photo.
        """
        width, height = photo.size_wh
        scale = min(1.0, REFERENCE_SIDE_PX / max(width, height))
        small_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(photo.pixels, small_wh, interpolation=cv2.INTER_AREA)
        return cls(photo.sha256, registration, np.asarray(small, np.uint8))

    def reference(self) -> Reference:
        """Return the photo, ready to be matched; finding its features takes time."""
        found = features_of(self.small, REFERENCE_SIDE_PX)
        height, width = self.small.shape[:2]
        scale = np.array(self.registration.projection.lens.photo_wh) / (width, height)
        # Pixel centres: (i + 0.5) * scale - 0.5 in the photo.
        points = (found.points + 0.5) * scale - 0.5
        features = Features(points, found.descriptors)
        return Reference.from_registration(self.sha256, self.registration, features)
