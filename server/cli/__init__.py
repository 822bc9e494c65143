"""``boardcast``: one program, a module for each command."""

from server.cli.program import main

__all__ = ["main"]
