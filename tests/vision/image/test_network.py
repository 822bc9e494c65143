import numpy as np
import pytest

from vision.image.network import load_network

CARDS = "vision/detection/cards.onnx"


@pytest.mark.parametrize("memory", ["kept", "returned"])
def test_memory_changes_nothing_of_what_a_network_says(memory, pytestconfig):
    path = pytestconfig.rootpath / CARDS
    pixels = np.random.default_rng(0).integers(0, 256, (1, 64, 128, 3), np.uint8)

    maps = load_network(path, memory).run(pixels)

    assert (maps.shape, maps.dtype) == ((11, 16, 32), np.float32)
    assert np.array_equal(maps, load_network(path, "kept").run(pixels))


def test_file_that_is_no_network_is_refused_by_name(tmp_path):
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no model at all")

    with pytest.raises(ValueError, match=r"got damaged\.onnx"):
        load_network(damaged, "kept")
