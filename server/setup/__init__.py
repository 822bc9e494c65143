"""Setting up a board: what a photo proposes, what a person says, and event.toml."""
