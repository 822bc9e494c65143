"""Selecting among references: the surest match, no more work than it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from calibration.lens import Projection
from vision.errors import AmbiguousBoardError, BoardNotFoundError
from vision.image.photo import Photo
from vision.registration.features import Features, features_of
from vision.registration.frame import Registration, is_plausible, registration_from_area
from vision.registration.reference import Reference, match_reference
from vision.registration.verification import (
    MIN_CLOSE,
    MIN_ELSEWHERE,
    Evidence,
    evidence_of,
    without_agreeing,
)

FEATURE_SIDES_PX = (640, 1200)
"""Long sides at which a photo's features are taken: the second if the first is not
sure."""

CLEAR_LEAD = 1.5
"""How many times the support of the next best board the best one must have."""

MAX_MOVED_CARDS = 3
"""How many moved cards are set aside, one after the other."""


DARK_LEVEL = 40
"""Mean grey level below which a photo counts as taken in the dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A photo placed by a reference: the cell area's unit square from it, verified or not."""

    reference: Reference
    unit: Projection
    evidence: Evidence


def register_by_references(
    photo: Photo, references: Sequence[Reference]
) -> Registration:
    """Place a photo by the references it matches best, each board's likeliest first.

    Where boards of several days fit, they are one wall, and the day of the first is
    taken. BoardNotFoundError if no board can be placed with certainty,
    AmbiguousBoardError if several of one day fit about equally well.
    """
    own = [entry for entry in references if entry.sha256 == photo.sha256]
    if own:
        # Of a board's entries the first counts, and the boards keep their order.
        first = {entry.board.slug: entry for entry in reversed(own)}
        slugs = dict.fromkeys(entry.board.slug for entry in own)
        tried: Mapping[str, Tries] = {slug: [_as_itself(first[slug])] for slug in slugs}
    else:
        tried = _tried(photo, references)
    found = [best for tries in tried.values() if (best := _best(tries)) is not None]
    if not found:
        titles = {entry.board.slug: entry.board.title for entry in references}
        raise _not_found(photo, tried, titles)
    return _registration(_leader(found))


Tries = Sequence[Placed | None]
"""What the references of one board gave; None where nothing matches."""


def _tried(
    photo: Photo, references: Sequence[Reference]
) -> dict[str, list[Placed | None]]:
    """Return what each board's references give, from the finest features needed."""
    tried: dict[str, list[Placed | None]] = {}
    for side_px in FEATURE_SIDES_PX:
        features = features_of(photo.pixels, side_px)
        tried = {}
        for reference in references:
            tries = tried.setdefault(reference.board.slug, [])
            if not any(placed and placed.evidence.sure for placed in tries):
                tries.append(_placed(photo, features, reference))
        found = [best for tries in tried.values() if (best := _best(tries))]
        if len(found) == 1 and found[0].evidence.sure:
            break
    return tried


def _placed(photo: Photo, features: Features, reference: Reference) -> Placed | None:
    """Place a photo by one reference, setting aside cards that were moved."""
    placed = None
    for _ in range(MAX_MOVED_CARDS + 1):
        match = match_reference(photo.size_wh, features, reference)
        if match is None:
            break
        evidence = evidence_of(match, features, reference)
        placed = Placed(reference, match.unit, evidence)
        if not evidence.single_card:
            break
        features = without_agreeing(match, features, reference)
    return placed


def _as_itself(reference: Reference) -> Placed:
    unit = Projection(reference.area_from_straight(reference.lens), reference.lens)
    evidence = Evidence(
        MIN_CLOSE, 1.0, MIN_ELSEWHERE, spread=0.0, plausible=is_plausible(unit)
    )
    return Placed(reference, unit, evidence)


def _best(tries: Tries) -> Placed | None:
    trusted = [placed for placed in tries if placed and not placed.evidence.doubt]
    return max(trusted, key=lambda placed: placed.evidence.close, default=None)


def _leader(found: Sequence[Placed]) -> Placed:
    """Return the best of the first one's day."""
    day = found[0].reference.board.date
    todays = [placed for placed in found if placed.reference.board.date == day]
    ranked = sorted(todays, key=lambda placed: -placed.evidence.close)
    if (
        len(ranked) > 1
        and ranked[0].evidence.close < CLEAR_LEAD * ranked[1].evidence.close
    ):
        names = " and ".join(placed.reference.board.title for placed in ranked[:2])
        raise AmbiguousBoardError(
            f"The photo fits boards {names} about equally well.",
            hint="Say which board it shows.",
        )
    return ranked[0]


def _registration(placed: Placed) -> Registration:
    reference = placed.reference
    registration = registration_from_area(
        reference.board,
        "reference",
        placed.unit,
        aspect=reference.aspect,
        residual_px=placed.evidence.residual_px,
    )
    return replace(registration, steps=reference.steps, checked=reference.checked)


def _not_found(
    photo: Photo, tried: Mapping[str, Tries], titles: Mapping[str, str]
) -> BoardNotFoundError:
    if float(photo.pixels[::8, ::8].mean()) < DARK_LEVEL:
        hint = "The photo is very dark: switch on the light and take it again."
    else:
        hint = (
            "Take it again from further away, with the whole board and its headings "
            "in the picture, and check that it is this board."
        )
    if len(tried) > 1:
        return BoardNotFoundError(
            "None of the event's boards was found in the photo with certainty.",
            hint=hint,
        )
    ((slug, tries),) = tried.items()
    matched = [placed.evidence for placed in tries if placed]
    best = max(matched, key=lambda evidence: evidence.close, default=None)
    doubt = best.doubt if best else "too little of it matches"
    return BoardNotFoundError(
        f"Board {titles[slug]} was not found with certainty: {doubt}.",
        hint=hint,
        board=slug,
    )
