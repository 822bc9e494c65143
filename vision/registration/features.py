"""Local features of a photo, and which of two photos are the same spot.

SIFT (D. Lowe, IJCV 60, 2004) with the Hellinger kernel (R. Arandjelovic & A. Zisserman,
CVPR 2012), matched mutually.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import scipy

from calibration.geometry import Points
from vision.image.arrays import Floats, Image, grey_of, shrunk

Pairs = npt.NDArray[np.intp]
"""Index pairs of shape (N, 2)."""

MAX_FEATURES, CONTRAST = 5000, 0.02
"""Features of a photo, and half of SIFT's usual threshold: brown paper and faint lines
have features too."""

MAX_RATIO, MIN_LIKENESS = 0.92, 0.8
"""Best distance to second best (Lowe's test), mild, for mutuality does the rest; cosine
of two descriptors in the guided round, far above chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Local features of a photo: points (N, 2) in its pixels, descriptors (N, 128) of unit length."""

    points: Points
    descriptors: Floats


def features_of(pixels: Image, side_px: int) -> Features:
    """Return the local features of a photo, (H, W, 3) uint8 BGR, shrunk to a long side."""
    grey, scale = shrunk(grey_of(pixels), side_px)
    sift = cv2.SIFT.create(nfeatures=MAX_FEATURES, contrastThreshold=CONTRAST)
    keypoints, found = sift.detectAndCompute(grey, None)
    if not keypoints:
        return Features(np.empty((0, 2)), np.empty((0, 128), np.float32))
    descriptors = np.asarray(found, np.float32)
    descriptors /= np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    # Pixel centres: (i + 0.5) / scale - 0.5 in the photo.
    points = (np.array([k.pt for k in keypoints]) + 0.5) / scale - 0.5
    return Features(points, np.sqrt(descriptors))


def mutual_matches(first: Floats, second: Floats) -> Pairs:
    """Return pairs of descriptors, (N, 128) and (M, 128), clearly each other's nearest."""
    if len(first) == 0 or len(second) < 2:  # noqa: PLR2004  (a best and a second best)
        return np.empty((0, 2), np.intp)
    likeness = first @ second.T
    rows, forth, back = np.arange(len(first)), likeness.argmax(1), likeness.argmax(0)
    best = likeness[rows, forth]
    likeness[rows, forth] = -1
    # Unit vectors: squared distance = 2 - 2 likeness.
    far = np.maximum(1 - likeness.max(axis=1), 1e-9)
    ratio = np.sqrt(np.maximum(1 - best, 0) / far)
    kept = (back[forth] == rows) & (ratio < MAX_RATIO)
    return np.column_stack([rows[kept], forth[kept]])


def guided_matches(
    features: Features, others: Features, predicted: Points, radius_px: float
) -> Pairs:
    """Match mutually among features near their predicted place.

    `predicted`, (N, 2), is where the photo should show each of the others, not always
    finite. Pairs are (index in the photo, index in the others).
    """
    finite = np.flatnonzero(np.isfinite(predicted).all(axis=1))
    if len(features.points) == 0 or len(finite) == 0:
        return np.empty((0, 2), np.intp)
    near = scipy.spatial.KDTree(features.points).sparse_distance_matrix(
        scipy.spatial.KDTree(predicted[finite]), radius_px, output_type="ndarray"
    )
    rows, columns = near["i"].astype(np.intp), finite[near["j"]]
    likeness = np.einsum(
        "nd,nd->n", features.descriptors[rows], others.descriptors[columns]
    )
    best_of_row = np.full(len(features.points), MIN_LIKENESS, np.float32)
    best_of_column = np.full(len(predicted), MIN_LIKENESS, np.float32)
    np.maximum.at(best_of_row, rows, likeness)
    np.maximum.at(best_of_column, columns, likeness)
    mutual = (likeness >= best_of_row[rows]) & (likeness >= best_of_column[columns])
    return np.column_stack([rows[mutual], columns[mutual]])
