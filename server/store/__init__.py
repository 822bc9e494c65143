"""What is kept: the database and the blobs. Frozen values out, never rows."""
