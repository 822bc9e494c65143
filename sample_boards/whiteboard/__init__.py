"""A whiteboard whose sessions are written straight into the cells."""
