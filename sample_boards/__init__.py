"""Rendered boards with exact truth, and one folder per sample event."""
