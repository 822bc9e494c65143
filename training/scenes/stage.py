"""The stage: a flat board that things are pinned on, with its truth."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from training.scenes.paint import (
    Dice,
    Mask,
    Pixels,
    Points,
    between,
    blend,
    chance,
    cut,
    fill_shape,
    hsv,
    pick,
)
from training.scenes.papers import Paper

IGNORE = -1
"""Instance of things that look like cards and are none: no loss either way."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """Where shadows of things on the board fall.

    Parameters
    ----------
    fall : tuple of float
        Right and down, px, for a thing that stands off by a usual amount.
    depth : float
        How dark, 0 to 1.
    soft : float
        Blur, px.
    rim : float
        How much an edge of paper is seen, -1 (darker) to 1 (lighter).
    """

    fall: tuple[float, float]
    depth: float
    soft: float
    rim: float


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """A card on the board: its corners, how much of them is paper, its writing."""

    quad: Points
    cover: float
    written: bool


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A flat board with what is on it so far."""

    pixels: Pixels
    instances: npt.NDArray[np.int16]
    lamp: Lamp
    cards: list[Pinned] = field(default_factory=list)

    def pin_card(self, paper: Paper, quad: Points, lift: float, rng: Dice) -> None:
        """Pin a card; it covers what was there."""
        cover = float((paper.opacity > 127).mean())
        self.cards.append(Pinned(quad, cover, paper.written))
        self.paste(
            paper.pixels,
            paper.opacity,
            quad,
            instance=len(self.cards),
            lift=lift,
            rng=rng,
        )

    def paste(
        self,
        pixels: Pixels,
        opacity: Mask,
        quad: Points,
        *,
        instance: int,
        lift: float,
        rng: Dice,
    ) -> None:
        """Paste a flat thing: shadow, edge, itself, and its instance."""
        height, width = opacity.shape
        pad = int(6 + 3 * self.lamp.soft + lift * max(np.abs(self.lamp.fall)))
        low = np.floor(quad.min(0)).astype(int) - pad
        high = np.ceil(quad.max(0)).astype(int) + pad
        part = cut(self.instances.shape, *low.tolist(), *(high - low).tolist())
        if part is None:
            return
        shift = np.array([part[1].start, part[0].start], np.float32)
        size = (part[1].stop - part[1].start, part[0].stop - part[0].start)
        table = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        warp = cv2.getPerspectiveTransform(table, quad - shift)
        alpha = cv2.warpPerspective(opacity, warp, size, flags=cv2.INTER_LINEAR)
        over = cv2.warpPerspective(
            pixels, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        place = self.pixels[part].astype(np.float32)
        if self.lamp.depth > 0:
            lifts = lift * np.array([0.5, 0.5, 1.2, 1.2]) + rng.normal(0, 0.25, 4)
            lifts = np.clip(lifts, 0.1, 4)
            place *= 1 - self._shadow(opacity, quad - shift, size, lifts)
        share = alpha.astype(np.float32)[..., None] / 255
        place += (over - place) * share
        if abs(self.lamp.rim) > 0.02:
            rim = cv2.subtract(
                alpha, np.asarray(cv2.erode(alpha, np.ones((3, 3), np.uint8)), np.uint8)
            )
            place += rim.astype(np.float32)[..., None] * np.float32(
                self.lamp.rim * 0.25
            )
        self.pixels[part] = np.clip(place + 0.5, 0, 255).astype(np.uint8)
        self.instances[part][alpha > 127] = instance

    def _shadow(
        self,
        opacity: Mask,
        quad: Points,
        size: tuple[int, int],
        lifts: npt.NDArray[np.float64],
    ) -> npt.NDArray[np.float32]:
        height, width = opacity.shape
        table = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        fall = np.asarray(self.lamp.fall, np.float32)
        cast = (quad + fall * lifts[:, None]).astype(np.float32)
        warp = cv2.getPerspectiveTransform(table, cast)
        shadow = cv2.warpPerspective(opacity, warp, size, flags=cv2.INTER_LINEAR)
        shadow = cv2.GaussianBlur(shadow, (0, 0), self.lamp.soft)
        return np.asarray(
            shadow.astype(np.float32)[..., None] * np.float32(self.lamp.depth / 255)
        )

    def fasten(self, quad: Points, unit: float, means: str, rng: Dice) -> None:
        """Put pins, magnets or tape on a card."""
        middle = quad.mean(0)
        top = (quad[0] + quad[1]) / 2
        if means in ("pin", "magnet"):
            at = [top + (middle - top) * between(rng, 0.06, 0.3)]
            if chance(rng, 0.25):
                at = [
                    c + (middle - c) * between(rng, 0.08, 0.2)
                    for c in quad[: pick(rng, (2, 4))]
                ]
            radius = unit * (
                between(rng, 0.02, 0.05) if means == "pin" else between(rng, 0.05, 0.1)
            )
            colour = hsv(
                between(rng, 0, 360), pick(rng, (0, 0.8, 0.9)), between(rng, 0.15, 1)
            )
            for point in at:
                self._knob(
                    point + rng.normal(0, 0.02, 2) * unit, max(1.6, radius), colour
                )
            return
        colour = hsv(between(rng, 20, 60), between(rng, 0, 0.4), between(rng, 0.55, 1))
        strength = between(rng, 0.15, 0.9)
        if chance(rng, 0.25):
            colour, strength = (
                hsv(between(rng, 0, 360), between(rng, 0.3, 0.9), between(rng, 0.4, 1)),
                0.95,
            )
        corners = (top,) if chance(rng, 0.5) else tuple(quad[: pick(rng, (2, 4))])
        long, wide = unit * between(rng, 0.15, 0.45), unit * between(rng, 0.07, 0.16)
        for corner in corners:
            turn = pick(rng, (0.0, 45.0, 90.0, 135.0)) + float(rng.normal(0, 12))
            box = cv2.boxPoints(
                ((float(corner[0]), float(corner[1])), (long, wide), turn)
            )
            fill_shape(self.pixels, box, colour, strength)

    def _knob(
        self,
        at: npt.NDArray[np.float64],
        radius: float,
        colour: tuple[float, float, float],
    ) -> None:
        reach = int(radius * 3) + 4
        left, top = int(at[0]) - reach, int(at[1]) - reach
        part = cut(self.pixels.shape, left, top, 2 * reach, 2 * reach)
        if part is None:
            return
        place = self.pixels[part]
        centre = (int(at[0]) - part[1].start, int(at[1]) - part[0].start)
        shadow = np.zeros(place.shape[:2], np.uint8)
        fall = np.sign(self.lamp.fall) * radius * 0.8
        cv2.circle(
            shadow,
            (int(centre[0] + fall[0]), int(centre[1] + fall[1])),
            int(radius + 1),
            (255,),
            -1,
            cv2.LINE_AA,
        )
        blend(
            place,
            np.asarray(
                cv2.GaussianBlur(shadow, (0, 0), max(0.8, radius / 3)), np.uint8
            ),
            (0, 0, 0),
            0.45,
        )
        cv2.circle(place, centre, max(1, round(radius)), colour, -1, cv2.LINE_AA)
        if radius > 2.5:
            glint = (int(centre[0] - radius / 3), int(centre[1] - radius / 3))
            cv2.circle(
                place,
                glint,
                max(1, round(radius / 4)),
                (250, 250, 250),
                -1,
                cv2.LINE_AA,
            )


def placed_quad(
    centre: tuple[float, float],
    width: float,
    height: float,
    turn_deg: float,
    rng: Dice,
) -> Points:
    """Return the corners of a turned, slightly crooked card."""
    half = np.array([width, height]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    corners = corners + rng.normal(0, 0.008, (4, 2)) * min(width, height)
    angle = np.deg2rad(turn_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(corners @ turn + centre, np.float32)
