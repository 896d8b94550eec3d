"""Whether a target fits what was done under it: too tight, too loose, or neither can be said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from slaboard.reports.figure import SMALL
from slaboard.reports.suggestion import Quantile, quantile, rounded

SHARE = Fraction(9, 10)
"""A target is held against the time that so many of the results took at the most."""
LOOSE = Fraction(1, 2)
"""It is loose where that is surely no more than this part of it."""


class Fit(StrEnum):
    """What can be said of a target."""

    TIGHT = "too tight"
    LOOSE = "too loose"
    FITS = "fits"
    UNSURE = "not sure"
    FEW = "too few"


class Fitted(Struct, frozen=True):
    """One target with its evidence."""

    fit: Fit
    found: Quantile | None
    """None of too few results."""
    target_s: int | None = None
    """One that would fit, where this one is too tight or too loose: of the latter what 90 % surely took at the most."""
    kept: int = 0
    """How many of the results it would have kept."""


def fitted(target_s: int, times: Sequence[int]) -> Fitted:
    """`target_s` held against what the results under it took, in business seconds."""
    if len(times) < SMALL:
        return Fitted(Fit.FEW, None)
    found = quantile(times, SHARE)
    if found.low is not None and found.low > target_s:
        return Fitted(Fit.TIGHT, found, found.target, found.kept)
    if found.high is not None and found.high <= target_s * LOOSE:
        proposed = rounded(found.high)
        return Fitted(Fit.LOOSE, found, proposed, sum(time <= proposed for time in times))
    is_sure = found.high is not None and found.high <= target_s
    return Fitted(Fit.FITS if is_sure else Fit.UNSURE, found)
