"""How tickets are cut into the groups of a report: by what they are, and by the time of what happened to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slaboard.reports.period import Pieces, pieces
from slaboard.reports.question import Key, Question
from slaboard.ticket import Bucket


@dataclass(frozen=True, slots=True)
class Cut:
    """Groups of tickets, and the instants at which a backlog is counted. A ticket has no bucket."""

    asked: Question
    until: int
    """Nothing from here on is counted: the end of the period, or of the present second."""
    parts: Pieces | None = None
    """The pieces of time of a trend."""

    @property
    def by(self) -> tuple[str, ...]:
        """What the groups are cut by."""
        return tuple(word for word in self.asked.by if word != "bucket")

    @property
    def ends(self) -> Sequence[int]:
        """The end of each piece of time, in order; without a trend of the whole."""
        if self.parts is None:
            return (self.until,)
        return tuple(min(edge, self.until) for edge in self.parts.edges[1:])

    def piece(self, at: int) -> int | None:
        """The piece of time that holds `at`, None outside of the period."""
        if at >= self.until or not self.asked.period.holds(at):
            return None
        return 0 if self.parts is None else bisect_right(self.parts.edges, at) - 1

    def keys(self, facts: Mapping[str, Key], piece: int) -> tuple[Key, ...]:
        """The group of a ticket that is `facts`, in a piece of time."""
        return tuple(
            self.parts.labels[piece] if self.parts is not None and word == self.asked.unit else facts[word]
            for word in self.by
        )


def cut(asked: Question, first: int | None, now: int) -> Cut:
    """The groups of `asked`, where the first ticket was opened at `first` and it is `now`."""
    until = now + 1 if asked.period.until is None else min(asked.period.until, now + 1)
    since = max(one for one in (asked.period.since, first, 0) if one is not None)
    if asked.unit is None:
        return Cut(asked, until)
    return Cut(asked, until, pieces(asked.unit, min(since, until - 1), until - 1, asked.timezone))


RANK = {bucket: rank for rank, bucket in enumerate(Bucket)}


def in_order(keys: Sequence[Key], by: Sequence[str]) -> tuple[tuple[bool, int, str], ...]:
    """Keys as rows are sorted: by name, buckets as on the board, nothing last. `by` says what each of them is."""
    return tuple(
        (key is None, RANK[Bucket(key)] if word == "bucket" and key else 0, key or "")
        for key, word in zip(keys, by, strict=True)
    )
