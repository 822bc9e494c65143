import importlib
import pkgutil

import pytest

import calibration
import server
import vision
from calibration.errors import BoardcastError, ProfileError
from server.errors import OUTCOMES, NotFoundError, outcome_of


def whole_tree():
    for package in (calibration, vision, server):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(
                ("__main__", "migrations.env", "0001_the_first_tables")
            ):
                importlib.import_module(module.name)
    waiting, seen = [BoardcastError], []
    while waiting:
        cls = waiting.pop()
        seen.append(cls)
        waiting += cls.__subclasses__()
    return seen


def test_outcomes_has_a_row_for_every_class_of_the_tree_and_no_other():
    assert set(OUTCOMES) == {
        cls
        for cls in whole_tree()
        if cls.__module__.split(".")[0] in {"calibration", "vision", "server"}
    }


def test_outcomes_are_errors_to_browsers_and_shells():
    for outcome in OUTCOMES.values():
        assert 400 <= outcome.status < 600
        assert outcome.exit_code in {1, 2}


@pytest.mark.parametrize(
    ("error", "base"),
    [(NotFoundError("x"), NotFoundError), (ProfileError("x"), ProfileError)],
    ids=["server", "calibration"],
)
def test_outcome_of_a_class_without_a_row_is_its_base(error, base):
    special = type("Special", (base,), {})
    other = special.__new__(special)

    assert outcome_of(other) == outcome_of(error) == OUTCOMES[base]
