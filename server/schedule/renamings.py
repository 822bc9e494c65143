"""Rooms and slots that are called otherwise from a version of the event on. Pure.

What was read or corrected keeps the names of its time, and counts under those of now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Self

from calibration.layout import CellId, Layout


@dataclass(frozen=True, slots=True)
class Renaming:
    """What rooms and slots of a board are called now.

    Every name that is given away is one that was freed: so what is renamed there and
    back is as it was, whatever else was called so once.

    Parameters
    ----------
    rooms, slots : mapping of str to str
        The new name by the old one; names that stay are left out.

    Raises
    ------
    ValueError
        If a name is not given away as often as it is freed.
    """

    rooms: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for names in (self.rooms, self.slots):
            if sorted(names) != sorted(names.values()):
                msg = f"expected every name once before and once after, got {names}"
                raise ValueError(msg)

    @classmethod
    def between(cls, old: Layout, new: Layout) -> Self:
        """Return what would be renamed if what stands in one place is the same."""
        return cls(
            _exchanged(_in_place(old.rooms, new.rooms)),
            _exchanged(_in_place(_labels(old), _labels(new))),
        )

    def __bool__(self) -> bool:
        """Say whether anything is called otherwise."""
        return bool(self.rooms or self.slots)

    def room(self, name: str) -> str:
        """Return what a room is called now."""
        return self.rooms.get(name, name)

    def slot(self, label: str) -> str:
        """Return the label that a slot has now."""
        return self.slots.get(label, label)

    def cell(self, cell: CellId) -> CellId:
        """Return what a cell is called now."""
        return CellId(self.room(cell.room), self.slot(cell.slot))

    def then(self, later: "Renaming") -> "Renaming":
        """Return this and a later one as one."""
        return Renaming(
            _composed(self.rooms, later.rooms), _composed(self.slots, later.slots)
        )


@dataclass(frozen=True, slots=True)
class Names:
    """How the rooms and slots of a board have been called.

    Parameters
    ----------
    renamings : tuple of (int, Renaming)
        Each with the version of the event that it came with, ascending.
    """

    renamings: tuple[tuple[int, Renaming], ...] = ()

    def since(self, version: int) -> Renaming:
        """Return what is called otherwise now than in a version of the event."""
        now = Renaming()
        for number, renaming in self.renamings:
            if number > version:
                now = now.then(renaming)
        return now

    @property
    def formerly(self) -> dict[str, str]:
        """What rooms are called now, by what they were called once; the last counts."""
        rooms: dict[str, str] = {}
        now = Renaming()
        for _, renaming in reversed(self.renamings):
            now = renaming.then(now)
            rooms = {**now.rooms, **rooms}
        return rooms


def _labels(layout: Layout) -> tuple[str, ...]:
    return tuple(slot.label for slot in layout.slots)


def _in_place(old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Return the new name of each that stands where one of another name stood.

    Where places were added or taken away too, only between neighbours that stayed.
    """
    if len(old) == len(new):
        pairs: Iterable[tuple[str, str]] = zip(old, new, strict=True)
    else:
        pairs = _replaced(old, new)
    return {before: after for before, after in pairs if before != after}


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    if tuple(old) > tuple(new):  # Back is found as there was: what matches is not.
        yield from ((before, after) for after, before in _replaced(new, old))
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, left, right, low, high in matcher.get_opcodes():
        if what == "replace" and right - left == high - low:
            yield from zip(old[left:right], new[low:high], strict=True)


def _exchanged(names: Mapping[str, str]) -> dict[str, str]:
    """Return a renaming in which what was called so before takes the freed names."""
    given = [name for name in names.values() if name not in names]
    freed = [name for name in names if name not in names.values()]
    return {**names, **dict(zip(given, freed, strict=True))}


def _composed(first: Mapping[str, str], then: Mapping[str, str]) -> dict[str, str]:
    between = {name: first.get(name, name) for name in {**first, **then}}
    return {
        old: then.get(name, name)
        for old, name in between.items()
        if then.get(name, name) != old
    }
