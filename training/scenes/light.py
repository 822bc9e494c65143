"""Light and camera: lamps, shadows, glare, exposure, blur, noise."""

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.paint import Dice, Pixels, between, chance, grain, pick, soft_noise

Light = npt.NDArray[np.float32]


def photographed(pixels: Pixels, rng: Dice) -> Pixels:
    """Return the scene as a camera takes it."""
    height, width = pixels.shape[:2]
    light = _light(height, width, rng)
    shown = pixels.astype(np.float32) * light[..., None]
    if chance(rng, 0.22):
        shown += _glare(height, width, rng)[..., None]
    np.clip(shown, 0, 255, out=shown)
    graded = _grade(shown, rng)
    return _camera(graded, rng)


def _light(height: int, width: int, rng: Dice) -> Light:
    """Return how bright each place is lit, on a quarter of the scale where soft."""
    small = (height // 4 + 1, width // 4 + 1)
    light = np.ones(small, np.float32)
    if chance(rng, 0.8):
        light += soft_noise(*small, max(small) * between(rng, 0.4, 1.2), rng) * between(
            rng, 0.02, 0.16
        )
    for _ in range(pick(rng, (0, 1, 2), (66, 24, 10))):
        mask = np.zeros(small, np.float32)
        ring = rng.uniform(-0.2, 1.2, (int(rng.integers(3, 7)), 2)) * [
            small[1],
            small[0],
        ]
        cv2.fillPoly(mask, [cv2.convexHull(ring.astype(np.int32))], (1.0,))
        soft = pick(rng, (0.8, 2.0, 6.0, 16.0))
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), soft), np.float32)
        light *= 1 - mask * np.float32(between(rng, 0.1, 0.5))
    if chance(rng, 0.05):
        light *= _blinds(*small, rng)
    if chance(rng, 0.1):
        light *= _person_shadow(*small, rng)
    if chance(rng, 0.25):
        rows, columns = np.ogrid[: small[0], : small[1]]
        off = ((rows / small[0] - 0.5) ** 2 + (columns / small[1] - 0.5) ** 2).astype(
            np.float32
        )
        light *= 1 - off * np.float32(between(rng, 0.1, 0.7))
    light *= np.float32(between(rng, 0.8, 1))
    large = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(large, 0.3, 1.6), np.float32)


def _blinds(height: int, width: int, rng: Dice) -> Light:
    """Return the stripes that blinds or a window's bars let through."""
    rows, columns = np.ogrid[:height, :width]
    lean = between(rng, -0.6, 0.6)
    phase = (rows + columns * lean) if chance(rng, 0.6) else (columns + rows * lean)
    stripes = np.sin(phase.astype(np.float32) * between(rng, 0.05, 0.5))
    sharp = np.clip(stripes * between(rng, 1, 8) + between(rng, -1, 1), 0, 1)
    return np.asarray(1 - sharp * np.float32(between(rng, 0.1, 0.45)), np.float32)


def _person_shadow(height: int, width: int, rng: Dice) -> Light:
    mask = np.zeros((height, width), np.float32)
    size = height * between(rng, 0.1, 0.3)
    x, y = between(rng, 0, 1) * width, between(rng, 0.3, 0.9) * height
    cv2.ellipse(
        mask,
        (int(x), int(y)),
        (int(size * 0.45), int(size * 0.6)),
        0,
        0,
        360,
        (1.0,),
        -1,
    )
    cv2.ellipse(
        mask,
        (int(x), int(y + size * 2)),
        (int(size * 1.1), int(size * 1.5)),
        0,
        0,
        360,
        (1.0,),
        -1,
    )
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), between(rng, 0.7, 8)), np.float32)
    return np.asarray(1 - mask * np.float32(between(rng, 0.15, 0.5)), np.float32)


def _glare(height: int, width: int, rng: Dice) -> Light:
    small = (height // 4 + 1, width // 4 + 1)
    glare = np.zeros(small, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        centre = (
            int(between(rng, 0, 1) * small[1]),
            int(between(rng, 0, 1) * small[0]),
        )
        axes = (
            int(small[1] * between(rng, 0.01, 0.16)) + 1,
            int(small[0] * between(rng, 0.01, 0.16)) + 1,
        )
        cv2.ellipse(
            glare,
            centre,
            axes,
            between(rng, 0, 180),
            0,
            360,
            (between(rng, 40, 220),),
            -1,
        )
    glare = np.asarray(
        cv2.GaussianBlur(glare, (0, 0), between(rng, 1.5, 14)), np.float32
    )
    return np.asarray(
        cv2.resize(glare, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _grade(shown: npt.NDArray[np.float32], rng: Dice) -> Pixels:
    """Return white balance, exposure and contrast, by a table for each channel."""
    steps = np.arange(256, dtype=np.float32) / 255
    warm = between(rng, 0.1, 0.3) if chance(rng, 0.14) else float(rng.normal(0, 0.06))
    casts = np.exp([-warm, rng.normal(0, 0.03), warm])
    gamma, gain = (
        float(np.exp(rng.normal(-0.13, 0.18))),
        float(np.exp(rng.normal(0, 0.08))),
    )
    if chance(rng, 0.06):
        gain *= between(rng, 0.4, 0.75)
    low, high = between(rng, 0, 0.1), between(rng, 0.86, 1.03)
    table = np.stack(
        [
            low + (high - low) * np.clip(steps * cast * gain, 0, 1) ** gamma
            for cast in casts
        ],
        -1,
    )
    table8 = np.clip(table * 255, 0, 255).astype(np.uint8)
    graded = cv2.LUT(shown.astype(np.uint8), table8[None])
    if chance(rng, 0.25):
        grey = cv2.cvtColor(
            cv2.cvtColor(graded, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR
        )
        graded = cv2.addWeighted(
            graded, share := between(rng, 0.4, 1.3), grey, 1 - share, 0
        )
    return np.asarray(graded, np.uint8)


def _camera(pixels: Pixels, rng: Dice) -> Pixels:
    height, width = pixels.shape[:2]
    if chance(rng, 0.3):
        share = between(rng, 0.3, 0.75)
        small = cv2.resize(
            pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA
        )
        if chance(rng, 0.5):
            small = _packed(np.asarray(small, np.uint8), int(rng.integers(35, 85)))
        pixels = np.asarray(
            cv2.resize(
                small,
                (width, height),
                interpolation=pick(rng, (cv2.INTER_LINEAR, cv2.INTER_CUBIC)),
            ),
            np.uint8,
        )
    elif chance(rng, 0.5):
        pixels = np.asarray(
            cv2.GaussianBlur(pixels, (0, 0), between(rng, 0.3, 1.3)), np.uint8
        )
    if chance(rng, 0.25):
        sharp = cv2.GaussianBlur(pixels, (0, 0), between(rng, 0.8, 2))
        strength = between(rng, 0.3, 1.2)
        pixels = np.asarray(
            cv2.addWeighted(pixels, 1 + strength, sharp, -strength, 0), np.uint8
        )
    if chance(rng, 0.6):
        noise = np.stack([grain(height, width, rng)] * 3, -1) * np.float32(
            between(rng, 0.5, 6)
        )
        pixels = np.asarray(cv2.add(pixels, noise, dtype=cv2.CV_8U), np.uint8)
    if chance(rng, 0.3):
        pixels = _packed(pixels, int(rng.integers(40, 90)))
    return pixels


def _packed(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
