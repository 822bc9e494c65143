"""Pixels: arrays, photos, colours, the rectified board, crops."""
