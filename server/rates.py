"""How often an address may ask for what costs, or for what it may not have."""

import ipaddress
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.errors import TooManyRequestsError

WRONG_TOKENS = parse("20 per minute")
"""Who copied a link badly tries a few times; a good one always opens."""

UPLOADS = parse("120 per minute")
"""Everybody behind a venue's address together: two photos a second."""

FRAMES = parse("45 per minute")
"""Pictures of one person's live camera: the page sends one in two seconds."""

HOSTED = parse("30 per 10 minutes")
"""What hosts of sessions online send from one address: a host sends one or two, and a
class or an office shares an address."""
IDEAS = parse("10 per minute")
"""Ideas that people type: more than a hall has at once, few enough to look through."""

BALLOTS = parse("120 per minute")
"""Votes, and "I'd come", of everybody behind a venue's address together: a hall of a
thousand takes eight minutes, and so does a script."""

REMOVALS = parse("10 per minute")
"""People who want to be removed from the page of people."""

IPV6_PREFIX = 64
"""Bits of an address that one household has for itself: one sender."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts by address, in this process."""

    limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def count(self, limit: RateLimitItem, address: str) -> None:
        """Count one more of a kind.

        Raises
        ------
        TooManyRequestsError
            If these are more than the limit.
        """
        sender = _sender(address)
        if not self.limiter.hit(limit, sender):
            free_at, _ = self.limiter.get_window_stats(limit, sender)
            raise TooManyRequestsError(max(1, round(free_at - time.time())))


def _sender(address: str) -> str:
    """Return what addresses of one sender have in common."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a test's, or a socket's path
        return address
    if parsed.version == 6:  # noqa: PLR2004  (IPv6)
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return address
