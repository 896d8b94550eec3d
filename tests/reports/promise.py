"""A promise with made-up results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slaboard.reports.promised import Promise, targets
from slaboard.ticket import Bucket


@dataclass(frozen=True)
class Told:
    """A promise, and what is said of its target."""

    promise: Promise
    told: str


def promise(times: Sequence[int], *, target_s: int = 3_600, bucket: Bucket = Bucket.RESOLUTION) -> Told:
    """Gold's, of P1."""
    met = sum(time <= target_s for time in times)
    made = Promise("Gold", "around the clock", bucket, target_s, 1, False, {"P1"}, met, list(times))
    return Told(made, targets([made]).paragraphs()[0])
