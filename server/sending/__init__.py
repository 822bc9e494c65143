"""Getting photos to a running server: its address, what it answers, patience."""
