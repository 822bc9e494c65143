"""Doing the same to many things on both cores."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

WORKERS = 2
"""Threads at a time. OpenCV does most of what they do outside of the interpreter, so two
take six tenths of the time of one; a third gains nothing."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_both_cores(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> tuple[Result, ...]:
    """Return what a function makes of each item, in their order.

    Parameters
    ----------
    function : callable
        Does mostly what OpenCV or NumPy do; depends on nothing but its item.
    items : iterable

    Raises
    ------
    Exception
        What the function raises for the first item for which it raises anything.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        return tuple(pool.map(function, items))
