"""Measured beside the alternatives, on the machine that they run on.

Needs a checkout; no part of a server.
"""
