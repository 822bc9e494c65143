import cv2
import numpy as np
import pytest

from calibration.geometry import Rect
from vision.detection.paper import with_all_paper

GROUND, YELLOW, SHADED_YELLOW, PINK = (
    *((40, 60, 40), (90, 220, 240), (50, 140, 155), (180, 120, 250)),
)
CARD = Rect(60, 60, 160, 120)


def board(*painted):
    """Return a board and where it is not ground; painted are (rect, colour)."""
    pixels = np.full((200, 240, 3), GROUND, np.uint8)
    for rect, colour in ((CARD, YELLOW), *painted):
        corners = (
            (round(rect.left), round(rect.top)),
            (
                round(rect.right) - 1,
                round(rect.bottom) - 1,
            ),
        )
        cv2.rectangle(pixels, *corners, colour, cv2.FILLED)
    return np.asarray((pixels != GROUND).any(axis=2)), pixels


@pytest.mark.parametrize(
    ("painted", "expected"),
    [
        pytest.param((), CARD, id="nothing beyond"),
        pytest.param(
            [(Rect(60, 50, 160, 60), SHADED_YELLOW)],
            Rect(60, 50, 160, 120),
            id="a curled top in its own shade",
        ),
        pytest.param(
            [(Rect(160, 70, 170, 120), YELLOW)], Rect(60, 60, 170, 120), id="a slant"
        ),
        pytest.param([(Rect(60, 50, 160, 60), PINK)], CARD, id="another card's colour"),
        pytest.param([(Rect(80, 50, 84, 60), YELLOW)], CARD, id="a thread"),
        pytest.param([(Rect(60, 30, 160, 60), YELLOW)], CARD, id="it goes on and on"),
        pytest.param(
            [(Rect(60, 124, 160, 134), YELLOW)], CARD, id="a gap of ground between"
        ),
    ],
)
def test_paper_reaches_as_far_as_it_is_seen(painted, expected):
    foreground, pixels = board(*painted)

    (whole,) = with_all_paper([CARD.to_quad()], foreground, pixels)

    np.testing.assert_allclose(
        whole.to_array(), expected.to_quad().to_array(), atol=CARD.width / 64
    )


def test_paper_of_a_known_neighbour_is_not_taken():
    neighbour = Rect(160, 60, 175, 120)
    foreground, pixels = board((neighbour, YELLOW))

    wholes = with_all_paper([CARD.to_quad(), neighbour.to_quad()], foreground, pixels)

    for whole, outline in zip(wholes, (CARD, neighbour), strict=True):
        np.testing.assert_allclose(
            whole.to_array(), outline.to_quad().to_array(), atol=CARD.width / 64
        )


def test_card_at_the_edge_of_the_picture_stays_as_it_is():
    edge = Rect(180, 150, 260, 220)
    foreground, pixels = board((edge, YELLOW))

    (whole,) = with_all_paper([edge.to_quad()], foreground, pixels)

    np.testing.assert_allclose(whole.to_array(), edge.to_quad().to_array())
