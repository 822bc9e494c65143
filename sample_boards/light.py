"""Light and sensor: what happens between an even picture and a phone's file."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sample_boards.paper import Image


@dataclass(frozen=True, slots=True)
class Glare:
    """A lamp or window mirrored in the board.

    Parameters
    ----------
    x, y : float
        Its centre as shares of the photo's width and height.
    radius : float
        Its radius as a share of the photo's width.
    strength : float
        How much light it adds at its centre, 1 is white.
    """

    x: float
    y: float
    radius: float = 0.06
    strength: float = 0.8


@dataclass(frozen=True, slots=True)
class Light:
    """The light in the room and the exposure.

    Parameters
    ----------
    exposure : float
        Factor of brightness.
    gradient : tuple of float
        How much brighter it becomes over the photo's width and height.
    warmth : float
        White balance: positive is yellow, negative is blue; ±0.1 is a lot.
    vignette : float
        How much darker the corners are.
    glare : tuple of Glare
        Mirrored lamps.
    """

    exposure: float = 1.0
    gradient: tuple[float, float] = (0.1, -0.12)
    warmth: float = 0.02
    vignette: float = 0.12
    glare: tuple[Glare, ...] = ()


@dataclass(frozen=True, slots=True)
class Sensor:
    """What lens, hand and sensor add.

    Parameters
    ----------
    defocus_px : float
        Standard deviation of blur, in pixels of a photo 4,000 wide.
    motion_px : float
        Length of motion blur, likewise.
    motion_deg : float
        Its direction.
    noise : float
        Standard deviation of noise in levels of 255.
    jpeg_quality : int
        Quality of the file.
    """

    defocus_px: float = 0.6
    motion_px: float = 0.0
    motion_deg: float = 0.0
    noise: float = 1.6
    jpeg_quality: int = 80


def random_light(seed: int, *, glare: bool = False) -> Light:
    """Switch some light on, by seed, with or without a mirrored lamp."""
    rng = np.random.default_rng([seed, 41])
    spot = Glare(
        float(rng.uniform(0.2, 0.8)),
        float(rng.uniform(0.15, 0.6)),
        float(rng.uniform(0.03, 0.08)),
        float(rng.uniform(0.5, 1.0)),
    )
    return Light(
        exposure=float(rng.uniform(0.82, 1.12)),
        gradient=(float(rng.uniform(-0.3, 0.3)), float(rng.uniform(-0.3, 0.1))),
        warmth=float(rng.uniform(-0.05, 0.08)),
        vignette=float(rng.uniform(0.05, 0.2)),
        glare=(spot,) if glare else (),
    )


def random_sensor(seed: int) -> Sensor:
    """Hold a phone more or less still, by seed."""
    rng = np.random.default_rng([seed, 42])
    shaken = rng.random() < 0.3
    return Sensor(
        defocus_px=float(rng.uniform(0.4, 1.1)),
        motion_px=float(rng.uniform(2, 6)) if shaken else 0.0,
        motion_deg=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(1.0, 3.5)),
        jpeg_quality=int(rng.integers(72, 90)),
    )


def lit(image: Image, light: Light) -> Image:
    """Light a picture.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        The picture in even light.
    light : Light
        The light.
    """
    height, width = image.shape[:2]
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :]
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    tone = 1 + light.gradient[0] * x + light.gradient[1] * y
    tone = tone * (1 - light.vignette * 2 * (x**2 + y**2)) * light.exposure
    balance = (1 - light.warmth, 1.0, 1 + light.warmth)
    tones = cv2.merge([(tone * share).astype(np.float32) for share in balance])
    bright = cv2.multiply(image, tones, dtype=cv2.CV_32F).astype(np.float32)
    for glare in light.glare:
        bright += 255 * _glare_spot(glare, (width, height))[..., None]
    return _rolled_off(np.asarray(bright, dtype=np.float32))


def _glare_spot(glare: Glare, size_wh: tuple[int, int]) -> npt.NDArray[np.float32]:
    width, height = size_wh
    x = (np.arange(width, dtype=np.float32) / width - glare.x)[None, :]
    y = ((np.arange(height, dtype=np.float32) - glare.y * height) / width)[:, None]
    away = (x**2 + (1.4 * y) ** 2) / glare.radius**2
    halo = 0.25 * np.exp(-away / 5)
    return np.asarray(glare.strength * (np.exp(-(away**1.5)) + halo), np.float32)


def _rolled_off(bright: npt.NDArray[np.float32]) -> Image:
    """Bend highlights softly into white, as cameras do, above 215."""
    high = bright > 215
    bright[high] = 215 + 40 * (1 - np.exp(-(bright[high] - 215) / 40))
    return np.asarray(cv2.convertScaleAbs(bright), dtype=np.uint8)


def sensed(image: Image, sensor: Sensor, rng: np.random.Generator) -> Image:
    """Blur a picture and add noise.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        The lit picture.
    sensor : Sensor
        What blurs it.
    rng : numpy.random.Generator
        The noise.
    """
    scale = max(image.shape[:2]) / 4000
    if sensor.defocus_px * scale > 0.2:
        image = np.asarray(
            cv2.GaussianBlur(image, (0, 0), sensor.defocus_px * scale), dtype=np.uint8
        )
    length = sensor.motion_px * scale
    if length > 1:
        kernel = _motion_kernel(length, sensor.motion_deg)
        image = np.asarray(cv2.filter2D(image, -1, kernel), dtype=np.uint8)
    return _noisy(image, sensor.noise, rng)


def _motion_kernel(length_px: float, angle_deg: float) -> npt.NDArray[np.float32]:
    side = int(np.ceil(length_px)) | 1
    kernel = np.zeros((side, side), np.float32)
    half = np.array([np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg))])
    middle = np.array([side // 2, side // 2])
    ends = [middle - half * length_px / 2, middle + half * length_px / 2]
    fixed = [np.rint(end * 16).astype(int).tolist() for end in ends]
    cv2.line(kernel, fixed[0], fixed[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def _noisy(image: Image, deviation: float, rng: np.random.Generator) -> Image:
    """Add noise in brightness, and coarser, weaker noise in colour."""
    height, width = image.shape[:2]
    grain = rng.standard_normal((height, width), dtype=np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 2.2
    noisy = np.empty_like(image)
    for channel in range(3):
        coarse = rng.standard_normal(
            (height // 4 + 1, width // 4 + 1), dtype=np.float32
        )
        colour = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
        value = image[..., channel] + deviation * (0.8 * grain + 0.5 * colour)
        noisy[..., channel] = np.clip(np.rint(value), 0, 255).astype(np.uint8)
    return noisy
