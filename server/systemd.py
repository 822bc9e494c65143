"""What systemd is told about the service: sd_notify(3), without a library."""

import contextlib
import os
import socket
from collections.abc import Mapping

SOCKET = "NOTIFY_SOCKET"
"""Variable that names the socket; absent where systemd does not listen."""


def notify(*lines: str, environ: Mapping[str, str] = os.environ) -> None:
    """Tell systemd something; nothing happens where it does not listen.

    Parameters
    ----------
    *lines : str
        For example ``READY=1``.
    environ : mapping of str to str
        The service's.
    """
    address = environ.get(SOCKET, "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract one
    # A service whose manager is gone goes on.
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel,
    ):
        channel.sendto("\n".join(lines).encode(), address)


def status(text: str) -> str:
    """Return the line that makes ``systemctl status`` show a text."""
    return f"STATUS={' '.join(text.split())}"
