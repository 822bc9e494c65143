import pytest

from calibration.geometry import Rect
from vision.cards import Line
from vision.recognition.fusion import without_stray_ideographs

PLACE = Rect(0, 0, 10, 5).to_quad()


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        pytest.param(["Opening 回"], ["Opening"], id="a drawing beside a title"),
        pytest.param(["回 Sprint"], ["Sprint"], id="one letter of seven"),
        pytest.param(["Demo 茶"], ["Demo 茶"], id="one letter of five"),
        pytest.param(["PyCon Taiwan", "小明"], ["PyCon Taiwan", "小明"], id="a name"),
        pytest.param(["业", "Live podcast"], ["Live podcast"], id="a drawing alone"),
        pytest.param(["λ calculus in C++"], ["λ calculus in C++"], id="Greek is text"),
        pytest.param(["Python 初心者"], ["Python 初心者"], id="two scripts"),
        pytest.param(["2026-05-01", "12"], ["2026-05-01", "12"], id="no letters"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_ideographs_are_dropped_where_they_are_strangers(texts, kept):
    lines = [Line(text, 0.9, PLACE) for text in texts]

    assert [line.text for line in without_stray_ideographs(lines)] == kept
