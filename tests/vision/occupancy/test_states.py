"""States of cells: free only where the bare board is really seen."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.geometry import Rect
from calibration.homography import Homography
from calibration.layout import CellId
from calibration.lens import Projection
from sample_boards.paper import INDEX_CARD_COLOURS
from sample_boards.people import Person, random_people, stand_in_front
from vision.detection import find_cards
from vision.occupancy import fate_of, read_cells
from vision.occupancy.background import Background, find_background
from vision.registration.rectify import WorkingBoard, rectify

HIDDEN = 0.34
"""Part of a cell that people hide from which the truth calls it covered."""

PAPERS = {
    "white": (240, 238, 235),
    "black": (10, 10, 10),
    "orange": INDEX_CARD_COLOURS["orange"],
}
"""Colours of paper, (blue, green, red)."""


def background_of(straight, survey):
    return find_background(straight.registration, survey.working, survey.mask)


def states_of(straight):
    """Return the state of each cell, as the pipeline asks for them."""
    survey = find_cards(straight)
    return states_in(straight, survey, background_of(straight, survey))


def states_in(straight, survey, evidence):
    taken = [card.cell for card in survey.cards]
    return {entry.cell: entry.state for entry in read_cells(straight, taken, evidence)}


def hidden_shares(scene, hidden):
    """Return which part of each cell a photo mask (H, W) hides."""
    height, width = hidden.shape
    grid = np.stack(np.meshgrid(*[(np.arange(20) + 0.5) / 20] * 2), -1).reshape(-1, 2)
    shares = {}
    for cell, rect in scene.registration.cell_rects.items():
        points = grid * [rect.width, rect.height] + [rect.left, rect.top]
        x, y = np.rint(scene.registration.projection.photo_from_board(points)).T
        shares[cell] = float(
            np.mean(
                hidden[
                    np.clip(y, 0, height - 1).astype(int),
                    np.clip(x, 0, width - 1).astype(int),
                ]
                > 0
            )
        )
    return shares


def peopled(scene, people):
    pixels, hidden = stand_in_front(scene.photo.pixels, people)
    return scene.with_pixels(pixels), hidden_shares(scene, hidden)


@pytest.fixture(scope="module")
def survey(printed_scene):
    return find_cards(printed_scene.straight)


@pytest.fixture(scope="module")
def evidence(printed_scene, survey):
    return background_of(printed_scene.straight, survey)


@pytest.fixture(scope="module")
def printed_states(printed_scene, survey, evidence):
    return states_in(printed_scene.straight, survey, evidence)


def test_every_cell_of_a_clear_photo_is_as_it_is(printed_scene, printed_states):
    truth = {
        CellId(cell.room, cell.slot): cell.state for cell in printed_scene.truth.cells
    }

    assert printed_states == truth
    assert tuple(printed_states) == printed_scene.board.layout.cells


def test_writing_on_a_whiteboard_takes_its_cells(whiteboard_scene):
    taken = {CellId(card.room, card.slot) for card in whiteboard_scene.truth.cards}

    states = states_of(whiteboard_scene.straight)

    assert {cell for cell, state in states.items() if state == "taken"} == taken
    assert "free" in states.values()


def test_a_person_in_front_covers_free_cells(printed_scene, printed_states):
    scene, hidden = peopled(printed_scene, (Person(0.55, 0.4, 0.2, seed=4),))
    behind = {
        cell
        for cell, share in hidden.items()
        if share > HIDDEN and printed_states[cell] == "free"
    }

    states = states_of(scene.straight)

    assert behind
    assert {states[cell] for cell in behind} == {"covered"}


@pytest.mark.parametrize("seed", range(4))
def test_no_hidden_or_taken_cell_is_ever_called_free(printed_scene, seed):
    scene, hidden = peopled(printed_scene, random_people(seed, 1 + seed % 4))
    taken = {CellId(card.room, card.slot) for card in scene.truth.cards}

    states = states_of(scene.straight)

    free = {cell for cell, state in states.items() if state == "free"}
    assert not free & taken
    assert max((hidden[cell] for cell in free), default=0) < HIDDEN


@pytest.mark.parametrize("name", PAPERS)
def test_blank_paper_over_cells_never_frees_them(printed_scene, name):
    rng = np.random.default_rng(len(name))
    straight = printed_scene.straight
    rects = straight.registration.cell_rects
    pixels = straight.pixels.copy()
    chosen = rng.choice(len(rects), 3, replace=False)
    covered = [list(rects)[index] for index in chosen]
    for cell in covered:
        rect = rects[cell]
        pixels[
            round(rect.top + 0.1 * rect.height) : round(rect.bottom),
            round(rect.left) : round(rect.right - 0.1 * rect.width),
        ] = PAPERS[name]

    states = states_of(replace(straight, pixels=pixels))

    assert "free" not in {states[cell] for cell in covered}


def moved_out(scene, right_share):
    """Return a scene's registration as if the camera had pointed to the right."""
    registration = scene.registration
    shift = registration.size_wh[0] * right_share
    return replace(
        registration,
        projection=Projection(
            Homography.translation(-shift, 0) @ registration.projection.homography,
            registration.projection.lens,
        ),
    )


def test_cells_outside_of_the_photo_are_unseen(printed_scene):
    width = printed_scene.photo.size_wh[0]
    pixels = printed_scene.photo.pixels[:, : width // 2]
    scene = printed_scene.with_pixels(np.ascontiguousarray(pixels))
    corners = {
        cell: scene.registration.projection.quad_photo(rect.to_quad()).bounds
        for cell, rect in scene.registration.cell_rects.items()
    }

    # The registration is still that of the whole photo: same pixels, cut off.
    states = states_of(rectify(scene.photo, scene.registration))

    outside = {cell for cell, box in corners.items() if box.left > width / 2}
    inside = {cell for cell, box in corners.items() if box.right < width / 2}
    assert outside
    assert {states[cell] for cell in outside} == {"unseen"}
    assert "unseen" not in {states[cell] for cell in inside}


def test_a_photo_that_misses_the_board_shows_no_cell(printed_scene):
    straight = rectify(printed_scene.photo, moved_out(printed_scene, 3.0))

    assert set(states_of(straight).values()) == {"unseen"}


def test_a_blocked_cell_is_blocked_unless_a_card_hangs_in_it(
    printed_scene, printed_states, survey, evidence
):
    free = next(cell for cell, state in printed_states.items() if state == "free")
    taken = next(cell for cell, state in printed_states.items() if state == "taken")
    layout = replace(
        printed_scene.board.layout, blocked={free: "Keynote", taken: "Keynote"}
    )
    board = replace(printed_scene.board, layout=layout)
    straight = printed_scene.straight
    blocked = replace(
        straight, registration=replace(straight.registration, board=board)
    )

    states = states_in(blocked, survey, evidence)

    assert states == printed_states | {free: "blocked"}


def test_a_card_that_is_gone_left_the_bare_board(
    printed_scene, printed_states, evidence
):
    rects = printed_scene.registration.cell_rects
    free = next(cell for cell, state in printed_states.items() if state == "free")
    rect = rects[free]
    inner = Rect(
        rect.left + rect.width * 0.1,
        rect.top + rect.height * 0.15,
        rect.right - rect.width * 0.1,
        rect.bottom - rect.height * 0.15,
    ).to_quad()

    assert fate_of(inner, evidence) == "gone"


def test_a_card_under_another_one_is_covered(printed_scene, evidence):
    card = printed_scene.truth.cards[0]
    quad = printed_scene.registration.projection.quad_board(card.quad_photo)

    assert fate_of(quad, evidence) == "covered"


@pytest.mark.parametrize(
    "rect",
    [
        pytest.param(Rect(-500, -500, -400, -400), id="outside"),
        pytest.param(Rect(50_000, 10, 50_100, 90), id="far away"),
    ],
)
def test_a_place_that_the_picture_does_not_hold_is_never_gone(evidence, rect):
    assert fate_of(rect.to_quad(), evidence) in {"unseen", "covered"}


def test_card_in_a_colour_that_the_board_has_elsewhere_is_not_bare_board():
    # A grey card on green print whose white lines have grey edges: both greys
    # count as background, yet the place is not of one colour.
    green, grey, shaded_green = 0, 1, 2
    labels = np.full((100, 100), green, np.uint8)
    labels[:, 60:] = shaded_green
    labels[20:80, 10:90] = grey
    colours = np.array([[20.0, -15, 2], [55, 0, 3], [30, -18, 3]])
    everything = np.ones((100, 100), np.bool_)
    even = np.full((200, 200, 3), 90, np.uint8)
    working = WorkingBoard(even, even, 90.0, Rect(0, 0, 200, 200), scale=2.0)
    evidence = Background(everything, labels, colours, everything, working)
    place = Rect(5, 5, 95, 95).to_quad()
    beside = Rect(1, 1, 99, 18).to_quad()

    assert fate_of(place, evidence) == "covered"
    assert fate_of(beside, evidence) == "gone"
