"""How tickets are cut into the groups of a report: by what they are, and by the time of what happened to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from msgspec import Struct

from slaboard.reports.period import Pieces, pieces
from slaboard.reports.question import Key, Question
from slaboard.ticket import Bucket


class Cut(Struct, frozen=True):
    """Groups of tickets, and the instants at which a backlog is counted. A ticket has no bucket."""

    asked: Question
    until: int
    """Nothing from here on is counted: the end of the period, or of the present second."""
    by: tuple[str, ...]
    """What the groups are cut by."""
    ends: Sequence[int]
    """The end of each piece of time, in order; without a trend that of the whole."""
    parts: Pieces | None = None
    """The pieces of time of a trend."""

    def piece(self, at: int) -> int | None:
        """The piece of time that holds `at`, None outside of the period."""
        if at >= self.until or not self.asked.period.holds(at):
            return None
        return 0 if self.parts is None else bisect_right(self.parts.edges, at) - 1

    def keys(self, facts: Mapping[str, Key], piece: int) -> tuple[Key, ...]:
        """The group of a ticket that is `facts`, in a piece of time."""
        if self.parts is None:
            return tuple([facts[word] for word in self.by])
        unit, label = self.parts.unit, self.parts.labels[piece]
        return tuple([label if word == unit else facts[word] for word in self.by])


def cut(asked: Question, first: int | None, now: int) -> Cut:
    """The groups of `asked`, where the first ticket was opened at `first` (None: there is none) and it is `now`."""
    until = now + 1 if asked.period.until is None else min(asked.period.until, now + 1)
    since = until - 1 if first is None else max(first, asked.period.since or 0)
    by = tuple(word for word in asked.by if word != "bucket")
    if asked.unit is None:
        return Cut(asked, until, by, (until,))
    parts = pieces(asked.unit, min(since, until - 1), until - 1, asked.timezone)
    return Cut(asked, until, by, tuple(min(edge, until) for edge in parts.edges[1:]), parts)


RANK = {bucket: rank for rank, bucket in enumerate(Bucket)}


def in_order(keys: Sequence[Key], by: Sequence[str]) -> tuple[tuple[bool, int, str], ...]:
    """Keys as rows are sorted: by name, buckets as on the board, nothing last. `by` says what each of them is."""
    return tuple(
        (key is None, RANK[Bucket(key)] if word == "bucket" and key else 0, key or "")
        for key, word in zip(keys, by, strict=True)
    )
