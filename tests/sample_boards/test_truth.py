import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geometry import Point, Quad, Rect
from sample_boards.camera import Standpoint, photograph, project
from sample_boards.people import Person
from sample_boards.render import Conditions, random_board, random_conditions, render
from sample_boards.truth import (
    BoardTruth,
    CardTruth,
    CellTruth,
    LineTruth,
    from_json,
    load_truths,
    save_truths,
    to_json,
)

STANDPOINTS = [
    Standpoint(),
    Standpoint(yaw_deg=33, pitch_deg=8, roll_deg=-4, k1=-0.03),
    Standpoint(yaw_deg=-28, pitch_deg=-12, roll_deg=5, k1=0.01, shift=(0.02, -0.01)),
]


@pytest.mark.parametrize("standpoint", STANDPOINTS)
def test_a_dot_on_the_board_is_where_the_truth_says(standpoint):
    board = np.zeros((700, 1000, 3), np.uint8)
    places = [(80, 60), (930, 70), (510, 340), (70, 640), (905, 655)]
    for x, y in places:
        cv2.circle(board, (x, y), 9, (255, 255, 255), -1, cv2.LINE_AA)
    projection = project((1000, 700), standpoint, (1200, 900))
    photo = photograph(board, np.zeros((900, 1200, 3), np.uint8), projection)
    expected = projection.photo_from_board(places)
    for x, y in expected:
        left, top = round(x) - 20, round(y) - 20
        part = photo[top : top + 41, left : left + 41, 0].astype(float)
        rows, columns = np.mgrid[0:41, 0:41]
        found = (
            (part * columns).sum() / part.sum() + left,
            (part * rows).sum() / part.sum() + top,
        )
        assert found == pytest.approx((x, y), abs=0.25)


@pytest.mark.parametrize("standpoint", STANDPOINTS)
def test_the_board_fills_the_photo_as_asked(standpoint):
    projection = project((1000, 700), standpoint, (1200, 900))
    corners = projection.photo_from_board([[0, 0], [1000, 0], [1000, 700], [0, 700]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    assert max((high - low) / (1200, 900)) == pytest.approx(standpoint.fill, abs=1e-3)
    middle = np.array(standpoint.shift) + 0.5
    np.testing.assert_allclose((low + high) / 2 / (1200, 900), middle, atol=1e-3)


def test_tags_are_found_where_the_truth_says(small_photo):
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(dictionary, parameters)
    corners, ids, _ = detector.detectMarkers(small_photo.pixels)
    found = dict(zip(ids.ravel().tolist(), corners, strict=True))
    assert set(found) == {0, 1, 2, 3}
    for tag, quad in small_photo.truth.tag_quads_photo:
        np.testing.assert_allclose(found[tag][0], quad.to_array(), atol=1.0)


def test_ink_of_a_line_is_inside_its_quad(small_photo):
    grey = cv2.cvtColor(small_photo.pixels, cv2.COLOR_BGR2GRAY)
    for card in small_photo.truth.cards:
        inside = np.zeros_like(grey)
        cv2.fillPoly(inside, [np.rint(card.quad_photo.to_array()).astype(int)], 255)
        paper = np.median(grey[inside > 0])
        for line in card.lines:
            written = np.zeros_like(grey)
            ring = np.rint(line.quad_photo.to_array()).astype(int)
            cv2.fillPoly(written, [ring], 255)
            assert grey[written > 0].min() < paper - 20


def test_equal_arguments_make_equal_bytes():
    board = random_board(2, rooms=2, slots=2, cards=2)
    photos = [
        render(
            board, Standpoint(yaw_deg=9), random_conditions(2, people=1),
            photo_wh=(480, 360),
        )
        for _ in range(2)
    ]  # fmt: skip
    assert photos[0].jpeg() == photos[1].jpeg()
    assert to_json(photos[0].truth) == to_json(photos[1].truth)


def test_people_cover_cards_and_cells():
    board = random_board(4, rooms=2, slots=2, cards=4)
    crowd = Conditions(people=(Person(x=0.3, head_top=0.0, head_share=0.3),))
    truth = render(board, Standpoint(), crowd, photo_wh=(480, 360)).truth
    alone = render(board, Standpoint(), photo_wh=(480, 360)).truth
    assert {card.state for card in alone.cards} == {"visible"}
    assert {cell.state for cell in alone.cells} == {"taken"}
    assert "covered" in {card.state for card in truth.cards}
    assert "covered" in {cell.state for cell in truth.cells}
    assert all(card.visible <= 1 for card in truth.cards)


def test_what_is_outside_the_photo_is_unseen():
    board = random_board(4, rooms=3, slots=2, cards=6)
    closeup = Standpoint(fill=1.9, shift=(0.45, 0.0))
    truth = render(board, closeup, photo_wh=(480, 360)).truth
    assert {cell.state for cell in truth.cells} == {"taken", "unseen"}
    assert "outside" in {card.state for card in truth.cards}


coordinates = st.integers(-10_000, 10_000).map(lambda number: number / 8)
texts = st.text(max_size=12)


@st.composite
def quads(draw):
    x, y = draw(coordinates), draw(coordinates)
    size = draw(st.integers(1, 500))
    return Quad(
        Point(x, y),
        Point(x + size, y),
        Point(x + size, y + 2 * size),
        Point(x, y + size),
    )


lines = st.builds(
    LineTruth, texts, st.sampled_from(["title", "host"]), quads(), quads()
)
cards = st.builds(
    CardTruth, texts, st.sampled_from(["card", "written"]), quads(), quads(),
    texts, texts, texts, texts, texts, texts, st.lists(lines, max_size=2).map(tuple),
    st.floats(0, 1), st.sampled_from(["visible", "covered"]), st.booleans(),
)  # fmt: skip
cells = st.builds(
    CellTruth, texts, texts, st.just(Rect(0, 0, 2, 3)),
    st.sampled_from(["taken", "free"]), st.floats(0, 1),
)  # fmt: skip
truths = st.builds(
    BoardTruth, texts, st.just((640, 480)), st.just((900, 600)), st.floats(0.5, 5),
    st.just(((1.0, 0.1, 2.0), (0.0, 1.2, 3.0), (1e-5, 0.0, 1.0))),
    st.floats(-0.05, 0.05), st.just(Rect(1, 2, 3, 4)),
    st.lists(texts, max_size=2).map(tuple), st.lists(texts, max_size=2).map(tuple),
    st.lists(cells, max_size=2).map(tuple), st.lists(cards, max_size=2).map(tuple),
    st.lists(st.tuples(st.integers(0, 49), quads()), max_size=2).map(tuple), texts,
)  # fmt: skip


@given(truths)
def test_truth_survives_json(truth):
    assert from_json(json.loads(json.dumps(to_json(truth)))) == truth


def test_truths_survive_their_file(tmp_path, small_photo):
    path = tmp_path / "truth.json"
    save_truths(path, {"a.jpg": small_photo.truth})
    assert load_truths(path) == {"a.jpg": small_photo.truth}


def test_another_schema_is_refused(tmp_path):
    path = tmp_path / "truth.json"
    path.write_text('{"schema": "boardcast/truth/9"}')
    with pytest.raises(ValueError, match="expected schema boardcast/truth/1"):
        load_truths(path)
