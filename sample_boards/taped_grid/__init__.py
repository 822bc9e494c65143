"""A grid of masking tape on brown paper, sticky notes, corner tags."""
