"""A day in the look of PyCon US: dark green print, index cards on push-pins."""
