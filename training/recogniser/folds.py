"""Which events are left out together: five models tell how good the one of all is."""

from typing import Final

ALL: Final = "all"

FOLDS: Final[dict[str, tuple[str, ...]]] = {
    "boston": ("devopsdays-boston-2019",),
    "backstage": ("foss-backstage-2025", "ekan5h", "writethedocs-2024"),
    "pycon-2019": ("pycon-us-2019", "murex-2023"),
    "socrates": ("socrates-2013", "foerbico-2025"),
    "pycon-2023": ("pycon-us-2023", "osd-2017"),
}
"""Each event is in one. Several together cost a model more of its lines than one alone
would."""
