"""How a share moved from one time to the next, and whether that is more than chance. Pure."""

from __future__ import annotations

from math import sqrt

from slaboard.reports.figure import NOTHING, SMALL

_Z = 1.959963984540054
"""Two-sided 95 % of a normal distribution."""


def difference(part: int, whole: int, part_before: int, whole_before: int) -> tuple[float, float]:
    """The 95 % confidence interval of the share less the share before; neither of nothing.

    Newcombe's hybrid score interval, which holds also for shares near 0 and 1: Statistics in Medicine 17 (1998),
    873-890, method 10.
    """
    p, q = part / whole, part_before / whole_before
    (low, high), (low_before, high_before) = _wilson(part, whole), _wilson(part_before, whole_before)
    down = sqrt((p - low) ** 2 + (high_before - q) ** 2)
    up = sqrt((high - p) ** 2 + (q - low_before) ** 2)
    return p - q - down, p - q + up


def _wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's score interval of one share."""
    p, z2 = part / whole, _Z * _Z
    middle, reach = 2 * part + z2, _Z * sqrt(z2 + 4 * part * (1 - p))
    return (middle - reach) / (2 * (whole + z2)), (middle + reach) / (2 * (whole + z2))


def is_clear(part: int, whole: int, part_before: int, whole_before: int) -> bool:
    """Whether both are of enough, and chance alone would hardly have moved the share so far."""
    if min(whole, whole_before) < SMALL:
        return False
    low, high = difference(part, whole, part_before, whole_before)
    return low > 0 or high < 0


def change_text(part: int, whole: int, part_before: int, whole_before: int) -> str:
    """`+3.1 points`; what it is instead where that says nothing."""
    if not whole or not whole_before:
        return NOTHING
    if min(whole, whole_before) < SMALL:
        return "too few"
    if not is_clear(part, whole, part_before, whole_before):
        return "not clear"
    return f"{100 * (part / whole - part_before / whole_before):+.1f} points"
