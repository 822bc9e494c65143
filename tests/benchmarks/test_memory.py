import pytest

from benchmarks.bars import Bar
from benchmarks.memory import MemoryRow, enlarged, measure_memory, peak_mb
from vision.image.photo import Photo

STATUS = "VmPeak:\t  999999 kB\nVmHWM:\t  500000 kB\nVmRSS:\t  1 kB\n"


@pytest.mark.parametrize(
    ("text", "expected"), [(STATUS, 512.0), ("VmRSS:\t 1 kB\n", None), (None, None)]
)
def test_peak_is_what_the_system_tells(text, expected, tmp_path):
    status = tmp_path / "status"
    if text is not None:
        status.write_text(text)

    assert peak_mb(status) == expected


def test_photo_is_enlarged_to_so_many_pixels(case):
    larger = Photo.decode(enlarged(case.photo, 3))

    assert larger.size_wh == (2000, 1500)


def test_every_size_is_measured_in_a_process_of_its_own(case):
    told = []

    def isolated(function, loads):
        told.append((function.__name__, [load.board for load in loads]))
        return [400.0 if len(told) == 1 else None]

    rows = measure_memory(case, isolated, lambda *_: None)

    assert rows == (MemoryRow(12, 400.0, Bar(600)),)
    assert told == [("peak_of_reading", [case.board])] * 2
