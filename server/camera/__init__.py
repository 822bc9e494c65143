"""A camera that looks at the board: what it shows, and which pictures are worth it."""
