"""What is remembered of a card."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision.cards import CardDescriptor
from vision.tracking.appearance import PATCH_WH, aligned, fit, patch_of


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 255), st.integers(1, 255))))
@settings(max_examples=10, deadline=None)
def test_a_descriptor_comes_back_from_its_bytes(patch):
    back = CardDescriptor.from_bytes(CardDescriptor(patch, 2.5).to_bytes())

    np.testing.assert_array_equal(back.patch, patch)
    assert back.sharpness == 2.5


@pytest.mark.parametrize("ending", [b"", bytes(4)], ids=["first format", "with 0"])
def test_a_descriptor_stored_without_a_sharpness_still_comes_back(ending):
    patch = np.arange(12, dtype=np.uint8).reshape(3, 4)

    back = CardDescriptor.from_bytes(bytes([3, 4]) + patch.tobytes() + ending)

    np.testing.assert_array_equal(back.patch, patch)
    assert back.sharpness is None
    assert CardDescriptor.from_bytes(back.to_bytes()).sharpness is None


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (64, 96), (200, 8)])
def test_any_crop_is_described_in_the_same_size(shape):
    crop = np.full((*shape, 3), 90, np.uint8)

    assert patch_of(crop).shape == PATCH_WH[::-1]


@pytest.fixture
def written():
    """Draw words on a patch."""

    def draw(text):
        patch = np.full(PATCH_WH[::-1], 220, np.uint8)
        cv2.putText(patch, text, (4, 38), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 30, 3)
        return patch

    return draw


def test_a_patch_fits_itself_where_it_is(written):
    found = fit(written("Yoga"), written("Yoga"), (1.0, 1.0))

    assert found.score == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(found.target_from_patch, np.eye(2, 3), atol=0.5)


@pytest.mark.parametrize("text", ["", "LLLL"], ids=["blank", "nothing in common"])
def test_what_is_not_like_a_patch_has_no_fit(written, text):
    assert fit(written(text), written("Yoga"), (1.0, 1.0)) is None
    assert fit(written("Yoga"), written(text), (1.0, 1.0)) is None


def test_patches_that_do_not_converge_have_no_alignment():
    ramp = np.tile(np.arange(96, dtype=np.float32), (64, 1))
    end = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-3)

    assert (
        aligned(ramp, np.zeros_like(ramp), np.eye(2, 3, dtype=np.float32), end, 3)
        is None
    )
