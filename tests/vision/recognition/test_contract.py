"""One table of behaviours, run against every engine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vision.cards import Reading
from vision.errors import EngineUnavailableError
from vision.image.arrays import Image
from vision.recognition.engine import OcrEngine
from vision.recognition.registry import ENGINE_NAMES, engine_named

pytestmark = pytest.mark.ocr

PAPER = np.full((120, 200, 3), 240, np.uint8)


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    try:
        return engine_named(request.param)
    except EngineUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def open_space(printed_card: Callable[..., Image]) -> Image:
    card = printed_card(["OPEN SPACE", "at noon"])
    card.flags.writeable = False
    return card


@pytest.fixture(scope="module")
def alone(engine: OcrEngine, open_space: Image) -> Reading:
    """The reading of the card when nothing else is read."""
    (reading,) = engine.read([open_space])
    return reading


def test_name_begins_with_the_name_it_is_chosen_by(engine, request):
    assert engine.name.split()[0] == request.node.callspec.params["engine"]


def test_no_crops_give_no_readings(engine):
    assert tuple(engine.read([])) == ()


def test_readings_are_one_for_each_crop_in_order(engine, open_space, alone):
    assert tuple(engine.read([PAPER, open_space])) == (Reading(), alone)


def test_print_is_read_by_every_engine_that_reads(engine, alone):
    expected = "" if engine.name == "none" else "OPEN SPACE\nat noon"
    assert alone.text == expected


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros_like(PAPER), id="black"),
        pytest.param(np.full((1, 1, 3), 200, np.uint8), id="one pixel"),
        pytest.param(np.full((1, 3000, 3), 200, np.uint8), id="3000 x 1"),
        pytest.param(np.full((3000, 1, 3), 200, np.uint8), id="1 x 3000"),
    ],
)
def test_reading_without_text_is_empty(engine, crop):
    assert tuple(engine.read([crop])) == (Reading(),)


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros((20, 20), np.uint8), id="grey"),
        pytest.param(np.zeros((20, 20, 4), np.uint8), id="with alpha"),
        pytest.param(np.zeros((0, 20, 3), np.uint8), id="no rows"),
        pytest.param(np.zeros((20, 0, 3), np.uint8), id="no columns"),
        pytest.param(np.zeros((20, 20, 3), np.float32), id="float"),
    ],
)
def test_crop_of_another_shape_or_type_is_refused(engine, crop):
    with pytest.raises(ValueError, match=r"expected (uint8|at least)"):
        engine.read([PAPER, crop])


def test_layout_in_memory_does_not_matter_and_stays(engine, open_space, alone):
    wide = np.asfortranarray(np.repeat(open_space, 2, axis=1))[:, ::2]

    assert not wide.flags.forc
    assert not open_space.flags.writeable
    assert tuple(engine.read([wide])) == (alone,)
    assert np.array_equal(wide, open_space)


def test_lines_lie_within_the_crop(engine, open_space):
    tight = open_space[24:52, 20:300]

    (reading,) = engine.read([tight])

    for line in reading.lines:
        bounds = line.quad_crop.bounds
        assert bounds.left >= 0
        assert bounds.top >= 0
        assert bounds.right <= 280
        assert bounds.bottom <= 28


def test_noise_gives_lines_that_keep_the_contract(engine):
    noise = np.random.default_rng(7).integers(0, 256, (40, 80, 3), np.uint8)

    (reading,) = engine.read([noise])

    for line in reading.lines:
        assert line.text.isprintable()
        assert 0 <= line.confidence <= 1


def test_two_threads_at_once_read_the_same(engine, open_space, alone):
    small = np.ascontiguousarray(open_space[::2, ::2])
    (other,) = engine.read([small])

    with ThreadPoolExecutor(2) as threads:
        got = list(
            threads.map(lambda crop: engine.read([crop])[0], [open_space, small])
        )

    assert got == [alone, other]
