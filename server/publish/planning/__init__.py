"""Planned sessions, from what people type and from sheets, onto the boards."""
