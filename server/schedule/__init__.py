"""What is published, as a pure function of cards, corrections and layout."""
