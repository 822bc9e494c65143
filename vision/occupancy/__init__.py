"""Which cells are taken, free, covered or not in the photo."""
