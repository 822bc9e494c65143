"""What monitors count, in Prometheus's format. No name and no title is in it."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from calibration.errors import BoardcastError
from server.health import FAULT_KINDS, faults, free_bytes
from server.pulse import Pulse
from server.site import Site
from server.store.photos import (
    count_by_state,
    newest_by_board,
    oldest_waiting,
)
from server.store.releases import latest_number
from server.store.values import PhotoState

SHOWN_AS: dict[PhotoState, str] = {
    "received": "waiting",
    "straightened": "waiting",
    "read": "read",
    "settled": "read",
    "refused": "refused",
    "failed": "failed",
}
"""What a monitor calls a photo's state."""

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""From an answer out of memory to an upload over a venue's network."""

REQUESTS = CollectorRegistry()
"""What this process counts while it answers."""

REQUEST_SECONDS = Histogram(
    "boardcast_request_seconds",
    "Time from a request's first byte to its answer's last.",
    ["kind"],
    buckets=BUCKETS_S,
    registry=REQUESTS,
)
"""Observed where requests come in; the kind is one of few words, never a path."""


@dataclass(frozen=True, slots=True, eq=False)
class SiteCollector(Collector):
    """Asks a site for what it stores, each time that a monitor asks.

    Parameters
    ----------
    site : Site
    pulse : Pulse or None
    """

    site: Site
    pulse: Pulse | None

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Yield all that is asked of the site; what cannot be asked is left out."""
        yield self._faults()
        yield GaugeMetricFamily(
            "boardcast_profile_version",
            "Version of the event that is served.",
            self.site.profile_version,
        )
        yield from self._disk()
        yield from self._restarts()
        with (
            contextlib.suppress(BoardcastError),  # told among the faults
            self.site.database.read() as session,
        ):
            yield from self._stored(session)

    def _faults(self) -> GaugeMetricFamily:
        found = {fault.kind for fault in faults(self.site, self.pulse)}
        family = GaugeMetricFamily(
            "boardcast_fault",
            "1 for what is wrong, as /health/ready says.",
            None,
            ["kind"],
        )
        for kind in FAULT_KINDS:
            family.add_metric([kind], kind in found)
        return family

    def _disk(self) -> Iterator[GaugeMetricFamily]:
        with contextlib.suppress(OSError):  # told among the faults
            yield GaugeMetricFamily(
                "boardcast_disk_free_bytes",
                "Left on the disk with the data folder.",
                free_bytes(self.site.settings.data_dir),
            )

    def _restarts(self) -> Iterator[CounterMetricFamily]:
        if self.pulse is None:
            return
        family = CounterMetricFamily(
            "boardcast_process_restarts",
            "Times that a process was started again.",
            None,
            ["process"],
        )
        for name in self.pulse.names:
            family.add_metric([name], self.pulse.restarts(name))
        yield family

    def _stored(self, session: Session) -> Iterator[GaugeMetricFamily]:
        now = self.site.clock()
        photos = GaugeMetricFamily(
            "boardcast_photos", "Photos by how far they are.", None, ["state"]
        )
        counts = dict.fromkeys(SHOWN_AS.values(), 0)
        for state, count in count_by_state(session).items():
            counts[SHOWN_AS[state]] += count
        for word, count in counts.items():
            photos.add_metric([word], count)
        yield photos
        oldest = oldest_waiting(session)
        yield GaugeMetricFamily(
            "boardcast_oldest_waiting_photo_seconds",
            "Age of the photo that waits longest to be read; 0 if none does.",
            _age_s(oldest, now) if oldest else 0,
        )
        yield from self._boards(session, now)

    def _boards(
        self, session: Session, now: dt.datetime
    ) -> Iterator[GaugeMetricFamily]:
        ages = GaugeMetricFamily(
            "boardcast_newest_photo_seconds",
            "Age of a board's newest photo.",
            None,
            ["board"],
        )
        numbers = GaugeMetricFamily(
            "boardcast_release", "Number of a board's newest release.", None, ["board"]
        )
        newest = newest_by_board(session)
        for board in self.site.profile.boards:
            if board.slug in newest:
                ages.add_metric([board.slug], _age_s(newest[board.slug], now))
            numbers.add_metric([board.slug], latest_number(session, board.slug))
        yield from (ages, numbers)


def exposition(site: Site, pulse: Pulse | None) -> bytes:
    """Return everything that monitors count, in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(SiteCollector(site, pulse))
    return generate_latest(REQUESTS) + generate_latest(registry)


def _age_s(moment: dt.datetime, now: dt.datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
