"""Crops of scenes as the network learns from them: scaled, turned, spoilt; and targets."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.scene import Scene

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

CROP_PX = 384
"""Side of a crop."""

STRIDE = 4
"""Pixels of a crop a pixel of its targets, as `network.STRIDE`."""

GRID = CROP_PX // STRIDE

CARD_PX = (36.0, 170.0)
"""Range of the usual card's size (root of its area) in a crop: a cell is 110 px."""

CORE_SHARE, RIM_SHARE = 0.55, 0.8
"""The inner part of a card is its core; between that and this part there is no loss."""

LEAST_SEEN = 0.3
"""Visible share from which a card is to be found; below, there is no loss."""

LEAST_PX = 16.0
"""Size (root of the area) in a crop of the smallest card that is to be found."""


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A crop and what the network should say of it.

    Parameters
    ----------
    pixels : ndarray of shape (384, 384, 3), uint8, BGR
    labels : ndarray of shape (6, 96, 96), float32
        Core, weight of the core, mask, weight of the mask, written, weight of written.
    corners : ndarray of shape (8, 96, 96), float32
        Relative to each pixel's middle, px.
    size : ndarray of shape (96, 96), float32
        Root of the card's area, px; 0 where no corners are learnt.
    """

    pixels: Pixels
    labels: Floats
    corners: Floats
    size: Floats


def crop_of(scene: Scene, rng: np.random.Generator) -> Crop:
    """Cut a random crop out of a scene."""
    matrix, scale = _placement(scene, rng)
    pixels = spoilt(_warped(scene.pixels, matrix, scale, rng), rng)
    return _targets(pixels, scene, matrix)


def _placement(
    scene: Scene, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], float]:
    """Return crop from scene, 2 x 3, and the scale in it."""
    height, width = scene.pixels.shape[:2]
    areas = [abs(cv2.contourArea(quad)) for quad in scene.quads]
    usual = float(np.sqrt(np.median(areas))) if areas else 0.2 * min(height, width)
    wanted = float(np.exp(rng.uniform(*np.log(CARD_PX))))
    scale = float(np.clip(wanted / usual, 0.25, 2.2))
    if areas and rng.random() < 0.85:
        card = scene.quads[rng.integers(len(areas))].mean(axis=0)
        middle = card + rng.normal(0, 0.25, 2) * CROP_PX / scale
    else:
        middle = rng.uniform(0, 1, 2) * (width, height)
    turn = rng.normal(0, 4 if rng.random() < 0.55 else 15)
    if rng.random() < 0.1:
        turn += 90 * rng.integers(1, 4)
    stretch = np.exp(rng.normal(0, 0.1))
    matrix = cv2.getRotationMatrix2D((0.0, 0.0), float(turn), scale)
    matrix[:, :2] = matrix[:, :2] @ np.diag([stretch, 1 / stretch])
    if rng.random() < 0.4:
        matrix[0] *= -1
    matrix[:, 2] = CROP_PX / 2 - matrix[:, :2] @ middle
    return matrix, scale


def _warped(
    pixels: Pixels,
    matrix: npt.NDArray[np.float64],
    scale: float,
    rng: np.random.Generator,
) -> Pixels:
    """Warp a picture into a crop; what lies beyond is black or goes on."""
    if scale < 0.7:
        pixels = cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    replicate = rng.random() < 0.3
    level = 0 if rng.random() < 0.5 else int(rng.integers(256))
    return np.asarray(
        cv2.warpAffine(
            pixels,
            matrix,
            (CROP_PX, CROP_PX),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT,
            borderValue=(level, level, level),
        ),
        np.uint8,
    )


def spoilt(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a picture as another camera, in another light, would have taken it."""
    if rng.random() < 0.35:
        pixels = _recoloured(pixels, rng)
    out = pixels.astype(np.float32)
    out = (out - 128) * rng.uniform(0.7, 1.25) + 128 + rng.normal(0, 12)
    out *= np.exp(rng.normal(0, 0.06, 3)).astype(np.float32)
    out = np.clip(out, 0, 255)
    if rng.random() < 0.3:
        out = 255 * (out / 255) ** np.float32(np.exp(rng.normal(0, 0.25)))
    out = _resampled(out, rng)
    if rng.random() < 0.35:
        out += rng.normal(0, rng.uniform(1, 9), out.shape).astype(np.float32)
    pixels = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 92))]
        _, data = cv2.imencode(".jpg", pixels, quality)
        pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return pixels


def _recoloured(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Turn the hues, and make the colours stronger or fainter."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV).astype(np.float32)
    if rng.random() < 0.6:
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(0, 180)) % 180
    hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.2, 1.4), 0, 255)
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR), np.uint8)


def _resampled(out: Floats, rng: np.random.Generator) -> Floats:
    """Blur, shake, shrink or sharpen a picture, or leave it as it is."""
    kind = rng.random()
    if kind < 0.2:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.8))
    elif kind < 0.4:
        scale = rng.uniform(0.35, 0.8)
        small = cv2.resize(out, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        out = cv2.resize(small, out.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    elif kind < 0.48:
        length = int(rng.integers(3, 8))
        line = np.zeros((length, length), np.float32)
        line[length // 2] = 1 / length
        middle = (length / 2 - 0.5, length / 2 - 0.5)
        turned = cv2.getRotationMatrix2D(middle, float(rng.uniform(0, 180)), 1)
        kernel = cv2.warpAffine(line, turned, (length, length))
        out = cv2.filter2D(out, -1, kernel / max(float(kernel.sum()), 1e-3))
    elif kind < 0.6:
        out = out + rng.uniform(0.4, 1.5) * (out - cv2.GaussianBlur(out, (0, 0), 1.5))
    return np.asarray(out, np.float32)


def in_reading_order(quad: Floats) -> Floats:
    """Return corners from the top left on, clockwise, as the picture shows them."""
    middle = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0])
    turned = quad[np.argsort(angles)]
    return np.roll(turned, -int(np.argmin(turned.sum(axis=1))), axis=0)


def _targets(pixels: Pixels, scene: Scene, matrix: npt.NDArray[np.float64]) -> Crop:
    """Return what the network should say of a crop."""
    instances = _instances(scene, matrix)
    core, core_weight = np.zeros((2, GRID, GRID), np.float32)
    core_weight[:] = instances != -1
    mask = (instances > 0).astype(np.float32)
    mask_weight = core_weight.copy()
    written, written_weight = np.zeros((2, GRID, GRID), np.float32)
    corners = np.zeros((8, GRID, GRID), np.float32)
    size = np.zeros((GRID, GRID), np.float32)
    for number, quad in enumerate(scene.quads):
        visible = instances == number + 1
        if not visible.any():
            continue
        here = in_reading_order(cv2.transform(quad[None], matrix)[0].astype(np.float32))
        area = abs(cv2.contourArea(here))
        in_crop = visible.sum() * STRIDE**2 / max(area, 1.0)
        if min(in_crop, scene.visible[number]) < LEAST_SEEN or area < LEAST_PX**2:
            core_weight[visible] = 0
            continue
        inner, rim = _core(here, visible)
        core[inner] = 1
        core_weight[rim & ~inner] = 0
        written[visible], written_weight[visible] = float(scene.written[number]), 1
        learnt = inner | rim
        size[learnt] = np.sqrt(area)
        rows, columns = np.nonzero(learnt)
        middles = np.stack([columns, rows], axis=1) * STRIDE + (STRIDE - 1) / 2
        offsets = here[None] - middles[:, None]
        corners[:, learnt] = offsets.reshape(-1, 8).T
    labels = np.stack(
        [core, core_weight, mask, mask_weight, written, written_weight]
    ).astype(np.float32)
    return Crop(pixels, labels, corners, size)


def _instances(scene: Scene, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.int16]:
    """Return which card each of a crop's targets lies on."""
    shrunk = np.array(
        [
            [1 / STRIDE, 0, (0.5 - STRIDE / 2) / STRIDE],
            [0, 1 / STRIDE, (0.5 - STRIDE / 2) / STRIDE],
            [0, 0, 1],
        ]
    )
    grid_from_scene = (shrunk @ np.vstack([matrix, [0, 0, 1]]))[:2]
    return np.asarray(
        cv2.warpAffine(
            scene.instances, grid_from_scene, (GRID, GRID), flags=cv2.INTER_NEAREST
        ),
        np.int16,
    )


def _core(
    quad: Floats, visible: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return a card's core, and the rim around it: of what is seen of the card."""
    whole = _filled(quad, CORE_SHARE)
    inner = whole & visible
    rim = _filled(quad, RIM_SHARE) & visible
    if inner.sum() < 0.35 * whole.sum() or inner.sum() < 2:
        depth = cv2.distanceTransform(visible.astype(np.uint8), cv2.DIST_L2, 3)
        inner = np.asarray(depth > 0.5 * depth.max(), np.bool_) & visible
        rim = visible
    return inner, rim


def _filled(quad: Floats, share: float) -> npt.NDArray[np.bool_]:
    """Return where a quad, shrunk around its middle, lies on the targets."""
    middle = quad.mean(axis=0)
    corners = ((quad - middle) * share + middle + 0.5) / STRIDE - 0.5
    canvas = np.zeros((GRID, GRID), np.uint8)
    fixed = np.round(corners * 16).astype(np.int32)
    cv2.fillConvexPoly(canvas, fixed, 1, cv2.LINE_8, 4)
    return canvas > 0
