"""The fewest letters for the field "Fix": pure, with a find that is simple."""

import pytest

from benchmarks.fixing import Place, Typed, cost_of, fix, wrong_places
from benchmarks.keys import Texts, keys_for, presses

RIGHT = {
    ("Kubemetes", "", "Roso"): {
        "rn": [("Kubernetes", "", "Roso")],
        "a": [("Kubamates", "", "Roso"), ("Kubemetes", "", "Rosa")],
        "rna": [("Kubernetes", "", "Rosa")],
    },
    ("Kubernetes", "", "Roso"): {"sa": [("Kubernetes", "", "Rosa")]},
}


def find(fields, typed):
    return [RIGHT.get(fields, {}).get(one, []) for one in typed]


def test_places_that_are_wrong():
    found = wrong_places(("Kubemetes", "", "Roso"), ("Kubernetes", "", "Rosa"))

    assert found == [Place(4, 5, 4, 6), Place(14, 15, 15, 16)]


@pytest.mark.parametrize(
    ("stands", "wanted", "plan"),
    [
        (("Kubemetes", "", "Roso"), ("Kubernetes", "", "Roso"), (Typed("rn", 0),)),
        (("Kubemetes", "", "Roso"), ("Kubemetes", "", "Rosa"), (Typed("a", 1),)),
        (("Kubemetes", "", "Roso"), ("Kubernetes", "", "Rosa"), (Typed("rna", 0),)),
        (("Kubernetes", "", "Roso"), ("Kubernetes", "", "Rosa"), (Typed("sa", 0),)),
        (("Kubernetes", "", "Roso"), ("Kubernetes", "", "Jo"), None),
        (("Tea", "", ""), ("Tea", "", ""), ()),
    ],
    ids=["letters", "other place", "at once", "a letter beside", "no way", "right"],
)
def test_what_is_typed(stands, wanted, plan):
    assert fix(stands, wanted, find) == plan


def test_what_is_typed_one_after_the_other_is_taken_by_a_key():
    def one_at_a_time(fields, typed):
        return [
            [] if one == "rna" else found
            for one, found in zip(typed, find(fields, typed), strict=True)
        ]

    plan = fix(("Kubemetes", "", "Roso"), ("Kubernetes", "", "Rosa"), one_at_a_time)

    assert (plan, cost_of(plan)) == ((Typed("rn", 0), Typed("sa", 0)), 5)


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Texts("Kubernetes", None, "Rosa"), "F r n a Enter"),
        (Texts("Kubemetes", None, "Rosa"), "F a ArrowDown Enter"),
        (Texts("Kubernetes", None, "Jo"), "F r n ArrowRight Tab Tab Tab J o Enter"),
    ],
)
def test_fields_are_fixed_where_that_is_less(wanted, keys):
    found = keys_for([Texts("Kubemetes", "", "Roso")], wanted, (), find)

    assert " ".join(found) == keys
    assert presses(found) <= presses(keys_for([Texts("Kubemetes", "", "Roso")], wanted))
