"""Hosts put their sessions on a board without a wall: no account, a link each."""
