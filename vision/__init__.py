"""Functions of pixels: from a photo to a reading of the board."""
