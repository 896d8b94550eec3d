"""A hand-over as people read it: lines within 80 columns, or Markdown for a chat or a wiki."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar, overload

from msgspec import Struct

from slaboard.board import cells
from slaboard.board.instant import day, hm, when
from slaboard.reports.formats import unmarked
from slaboard.reports.handover import Handover, Told
from slaboard.sla.autopsy import BUCKETS
from slaboard.ticket import Ticket

T = TypeVar("T")
WIDTH = 80
HOLDERS = 8
MOST = 15
"""How many of a section are told to people; programs get all."""


class Rows(Sequence[tuple[str, ...]]):
    """The rows of a section, each put into words when it is asked for: people are told fifteen of any number."""

    def __init__(self, of: Sequence[T], row: Callable[[T], tuple[str, ...]]) -> None:
        self._of, self._row = of, row
        self.total = of.total if isinstance(of, Told) else len(of)

    def __len__(self) -> int:
        return len(self._of)

    @overload
    def __getitem__(self, at: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[str, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, ...] | list[tuple[str, ...]]:
        return [self._row(one) for one in self._of[at]] if isinstance(at, slice) else self._row(self._of[at])


class Section(Struct, frozen=True):
    """One part: its heading, what is said where it is empty, its columns with their widths, and its rows."""

    heading: str
    empty: str
    columns: tuple[tuple[str, int], ...]
    rows: Rows


def sections(found: Handover, timezone: str) -> tuple[Section, ...]:
    """What there is to say, in the order in which it matters."""

    def at(instant: int | None) -> str:
        return "" if instant is None else when(instant, found.now, timezone)

    return (
        Section(
            "Turns before then", "Nothing turns orange or red before then.",
            (("orange", 9), ("red", 9), ("ticket", 10), ("prio", 6), ("promise", 10), ("holder", 10), ("title", 0)),
            Rows(found.turns, lambda t: (
                at(t.orange_at), at(t.red_at), t.ticket.id, t.ticket.priority, BUCKETS[t.clock.bucket],
                _holder(t.ticket), t.ticket.title,
            )),
        ),
        Section(
            "Waiting, the longest first", "Nothing waits.",
            (("since", 12), ("for", 16), ("ticket", 10), ("holder", 10), ("title", 0)),
            Rows(found.waits, lambda w: (
                at(w.since), w.reason or "not said", w.ticket.id, _holder(w.ticket), w.ticket.title,
            )),
        ),
        Section(
            "Held, and not worked on since", "Everything that is held is worked on.",
            (("since", 12), ("holder", 10), ("ticket", 10), ("prio", 6), ("title", 0)),
            Rows(found.held, lambda h: (
                at(h.since), _holder(h.ticket), h.ticket.id, h.ticket.priority, h.ticket.title,
            )),
        ),
        Section(
            "Taken over today", "Nothing was taken over today.",
            (("at", 12), ("from", 10), ("by", 10), ("ticket", 10), ("title", 0)),
            Rows(found.taken, lambda t: (
                at(t.at), t.before or "nobody", t.after or "nobody", t.ticket.id, t.ticket.title,
            )),
        ),
    )  # fmt: skip


def _holder(ticket: Ticket) -> str:
    return ticket.owner or "nobody"


def head(found: Handover, timezone: str, until: str) -> list[str]:
    """From when until when, and what is late already."""
    holders = found.holders.most_common()
    told = ", ".join(f"{cells.cut(name or 'nobody', 20)} {n:,}" for name, n in holders[:HOLDERS])
    rest = f" and {len(holders) - HOLDERS} more" if len(holders) > HOLDERS else ""
    return [
        f"Hand-over of {day(found.now, timezone)}, {hm(found.now, timezone)}, until "
        f"{when(found.until, found.now, timezone)} ({until})",
        f"{found.red:,} red and {found.orange:,} orange already."
        + (f" Clocks that turn before then, by holder: {told}{rest}." if told else ""),
    ]


def lines(found: Handover, timezone: str, until: str) -> Iterator[str]:
    """The hand-over in lines of at most 80 cells."""
    for line in head(found, timezone, until):
        yield from cells.wrap(line, WIDTH)
    for section in sections(found, timezone):
        yield ""
        if not section.rows:
            yield section.empty
            continue
        yield f"{section.heading} ({section.rows.total:,})"
        yield f"  {_aligned(section, [name for name, _ in section.columns])}"
        for row in section.rows[:MOST]:
            yield f"  {_aligned(section, row)}".rstrip()
        if section.rows.total > MOST:
            yield f"  and {section.rows.total - MOST:,} more; --json has them all"


def _aligned(section: Section, row: Sequence[str]) -> str:
    *fixed, (_, _) = section.columns
    taken = "".join(f"{cells.fit(text, width)} " for text, (_, width) in zip(row, fixed, strict=False))
    return taken + cells.cut(row[-1], WIDTH - 2 - sum(width + 1 for _, width in fixed))


def markdown(found: Handover, timezone: str, until: str) -> Iterator[str]:
    """The same with all its rows, as tables of GitHub's Markdown; what strangers wrote is no mark-up."""
    first, *others = head(found, timezone, until)
    yield f"# {_inert(first)}"
    yield ""
    yield from map(_inert, others)
    for section in sections(found, timezone):
        yield ""
        yield f"## {section.heading} ({section.rows.total:,})" if section.rows else section.empty
        if section.rows:
            yield ""
            yield _piped(name for name, _ in section.columns)
            yield _piped("---" for _ in section.columns)
            yield from (_piped(map(_inert, row)) for row in section.rows)


def _piped(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _inert(text: str) -> str:
    return unmarked(cells.safe(text))


FORMATS: dict[str, Callable[[Handover, str, str], Iterator[str]]] = {"text": lines, "markdown": markdown}
