"""Targets that a team can keep: a quantile of what it took, rounded up, and how sure that is. Pure.

The interval is of order statistics: of `n` independent values the number below the `p` quantile is binomial (n, p),
whatever their distribution. Source: Conover, Practical Nonparametric Statistics (3rd ed., 1999), 3.2; Hahn and Meeker,
Statistical Intervals (1991), 5.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, exp, floor, lgamma, log, sqrt

from msgspec import Struct

CONFIDENCE = 0.95
"""How sure the interval is, both its sides together."""
FEWEST = 5
"""Of fewer results nothing is suggested."""
_STEPS = ((3_600, 300), (4 * 3_600, 900), (8 * 3_600, 1_800), (24 * 3_600, 3_600), (100 * 3_600, 4 * 3_600))
"""Up to so many seconds, steps of so many: nobody promises 3 h 47 m."""
_LAST_STEP = 8 * 3_600
MOST_S = 10_000 * 3_600
"""The longest target that a policy takes."""


class Quantile(Struct, frozen=True):
    """What a share of `n` results took at the most, in business seconds, with its confidence interval."""

    n: int
    value: int
    low: int | None
    """None where the results are too few for a bound on this side."""
    high: int | None
    target: int
    """`value`, rounded up to a target that people promise."""
    kept: int
    """How many of the results `target` would have kept."""


def quantile(times: Sequence[int], share: Fraction) -> Quantile:
    """The time that at least `share` of `times` (not empty) did not exceed."""
    ordered = sorted(times)
    n = len(ordered)
    low, high = ranks(n, share)
    value = ordered[max(1, ceil(share * n)) - 1]
    target = min(rounded(value), MOST_S)
    return Quantile(
        n, value, ordered[low - 1] if low else None, ordered[high - 1] if high <= n else None, target,
        sum(one <= target for one in ordered),
    )  # fmt: skip


def ranks(n: int, share: Fraction, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Between which of `n` ordered values the quantile lies, counted from 1; 0 and n + 1 are beyond all of them.

    The chance to be below the first is at most half of what is left of `confidence`, and so it is above the second.
    """
    tail = (1 - confidence) / 2
    low, high = 0, n + 1
    for k, below in _cumulative(n, float(share)):
        if below <= tail:
            low = k + 1  # P(B <= k) is small: the quantile is hardly below the value of rank k + 1
        if below >= 1 - tail:
            high = k + 1
            break
    return min(low, n), high


def least(share: Fraction, confidence: float = CONFIDENCE) -> int:
    """From how many results on the interval is bounded above."""
    return ceil(log((1 - confidence) / 2) / log(float(share)))


def _cumulative(n: int, p: float) -> Iterator[tuple[int, float]]:
    """P(B <= k) of a binomial B, from where it is more than nothing on."""
    first = max(0, floor(n * p - 12 * sqrt(n * p * (1 - p)) - 1))
    chance = exp(lgamma(n + 1) - lgamma(first + 1) - lgamma(n - first + 1) + first * log(p) + (n - first) * log(1 - p))
    below = 0.0
    for k in range(first, n + 1):
        below += chance
        yield k, below
        chance *= (n - k) / (k + 1) * p / (1 - p)


def rounded(seconds: int) -> int:
    """`seconds` up to the next step that people promise: 5 minutes within the hour, 15 within four, and so on."""
    for limit, step in _STEPS:
        if seconds <= limit:
            return max(step, -(-seconds // step) * step)
    return -(-seconds // _LAST_STEP) * _LAST_STEP
