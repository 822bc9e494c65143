"""One card of a photo: which of its readings holds, and when it is none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest

from calibration.geometry import Quad, Rect
from vision.card_reading import as_read, read_cards, reading_of, votes_on
from vision.cards import Line, Reading
from vision.detection import find_cards
from vision.image.arrays import Image
from vision.image.photo import Photo
from vision.recognition.engine import NullEngine
from vision.trace import NO_CALLBACKS
from vision.tracking import track_cards


@dataclass(frozen=True)
class ToldEngine:
    """Reads what it is told to."""

    reading: Reading
    name: str = "told 1"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        return tuple(self.reading for _ in crops)


def told(text: str, confidence: float) -> ToldEngine:
    return ToldEngine(
        Reading((Line(text, confidence, Rect(20, 20, 29, 29).to_quad()),))
    )


@pytest.fixture(scope="module")
def sighting(printed_scene):
    """The first card of the scene, as if nobody had seen it before."""
    survey = find_cards(printed_scene.straight)
    registration = printed_scene.straight.registration
    return track_cards(printed_scene.photo, registration, survey.cards[:1], ())[0]


def test_ink_in_which_nobody_sees_a_word_is_no_card(printed_scene, sighting):
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    ink = replace(sighting, detected=replace(sighting.detected, kind="ink"))
    mute, empty = ToldEngine(Reading()), "told 1"
    assert reading_of(photo, registration, ink, mute) is None
    # A blank card is a card, and an engine that never reads proves nothing.
    blank = reading_of(photo, registration, sighting, mute)
    assert blank is not None
    assert (blank.text, blank.engine) == ("", empty)
    assert reading_of(photo, registration, ink, NullEngine()) is not None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (("sharper", 0.75), ("Type checking", 0.75)),
        (("sharper", 0.25), ("Typo cheking", 0.5)),
        (("edited", 0.25), ("Type checking", 0.25)),
        (("same", 0.75), ("Typo cheking", 0.5)),
    ],
)
def test_the_surer_of_two_photos_readings_wins_unless_somebody_wrote(
    printed_scene, sighting, as_known, shown, expected
):
    change, confidence = shown
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    card = reading_of(photo, registration, sighting, told("Typo cheking", 0.5))
    assert card is not None
    (known,) = as_known([as_read(sighting, card)])
    again = replace(sighting, known=known, change=change)
    read = reading_of(photo, registration, again, told("Type checking", confidence))
    assert read is not None
    assert (read.text, read.confidence) == expected


def test_who_lies_on_a_known_card_is_told_in_this_photo(
    printed_scene, sighting, as_known
):
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    first = reading_of(photo, registration, sighting, told("Typo", 0.5))
    assert first is not None
    (known,) = as_known([as_read(sighting, first)])
    upper = sighting.detected.quad_board
    lower = replace(sighting.detected, covered_by=(upper,))
    again = replace(sighting, detected=lower, known=known, change="same")

    read = reading_of(photo, registration, again, NullEngine())

    assert (first.covered_by, read.covered_by) == ((), (first.quad_photo,))


@dataclass(frozen=True)
class LookingEngine:
    """Reads nothing, and keeps what it is shown."""

    shown: list[Image] = field(default_factory=list)
    name: str = "looking 1"

    def read(self, crops: Sequence[Image]) -> tuple[Reading, ...]:
        self.shown.extend(crops)
        return tuple(Reading() for _ in crops)


def test_card_is_read_without_another_of_the_board_that_lies_on_it(
    printed_scene, sighting
):
    registration = printed_scene.straight.registration
    lower = registration.projection.quad_photo(sighting.detected.quad_board)
    width, height = lower.size_wh
    shift = np.array([0.4 * width, 0.4 * height])
    upper = Quad.from_array(lower.to_array() + shift)
    pixels = printed_scene.photo.pixels.copy()
    corners = np.rint(upper.to_array()).astype(np.int32)
    cv2.fillConvexPoly(pixels, corners, sighting.detected.colour_bgr)
    cv2.polylines(pixels, [corners], isClosed=True, color=(250, 250, 250), thickness=2)
    marked = corners[0] + [20, 20]
    cv2.circle(pixels, marked.tolist(), 4, (0, 0, 255), cv2.FILLED)
    place = registration.projection.quad_board(upper)
    other = replace(sighting, detected=replace(sighting.detected, quad_board=place))
    below = replace(sighting, detected=replace(sighting.detected, covered_by=(place,)))
    alone, both = LookingEngine(), LookingEngine()

    for engine, sightings in ((alone, [sighting]), (both, [below, other])):
        read_cards(
            Photo(pixels, "0" * 64),
            registration,
            sightings,
            engine,
            NO_CALLBACKS,
        )

    assert _marks(alone.shown[0]) > 0
    assert _marks(both.shown[0]) == 0
    assert _marks(both.shown[1]) > 0


def _marks(crop: Image) -> int:
    """Count the red pixels."""
    blue, green, red = crop.astype(int).transpose(2, 0, 1)
    return int((red - np.maximum(blue, green) > 150).sum())


def bare(card):
    """The same card with nothing on it."""
    return replace(card, crop=np.full_like(card.crop, 200))


@pytest.mark.parametrize(
    ("text", "confidence", "blank"),
    [
        pytest.param("", 0.0, True, id="nothing"),
        pytest.param("V", 0.9, False, id="a letter, surely"),
        pytest.param("\N{DOWNWARDS ARROW}", 0.1, True, id="an arrow"),
        pytest.param("7", 0.1, True, id="a mark, misread"),
        pytest.param("Go", 0.1, False, id="a word, unsure"),
    ],
)
def test_bare_card_is_blank_unless_words_are_read(
    printed_scene, sighting, text, confidence, blank
):
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    engine = told(text, confidence) if text else ToldEngine(Reading())

    card = reading_of(photo, registration, bare(sighting), engine)

    assert card is not None
    assert (card.blank, card.fields.notice) == (blank, "continued" if blank else "")


@pytest.mark.parametrize("name", ["written on", "partly hidden"])
def test_card_is_not_blank_because_nobody_can_read_it(printed_scene, sighting, name):
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    card = {
        "written on": sighting,
        "partly hidden": replace(bare(sighting), sharpness=None),
    }[name]

    unread = reading_of(photo, registration, card, ToldEngine(Reading()))

    assert unread is not None
    assert (unread.blank, unread.fields.notice) == (False, "")


@pytest.mark.parametrize(("unread", "blank"), [(0, True), (1, False)])
def test_no_card_is_blank_where_most_others_cannot_be_read(
    printed_scene, sighting, unread, blank
):
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    cards = [bare(sighting), *[sighting] * unread]

    seen = read_cards(photo, registration, cards, ToldEngine(Reading()), NO_CALLBACKS)

    assert [card.reading.blank for card in seen] == [blank, *[False] * unread]


def test_votes_are_counted_where_the_board_asks_on_cards_that_are_whole_in_view(
    printed_scene, sighting, as_known
):
    """What is in front hides dots, and a fingertip is one until it is gone."""
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    crop = np.full_like(sighting.crop, 230)
    height, width = crop.shape[:2]
    for share in (0.3, 0.7):
        centre = round(share * width), round(0.8 * height)
        cv2.circle(crop, centre, round(0.09 * height), (40, 140, 20), cv2.FILLED)
    voted = replace(sighting, crop=crop)
    read = reading_of(photo, registration, voted, NullEngine())
    assert read is not None
    (known,) = as_known([as_read(voted, replace(read, votes=3))])

    again = replace(voted, known=known, change="same")
    upper = (sighting.detected.quad_board,)
    below = replace(sighting.detected, covered_by=upper)
    uncounted = replace(known, reading=replace(known.reading, votes=None))

    assert (votes_on(voted, ""), votes_on(voted, "dots")) == (None, 2)
    assert [
        votes_on(card, "dots")
        for card in (
            again,
            replace(again, change="edited"),
            replace(again, whole=False),
            replace(again, detected=below),
            replace(again, whole=False, known=uncounted),
        )
    ] == [2, 2, 3, 3, 2]


def test_row_of_dots_is_no_line_of_a_card_that_has_votes(printed_scene, sighting):
    photo, registration = printed_scene.photo, printed_scene.straight.registration
    board = replace(registration.board, votes="dots")
    asked = replace(registration, board=board)
    engine = told("0 OoQ", 0.5)
    voted = replace(sighting, crop=np.full_like(sighting.crop, 230))
    height = len(voted.crop)
    cv2.circle(voted.crop, (height, height // 2), height // 10, (0, 0, 200), cv2.FILLED)

    read = [
        reading_of(photo, where, card, engine)
        for where, card in (
            (registration, voted),
            (asked, voted),
            (asked, replace(voted, crop=np.full_like(voted.crop, 230))),
        )
    ]

    assert [(one.votes, one.text) for one in read if one] == [
        (None, "0 OoQ"),
        (1, ""),
        (0, "0 OoQ"),
    ]
