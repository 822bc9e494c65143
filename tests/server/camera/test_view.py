from dataclasses import replace

import cv2
import numpy as np
import pytest

from sample_boards.light import Light, Sensor, lit, sensed
from sample_boards.people import Person, stand_in_front
from server.camera.decision import LARGE
from server.camera.view import any_difference, difference, is_blurred, is_dark, view_of

WH = (960, 720)
SOMEBODY = Person(0.4, 0.5, 0.18, seed=3)


def photographed(picture, seed=1, *, people=(), light=Light(), sensor=Sensor()):  # noqa: B008
    """What a camera makes of a picture."""
    seen = lit(stand_in_front(picture, people)[0], light)
    return sensed(seen, sensor, np.random.default_rng(seed))


def shown(picture, seed=1, **conditions):
    """The view of what a camera makes of a picture."""
    return view_of(photographed(picture, seed, **conditions))


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"light": Light(exposure=1.25, gradient=(-0.3, 0.1))},
        {"light": Light(exposure=0.5, warmth=0.08)},
        {"sensor": Sensor(noise=5)},
        {"sensor": Sensor(defocus_px=3)},
    ],
    ids=["noise", "lamp", "dusk", "grain", "soft"],
)
def test_light_and_noise_are_no_difference(picture, conditions):
    other = photographed(picture, 2, **conditions)

    assert difference(shown(picture), view_of(other)) == 0
    assert not is_dark(other)
    assert not is_blurred(other)


def test_camera_in_the_wind_is_no_difference(picture):
    # A pixel of a picture 1920 wide.
    shift = np.float32([[1, 0, 0.5], [0, 1, 0.5]])
    moved = cv2.warpAffine(picture, shift, WH, borderMode=cv2.BORDER_REPLICATE)

    assert difference(shown(picture), shown(moved, 2)) == 0


def test_card_that_changed_is_a_small_difference(picture, later, changes):
    changed = picture.copy()
    changed[changes[0]] = later[changes[0]]
    size = difference(shown(picture), shown(changed, 2))

    assert 0 < size < LARGE


def test_word_on_the_board_is_a_difference(picture):
    written = picture.copy()
    font, grey = cv2.FONT_HERSHEY_SIMPLEX, (60, 50, 50)
    cv2.putText(written, "Tea party", (300, 300), font, 0.5, grey, 1, cv2.LINE_AA)

    assert 0 < difference(shown(picture), shown(written, 2)) < LARGE


def test_somebody_in_front_is_a_large_difference(picture):
    assert difference(shown(picture), shown(picture, people=(SOMEBODY,))) >= LARGE


def test_somebody_who_shifts_by_a_centimetre_moves(picture):
    shifted = replace(SOMEBODY, x=SOMEBODY.x + 6 / WH[0])
    views = [shown(picture, people=(who,)) for who in (SOMEBODY, SOMEBODY, shifted)]

    assert not any_difference(views[:2])
    assert any_difference(views)


def test_lens_out_of_focus_and_darkness_are_known(picture):
    assert is_blurred(photographed(picture, sensor=Sensor(defocus_px=12)))
    assert is_dark(photographed(picture, light=Light(exposure=0.04)))


def test_pictures_of_other_sizes_differ(picture):
    assert difference(view_of(picture), view_of(picture[:600])) == 1
