"""What people changed: one module for each kind of change."""
