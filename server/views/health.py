"""What monitors ask: is it alive, is it ready, how much of what."""

import threading
from collections.abc import Callable
from functools import partial

from cachetools import TTLCache, cached
from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from server.health import Fault, faults
from server.metrics import exposition
from server.pulse import Pulse
from server.site import Site, site

ASKED_EVERY_S = 1
"""How long an answer is kept: these addresses are public, and each answer reads
the database and writes to the disk."""


def health_blueprint(pulse: Pulse | None) -> Blueprint:
    """Return ``/health/live``, ``/health/ready`` and ``/metrics``.

    Parameters
    ----------
    pulse : Pulse or None
        The processes' signs of life; None where nobody supervises.
    """
    keep = partial(cached, key=lambda _site: None, condition=threading.Condition())
    wrong = keep(TTLCache(1, ASKED_EVERY_S))(lambda here: faults(here, pulse))
    counted = keep(TTLCache(1, ASKED_EVERY_S))(lambda here: exposition(here, pulse))
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/health/live", "live", live)
    blueprint.add_url_rule("/health/ready", "ready", partial(ready, wrong))
    blueprint.add_url_rule("/metrics", "metrics", partial(metrics, counted))
    return blueprint


def live() -> ResponseReturnValue:
    """Say that this process answers; nothing else is looked at."""
    return _uncached(jsonify(live=True))


def ready(wrong: Callable[[Site], tuple[Fault, ...]]) -> ResponseReturnValue:
    """Say whether the site does all that it is there for, and what is wrong: 503."""
    found = wrong(site())
    response = jsonify(ready=not found, faults=[_json(fault) for fault in found])
    response.status_code = 503 if found else 200
    return _uncached(response)


def metrics(counted: Callable[[Site], bytes]) -> ResponseReturnValue:
    """Give what monitors count, in Prometheus's text format."""
    return _uncached(Response(counted(site()), content_type=CONTENT_TYPE_LATEST))


def _json(fault: Fault) -> dict[str, str]:
    return {"kind": fault.kind, "message": fault.message}


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
