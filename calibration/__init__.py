"""What is true of a board before any photo: its plane, its layout, its profile."""
