"""Photos that appear in a folder: which are done, which were sent."""
