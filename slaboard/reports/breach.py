"""A missed promise as one tells the customer: how late, and where the time went, what they waited for included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from slaboard.board import cells
from slaboard.board.verb import WAITS
from slaboard.reports.figure import NOTHING, share, share_text, span_text
from slaboard.reports.names import Names
from slaboard.reports.sheet import Column, Sheet, Values, span_of
from slaboard.sla.autopsy import BUCKETS, COUNTED, NAMES, Autopsy, Share
from slaboard.sla.hands import Part
from slaboard.text import clean

TOLD = 3
"""So many parts of the counted time are told of each; the rest is summed up."""
TITLE = 60
"""Cells of a ticket's title."""
CUSTOMER = WAITS[0]
_CAUSES = {"retarget": "a change of its priority or customer made it late, not the work"}


class Breach(Struct, frozen=True):
    """One missed result, taken apart. Texts are as they came."""

    ticket: str
    title: str
    priority: str | None
    found: Autopsy
    day: str
    """The date on which it stopped."""
    statuses: Collection[str]
    """The status words of the policy that judged it: as reasons of a wait they are no secret."""

    @property
    def over_s(self) -> int:
        """By how many business seconds it was late."""
        return self.found.counted_s - self.found.clock.target_s


def sheet(breaches: Sequence[Breach], n: int, names: Names) -> Sheet:
    """A paragraph a ticket, with the latest of its breaches; a row each. `n` is how many there are in all."""
    told = "Breaches: none" if not n else f"Breaches: {n:,}"
    if len(breaches) < n:
        told += f", of which the {len(breaches):,} late by most"
    tickets: dict[str, list[Breach]] = {}
    for one in breaches:
        tickets.setdefault(one.ticket, []).append(one)
    paragraphs = {id(some[0]): f"{sentence(some[0], names)}{_also(some[1:])}" for some in tickets.values()}
    rows = tuple({**_row(one, names), "paragraph": paragraphs.get(id(one), "")} for one in breaches)
    return Sheet(
        "breaches", told, (), rows, (*_NAMES, "paragraph"),
        "Times are business time; what waited for somebody else is not counted. Held without recorded work says "
        "what the record has: where to ask, not whom to blame.", lambda row: str(row["paragraph"]),
    )  # fmt: skip


def _also(others: Sequence[Breach]) -> str:
    """The other promises of the ticket that were missed."""
    late = [
        f"{BUCKETS[one.found.clock.bucket]} ({span_text(one.found.counted_s)} of {span_text(one.found.clock.target_s)})"
        for one in others
    ]
    return f" Late, too: {', '.join(late)}." if late else ""


_NAMES = (
    "ticket", "title", "priority", "bucket", "cycle", "target_s", "used_s", "over_s", "stopped_at", "skipped", "cause",
    "parts", "sentence",
)  # fmt: skip


def _row(one: Breach, names: Names) -> Values:
    clock = one.found.clock
    parts = [
        {"part": spent.part.value, "who": _who(spent, one, names), "seconds": spent.seconds}
        for spent in one.found.shares
    ]
    values = (
        clean(one.ticket), _title(one), names.shown("priority", one.priority), clock.bucket.value,
        clock.cycle, clock.target_s, one.found.counted_s, one.over_s, clock.stopped_at, clock.skipped, clock.cause,
        parts, sentence(one, names),
    )  # fmt: skip
    return dict(zip(_NAMES, values, strict=True))


def sentence(one: Breach, names: Names) -> str:
    """What was late and where its time went."""
    clock, found = one.found.clock, one.found
    title = f' "{_title(one)}"' if _title(one) else ""
    priority = names.shown("priority", one.priority)
    told = (
        f"{clean(one.ticket)}{title}{f' ({priority})' if priority else ''}, {one.day}: {BUCKETS[clock.bucket]} took "
        f"{span_text(found.counted_s)} of {span_text(clock.target_s)}"
    )
    counted = sorted((s for s in found.shares if s.part in COUNTED), key=lambda s: -s.seconds)
    went = [_went(spent, _who(spent, one, names)) for spent in counted[:TOLD]]
    if rest := sum(spent.seconds for spent in counted[TOLD:]):
        went.append(f"{span_text(rest)} otherwise")
    waits = [spent for spent in found.shares if spent.part is Part.WAITING]
    waited = [f"{span_text(spent.seconds)} for {_for_whom(spent, one)}" for spent in waits]
    parts = [f"{told}: {', '.join(went)}." if went else f"{told}."]
    parts += [f"Beside that it waited {' and '.join(waited)}, which is not counted."] if waited else []
    parts += ["It ended without that step."] if clock.skipped else []
    parts += [f"{_CAUSES[clock.cause].capitalize()}."] if clock.cause in _CAUSES else []
    return " ".join(parts)


def _title(one: Breach) -> str:
    return cells.cut(clean(one.title).strip(), TITLE)


def _went(spent: Share, who: str | None) -> str:
    by = f" ({who})" if who else ""
    return f"{span_text(spent.seconds)} {_WORDS[spent.part]}{by}"


_WORDS = {
    Part.UNSEEN: "before anybody saw it",
    Part.UNCLAIMED: "seen and nobody's",
    Part.IDLE: "held without recorded work",
    Part.WORKED: "worked on",
}


def _who(spent: Share, one: Breach, names: Names) -> str | None:
    """Whose a share is, as the report calls them."""
    if spent.part is Part.WAITING:
        return _reason(spent, one)
    if spent.part is Part.OUTSIDE:
        return clean(spent.who or "") or None
    return names.shown("engineer", spent.who)


def _reason(spent: Share, one: Breach) -> str | None:
    """For whom it waited; a reason in words of their own may hold a name, and is not told (docs/history.md)."""
    return clean(spent.who or "") if spent.who in WAITS or spent.who in one.statuses else None


def _for_whom(spent: Share, one: Breach) -> str:
    found = _reason(spent, one)
    return f"the {found}" if found in WAITS else f'"{found}"' if found else "somebody else"


def spent_sheet(breaches: Iterable[Breach]) -> Sheet:
    """Where the time of all of them went, in sum."""
    sums: Counter[tuple[Part, str]] = Counter()
    for one in breaches:
        for spent in one.found.shares:
            sums[spent.part, (_reason(spent, one) or "") if spent.part is Part.WAITING else ""] += spent.seconds
    counted = sum(seconds for (part, _), seconds in sums.items() if part in COUNTED)
    order = list(Part)
    rows = [
        {"part": part.value, "for": whom or None, "seconds": seconds,
         "share": share(seconds, counted) if part in COUNTED else None}
        for (part, whom), seconds in sorted(sums.items(), key=lambda item: (order.index(item[0][0]), -item[1]))
    ]  # fmt: skip
    return Sheet(
        "spent",
        "Where the time of the breaches went",
        _SPENT,
        tuple(rows),
        ("part", "for", "seconds", "share"),
        "of the counted: what used the targets up; waiting and closed hours stand beside it",
    )


def _part_text(row: Values) -> str:
    """`waiting for customer`; a status word in quotes."""
    part, whom = NAMES[Part(row["part"])], row["for"]
    return part if not whom else f"{part} for {whom}" if whom in WAITS else f'{part} ("{whom}")'


def _share_of_counted(row: Values) -> str:
    return NOTHING if row["share"] is None else share_text(round(1_000_000 * row["share"]), 1_000_000)


_SPENT = (
    Column("part", _part_text, is_number=False),
    Column("time", span_of("seconds")),
    Column("of the counted", _share_of_counted, share=lambda row: row["share"]),
)  # fmt: skip
