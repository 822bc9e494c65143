"""The page on which staff take and send photos."""
