"""Which events are left out together: five models tell how good the one of all is."""

from typing import Final

ALL: Final = "all"

FOLDS: Final[dict[str, tuple[str, ...]]] = {
    "boston": ("devopsdays-boston-2019", "writethedocs-2024", "ekan5h", "javabien"),
    "pycon-2019": ("pycon-us-2019",),
    "backstage": (
        "foerbico-2025",
        "foss-backstage-2025",
        "pycon-us-2024",
        "pycon-us-2025",
    ),
    "pycon-2023": ("pycon-us-2023", "osd-2017", "poliastro"),
    "socrates": ("socrates-2013", "socrates-2012", "murex-2023"),
}
"""Each event is in one."""
