"""Scenes on disk: one .npz each, written at once or not at all."""

import os
from pathlib import Path

import cv2
import numpy as np

from training.scenes.scene import Scene

QUALITY = 94
"""JPEG quality of stored pictures."""

IGNORED = 65535
"""Stored instance of pixels without loss."""


def save_scene(scene: Scene, path: Path) -> None:
    """Write a scene; a reader sees all of it or no file."""
    _, picture = cv2.imencode(".jpg", scene.pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    _, instances = cv2.imencode(".png", scene.instances.astype(np.uint16))
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez(
            file,
            pixels=picture,
            quads=scene.quads,
            visible=scene.visible,
            written=scene.written,
            instances=instances,
        )
    part.replace(path)


def load_scene(path: Path | str) -> Scene:
    """Read a scene."""
    with np.load(path) as stored:
        pixels = cv2.imdecode(stored["pixels"], cv2.IMREAD_COLOR)
        packed = cv2.imdecode(stored["instances"], cv2.IMREAD_UNCHANGED)
        instances = np.asarray(packed, np.int32)
        instances[instances == IGNORED] = -1
        return Scene(
            np.asarray(pixels, np.uint8),
            stored["quads"],
            stored["visible"],
            stored["written"],
            instances.astype(np.int16),
        )
