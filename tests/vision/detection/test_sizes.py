import pytest

from calibration.geometry import Rect
from vision.detection.sizes import Size, typical_size


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([100, 100], None, id="too few to know"),
        pytest.param([100] * 4, Size(100, 60), id="too few to be alike"),
        pytest.param([100] * 5, Size(100, 60, alike=True), id="alike"),
        pytest.param([100] * 9 + [200], Size(100, 60, alike=True), id="but one"),
        pytest.param([70, 100, 100, 160, 200, 240], Size(200, 60), id="all sizes"),
    ],
)
def test_usual_size_is_that_of_most_of_the_paper(widths, expected):
    quads = [Rect(0, 0, width, 60).to_quad() for width in widths]

    assert typical_size(quads) == expected
