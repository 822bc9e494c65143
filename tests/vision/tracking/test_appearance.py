"""What is remembered of a card."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision.cards import CardDescriptor
from vision.tracking.appearance import PATCH_WH, patch_of


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
