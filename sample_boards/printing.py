"""Printed things: headings in type, and corner tags."""

from typing import Final

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from calibration.geometry import Quad
from sample_boards.board import TAG_MODULES
from sample_boards.paper import Image, with_ink
from sample_boards.pens import Colour, Mask

BOLD_SHARE: Final = 0.032
"""Outline added to the type (which ships with Pillow) to make it bold, in em."""

TAG_DICTIONARY: Final = cv2.aruco.DICT_4X4_50
"""The tags that Boardcast prints."""


def print_text(
    image: Image,
    text: str,
    centre_px: tuple[float, float],
    height_px: float,
    colour: Colour,
) -> None:
    """Print bold text into a picture, in place.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        Where to.
    text : str
        What; lines parted by newlines are centred.
    centre_px : tuple of float
        Centre of the text.
    height_px : float
        Size of the type (em).
    colour : Colour
        Colour of the type.
    """
    mask = _text_mask(text, height_px)
    height, width = mask.shape
    left = round(centre_px[0] - width / 2)
    top = round(centre_px[1] - height / 2)
    right, bottom = min(left + width, image.shape[1]), min(top + height, image.shape[0])
    if left < 0 or top < 0 or right <= left or bottom <= top:
        return
    place = image[top:bottom, left:right]
    place[:] = with_ink(place, mask[: bottom - top, : right - left], colour)


def _text_mask(text: str, height_px: float) -> Mask:
    font = ImageFont.load_default(size=height_px)
    stroke = max(0, round(BOLD_SHARE * height_px))
    probe = ImageDraw.Draw(PillowImage.new("L", (1, 1)))
    box = probe.multiline_textbbox(
        (0, 0), text, font=font, align="center", stroke_width=stroke, spacing=0
    )
    size = (int(box[2] - box[0]) + 4, int(box[3] - box[1]) + 4)
    picture = PillowImage.new("L", size)
    ImageDraw.Draw(picture).multiline_text(
        (2 - box[0], 2 - box[1]),
        text,
        fill=255,
        font=font,
        align="center",
        stroke_width=stroke,
        spacing=0,
    )
    return np.asarray(picture, dtype=np.uint8)


def print_tag(image: Image, tag: int, quad_px: Quad) -> None:
    """Print a tag on a white sheet with a quiet zone of one module, in place.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        Where to.
    tag : int
        Id in the dictionary 4x4_50.
    quad_px : Quad
        Outer edges of its black square, as continuous coordinates in which a
        pixel's centre is a whole number.
    """
    module = 24
    dictionary = cv2.aruco.getPredefinedDictionary(TAG_DICTIONARY)
    black = cv2.aruco.generateImageMarker(dictionary, tag, TAG_MODULES * module)
    sheet = cv2.copyMakeBorder(
        black, module, module, module, module, cv2.BORDER_CONSTANT, value=(250,)
    )
    side = float((TAG_MODULES + 2) * module)
    inner = np.array([[1, 1], [7, 1], [7, 7], [1, 7]]) * module - 0.5
    warp = cv2.getPerspectiveTransform(
        inner.astype(np.float32), quad_px.to_array().astype(np.float32)
    )
    corners = np.array([[[0, 0], [side, 0], [side, side], [0, side]]]) - 0.5
    placed = cv2.perspectiveTransform(corners, warp)[0]
    left, top = np.floor(placed.min(axis=0)).astype(int)
    right, bottom = np.ceil(placed.max(axis=0)).astype(int) + 1
    left, top = max(0, left), max(0, top)
    place = image[top:bottom, left:right]
    # Drawn larger and shrunk by area: a tag's edges must lie where truth says.
    factor = 4
    into = np.array(
        [[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2], [0, 0, 1]]
    )
    into = into @ np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ warp
    size = (place.shape[1] * factor, place.shape[0] * factor)
    ink = cv2.warpPerspective(sheet, into, size, borderValue=(0,))
    cover = cv2.warpPerspective(np.full_like(sheet, 255), into, size, borderValue=(0,))
    small_wh = (place.shape[1], place.shape[0])
    value = cv2.resize(ink, small_wh, interpolation=cv2.INTER_AREA)
    alpha = cv2.resize(cover, small_wh, interpolation=cv2.INTER_AREA)[..., None] / 255.0
    # `value` is already weighted by its own coverage at the sheet's edge.
    printed = place * (1 - alpha) + np.maximum(value[..., None], 22 * alpha)
    place[:] = np.rint(printed).astype(np.uint8)
