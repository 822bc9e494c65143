"""Following cards from photo to photo."""
