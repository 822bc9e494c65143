from dataclasses import replace

import cv2
import numpy as np
import pytest

from sample_boards.light import Light, Sensor, lit, sensed
from sample_boards.people import Person, stand_in_front
from server.camera.decision import LARGE
from server.camera.view import any_difference, difference, view_of

WH = (960, 720)
SOMEBODY = Person(0.4, 0.5, 0.18, seed=3)


def shown(picture, seed=1, *, people=(), light=Light(), sensor=Sensor()):  # noqa: B008
    """The view of a picture that a camera takes."""
    seen = lit(stand_in_front(picture, people)[0], light)
    return view_of(sensed(seen, sensor, np.random.default_rng(seed)))


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
    other = shown(picture, 2, **conditions)

    assert difference(shown(picture), other) == 0
    assert not other.dark
    assert not other.blurred


def test_camera_in_the_wind_is_no_difference(picture):
    by_a_pixel = np.float32([[1, 0, 1], [0, 1, 1]])
    moved = cv2.warpAffine(picture, by_a_pixel, WH, borderMode=cv2.BORDER_REPLICATE)

    assert difference(shown(picture), shown(moved, 2)) == 0


def test_cards_that_changed_are_a_small_difference(picture, later):
    changed = picture.copy()
    changed[250:320, 540:640] = later[250:320, 540:640]
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
    assert shown(picture, sensor=Sensor(defocus_px=12)).blurred
    assert shown(picture, light=Light(exposure=0.04)).dark


def test_pictures_of_other_sizes_differ(picture):
    assert difference(view_of(picture), view_of(picture[:600])) == 1
