"""Training of the networks that Boardcast ships; never imported by it."""
