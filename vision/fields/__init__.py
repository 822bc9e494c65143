"""What the lines of a card mean."""
