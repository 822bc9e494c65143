"""A log-linear model over the ways to split a card, fitted to cards with their truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from training.fields.cards import cer
from vision.cards import Line
from vision.fields.hosts import EDGES
from vision.fields.mentions import find_mentions, tidy
from vision.fields.rows import rows_of
from vision.fields.split import splits
from vision.fields.title import joined

Floats = npt.NDArray[np.float64]

L2: Final = 1.0
"""How dear weights are."""
HOPELESS: Final = 0.6
"""Of a title's letters, wrong in every option: such a card teaches nothing."""
HARDLY_A_NAME: Final = 0.75
"""Of a host's letters, wrong in every option: its line was not read at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A card as the model sees it.

    Parameters
    ----------
    titles, hosts : tuple of str
        What each option says.
    looks : tuple of dict
        Its features.
    best : ndarray of shape (N,), bool
        Which of them are nearest to the truth.
    weight : float
        How much the card counts.
    """

    titles: tuple[str, ...]
    hosts: tuple[str, ...]
    looks: tuple[dict[str, float], ...]
    best: npt.NDArray[np.bool_]
    weight: float = 1.0


def example_of(
    lines: Sequence[Line], title: str, host: str, weight: float = 1.0
) -> Example | None:
    """Return a card with its truth; None if nothing on it is near the truth."""
    if not lines:
        return None
    texts = [tidy(line.text) for line in lines]
    mentions = [find_mentions(text) for text in texts]
    time = max((mention.time for mention in mentions), key=len)
    room = next((mention.room for mention in mentions if mention.room), "")
    options = list(splits(rows_of(lines, texts, mentions, frozenset({"", time, room}))))
    titles = [joined(row.text for row in o.title).strip(EDGES) for o in options]
    off = {said: cer(title, said) for said in titles}
    if not off or min(off.values()) > HOPELESS:
        return None
    hosts = [option.host for option in options]
    wrong = {said: _host_error(host, said) for said in hosts}
    if host and min(wrong.values()) > HARDLY_A_NAME:
        wrong = {said: float(bool(said)) for said in hosts}
    costs = np.array([off[t] + wrong[h] for t, h in zip(titles, hosts, strict=True)])
    return Example(
        tuple(titles),
        tuple(hosts),
        tuple(dict(option.looks) for option in options),
        costs <= costs.min() + 1e-9,
        weight,
    )


def _host_error(true: str, said: str) -> float:
    return cer(true, said) if true and said else float(bool(true or said))


def fitted(
    examples: Sequence[Example], without: Iterable[str] = ()
) -> dict[str, float]:
    """Return weights under which the best options of cards are likely.

    The negative logarithm of their chance is least, and `L2` of the weights' squares.
    """
    left = frozenset(without)
    names = sorted({n for card in examples for o in card.looks for n in o} - left)
    place = {name: index for index, name in enumerate(names)}
    entries = [
        (row, place[name], float(value))
        for row, looks in enumerate(o for card in examples for o in card.looks)
        for name, value in looks.items()
        if value and name in place
    ]
    rows, columns, values = zip(*entries, strict=True)
    counts = np.array([len(card.looks) for card in examples])
    features = csr_matrix((values, (rows, columns)), shape=(counts.sum(), len(names)))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    card_of = np.repeat(np.arange(len(examples)), counts)
    best = np.concatenate([card.best for card in examples])
    weights = np.array([card.weight for card in examples])

    def chances(scores: Floats) -> tuple[Floats, Floats]:
        top = np.maximum.reduceat(scores, starts)
        raised = np.exp(scores - top[card_of])
        total = np.add.reduceat(raised, starts)
        return top + np.log(total), raised / total[card_of]

    def loss(known: Floats) -> tuple[float, Floats]:
        scores = features @ known
        every, chance = chances(scores)
        good, good_chance = chances(np.where(best, scores, -1e9))
        value = float((weights * (every - good)).sum() + L2 * (known**2).sum())
        slope = features.T @ ((chance - good_chance) * weights[card_of])
        return value, slope + 2 * L2 * known

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return dict(zip(names, found.x.tolist(), strict=True))


def decided(example: Example, weights: dict[str, float]) -> tuple[str, str, float]:
    """Return the likeliest title and host of a card, and how likely they are."""
    scores = np.array(
        [sum(weights.get(n, 0.0) * v for n, v in o.items()) for o in example.looks]
    )
    chances = np.exp(scores - scores.max())
    top = int(scores.argmax())
    said = list(zip(example.titles, example.hosts, strict=True))
    same = sum(c for c, s in zip(chances, said, strict=True) if s == said[top])
    return *said[top], float(same / chances.sum())
