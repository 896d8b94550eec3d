"""Seeded chance that falls the same way on every machine and every Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

from slaboard.demo.realday import Knots

T = TypeVar("T")


class Dice:
    """Draws of all kinds from one seed.

    Only `Random.random()` is promised to stay the same between Python versions, so everything is made of it, and with
    the four basic operations, which round alike everywhere.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def share(self) -> float:
        """From 0 up to, but not, 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self.share() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` up to, but not, `high`."""
        return low + int(self.share() * (high - low))

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, each as likely."""
        return choices[int(self.share() * len(choices))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, as likely as its weight is of the sum."""
        return choose(weights, self.share())

    def strata(self, count: int) -> list[float]:
        """`count` shares in a random order, one from each `count`th of 0 to 1: few draws that are yet true to shape."""
        shares = [(number + self.share()) / count for number in range(count)]
        for last in range(count - 1, 0, -1):
            other = self.between(0, last + 1)
            shares[last], shares[other] = shares[other], shares[last]
        return shares


def choose(weights: Mapping[T, float], share: float) -> T:
    """The key under `share` (0 to 1) when the keys lie side by side, each as wide as its weight."""
    mark = share * sum(weights.values())
    for choice, weight in weights.items():
        mark -= weight
        if mark < 0:
            return choice
    return next(reversed(list(weights)))


def spread(knots: Knots, share: float, longest: float) -> int:
    """Seconds within which `share` of all got there: straight lines between the knots, from 0 to `longest` minutes."""
    left, low = 0.0, 0.0
    for right, high in (*knots, (1.0, longest)):
        if share < right:
            return int(60 * (low + (high - low) * (share - left) / (right - left)))
        left, low = right, high
    return int(60 * longest)
