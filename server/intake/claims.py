"""Who works on photos, and what they may write."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from server.errors import ClaimLostError
from server.intake.vision import Vision
from server.site import Site
from server.store.leases import end_claims, holds
from server.store.values import PhotoRecord


@dataclass(frozen=True, slots=True, eq=False)
class Worker:
    """Somebody who works on photos.

    Parameters
    ----------
    site : Site
    vision : Vision
    owner : str
        Under which name photos are claimed; different for every process.
    """

    site: Site
    vision: Vision
    owner: str


def check_claim(session: Session, record: PhotoRecord, worker: Worker) -> None:
    """Check that a photo is still this worker's to write about.

    Raises
    ------
    ClaimLostError
        If another worker has taken it over.
    """
    if not holds(session, record.id, worker.owner):
        raise ClaimLostError


def give_up(worker: Worker, end: Literal["crash", "stop"]) -> None:
    """Give back what a worker has claimed, and say how its work ended."""
    with worker.site.database.write() as session:
        end_claims(session, worker.owner, end)
