"""Drawn boards with known cards: all that the card detector is trained on."""

from training.scenes.files import load_scene, save_scene
from training.scenes.scene import Scene, draw_scene

__all__ = ["Scene", "draw_scene", "load_scene", "save_scene"]
