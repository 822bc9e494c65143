import numpy as np
import pytest

from vision.image.hue import of_hue

YELLOW = np.array([4, 60], np.float32)


@pytest.mark.parametrize(
    ("tinge", "expected"),
    [
        pytest.param((4, 60), True, id="the same"),
        pytest.param((3, 40), True, id="in the shade"),
        pytest.param((5, 70), True, id="in full light"),
        pytest.param((4, 74), True, id="noise"),
        pytest.param((40, 60), False, id="orange"),
        pytest.param((-30, 30), False, id="green"),
        pytest.param((0, 0), False, id="neutral"),
        pytest.param((-4, -60), False, id="the opposite"),
    ],
)
def test_of_hue_takes_a_paper_in_whatever_light(tinge, expected):
    asked = np.array([tinge, YELLOW], np.float32)

    assert of_hue(asked, YELLOW).tolist() == [expected, True]


def test_of_hue_of_neutral_paper_is_what_is_neutral():
    asked = np.array([[[0, 0], [10, 10]], [[11, 11], [0, -20]]], np.float32)

    alike = of_hue(asked, np.zeros(2, np.float32))

    assert alike.tolist() == [[True, True], [False, False]]
