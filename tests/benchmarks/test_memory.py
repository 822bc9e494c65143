import pytest

from benchmarks.memory import peak_mb

STATUS = "VmPeak:\t  999999 kB\nVmHWM:\t  500000 kB\nVmRSS:\t  1 kB\n"


@pytest.mark.parametrize(
    ("text", "expected"), [(STATUS, 512.0), ("VmRSS:\t 1 kB\n", None), (None, None)]
)
def test_peak_is_what_the_system_tells(text, expected, tmp_path):
    status = tmp_path / "status"
    if text is not None:
        status.write_text(text)

    assert peak_mb(status) == expected
