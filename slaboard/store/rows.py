"""Rows to values and back: the one place where a row becomes a Ticket, and its text becomes clean."""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from slaboard.connectors.times import LAST_YEAR
from slaboard.store.disk.driver import Row
from slaboard.text import cap, clean
from slaboard.ticket import Bucket, Clock, ClockState, Event, Stage, Ticket, Zone

EVENT_COLUMNS = (
    "ticket_id", "at", "order_in_instant", "kind", "actor", "actor_kind", "id", "caused_by", "status", "stage",
    "reason", "owner", "priority", "customer", "title", "direction", "channel", "note", "skill", "csat", "nps",
    "more", "via", "fingerprint", "import_id", "import_line", "rev",
)  # fmt: skip
CLOCK_COLUMNS = (
    "ticket_id", "bucket", "cycle", "state", "place", "started_at", "target_s", "policy", "calendar",
    "policy_version", "due_at", "yellow_at", "orange_at", "red_at", "frozen_zone", "left_s", "stopped_at",
    "elapsed_s", "met", "skipped", "by_status", "cause", "source_due", "waits", "owner", "priority", "words", "rev",
)  # fmt: skip

_encode = msgspec.json.encode
_fingerprint = msgspec.msgpack.Encoder(order="deterministic").encode


class More(msgspec.Struct, omit_defaults=True):
    """What few events carry; one JSON column instead of four."""

    url: str | None = None
    board: str | None = None
    type: str | None = None
    source_due: dict[Bucket, int] | None = None


_decode_more = msgspec.json.Decoder(More).decode
_decode_waits = msgspec.json.Decoder(tuple[tuple[int, int | None], ...]).decode


def fingerprint(event: Event) -> bytes:
    """16 bytes that are equal for the same line read twice, whatever its spelling; the store's `seq` is left out."""
    return hashlib.blake2b(_fingerprint(_identity(event)), digest_size=16).digest()


_identity = attrgetter(*(name for name in Event.__struct_fields__ if name not in ("seq", "via")))


def event_row(event: Event, *, rev: int, import_id: int | None = None, line: int | None = None) -> tuple[Any, ...]:
    """`event` as a row of `events`, in the order of EVENT_COLUMNS. An imported one carries its fingerprint."""
    more = None
    if event.url or event.board or event.type or event.source_due:
        more = _encode(More(event.url, event.board, event.type, event.source_due)).decode()
    actor, status, reason, owner, priority, customer, title, note = [text and cap(text) for text in _capped(event)]
    return (
        event.ticket, event.at, event.order, event.kind._value_, actor, event.actor_kind._value_, event.id,
        event.caused_by, status, _word(event.stage), reason, owner, priority, customer, title, _word(event.direction),
        event.channel, note, event.skill, event.csat, event.nps, more, event.via,
        None if import_id is None else fingerprint(event), import_id, line, rev,
    )  # fmt: skip


_capped = attrgetter("actor", "status", "reason", "owner", "priority", "customer", "title", "note")


def _word(value: StrEnum | None) -> str | None:
    """The plain text of an enum: the driver takes 2 us to find out that a subclass of str is one."""
    return None if value is None else value._value_


def event_of(row: Row) -> Event:
    """A row of `SELECT * FROM events` as an Event, raw text and all. Raises ValueError when it holds nonsense."""
    at = epoch(row["at"])
    if at is None:
        raise ValueError(f"its time {row['at']!r} cannot be read")
    # By place: a look-up by name walks all 28 columns, and there are 22 to look up (half the time of this function).
    values = {name: value for name, value in zip(_FIELDS, row, strict=False) if value is not None and value != ""}
    event = msgspec.convert({**values, "at": at}, Event)
    if not row["more"]:
        return event
    more = _decode_more(row["more"])
    return replace(event, url=more.url, board=more.board, type=more.type, source_due=more.source_due)


_RENAMED = {"ticket_id": "ticket", "order_in_instant": "order"}
_FIELDS = ("seq", *(_RENAMED.get(name, name) for name in EVENT_COLUMNS[: EVENT_COLUMNS.index("via") + 1]))


def epoch(value: object) -> int | None:
    """Epoch seconds of what somebody put into a time column: a number, digits, or ISO 8601 (UTC if naive).

    None for what cannot be read, and for what lies outside the years 1970 to 2200.
    """
    if isinstance(value, str):
        value = _epoch_of_text(value.strip())
    if not isinstance(value, int | float) or not 0 <= value < _END:  # false for NaN too
        return None
    return math.floor(value)


_END = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())


def _epoch_of_text(text: str) -> float | None:
    with contextlib.suppress(ValueError, OverflowError):
        return float(text)
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def clock_row(
    ticket: str, clock: Clock, *, place: int, owner: str | None, priority: str | None, words: str, rev: int
) -> tuple[Any, ...]:
    """`clock` as a row of `clocks`, in the order of CLOCK_COLUMNS."""
    return (
        ticket, clock.bucket._value_, clock.cycle, clock.state._value_, place, clock.started_at, clock.target_s,
        clock.policy, clock.calendar, clock.policy_version, clock.due_at, clock.yellow_at, clock.orange_at,
        clock.red_at, _word(clock.frozen_zone), clock.left_s, clock.stopped_at, clock.elapsed_s, clock.met,
        clock.skipped, clock.by_status, clock.cause, clock.source_due, waits_text(clock), owner, priority,
        words if place else "", rev,
    )  # fmt: skip


def waits_text(clock: Clock) -> str | None:
    """The clock's waits as JSON, None when it never waited."""
    return _encode(clock.waits).decode() if clock.waits else None


def waits_of(text: str | None) -> tuple[tuple[int, int | None], ...]:
    """What `waits_text` wrote."""
    return _decode_waits(text) if text else ()


def clock_of(row: Mapping[str, Any]) -> Clock:
    """A row of `clocks` as a Clock."""
    return Clock(
        bucket=Bucket(row["bucket"]),
        cycle=row["cycle"],
        state=ClockState(row["state"]),
        started_at=row["started_at"],
        target_s=row["target_s"],
        policy=row["policy"],
        calendar=row["calendar"],
        policy_version=row["policy_version"],
        waits=waits_of(row["waits"]),
        due_at=row["due_at"],
        yellow_at=row["yellow_at"],
        orange_at=row["orange_at"],
        red_at=row["red_at"],
        frozen_zone=Zone(row["frozen_zone"]) if row["frozen_zone"] else None,
        left_s=row["left_s"],
        stopped_at=row["stopped_at"],
        elapsed_s=row["elapsed_s"],
        met=None if row["met"] is None else bool(row["met"]),
        skipped=bool(row["skipped"]),
        by_status=bool(row["by_status"]),
        cause=row["cause"],
        source_due=row["source_due"],
    )


def outcome_clock(row: Mapping[str, Any]) -> Clock:
    """A row of `outcomes` as the finished clock that it froze."""
    return Clock(
        bucket=Bucket(row["bucket"]),
        cycle=row["cycle"],
        state=ClockState.MET if row["met"] else ClockState.MISSED,
        started_at=row["started_at"],
        target_s=row["target_s"],
        policy=row["policy"],
        calendar=row["calendar"],
        policy_version=row["policy_version"],
        waits=waits_of(row["waits"]),
        due_at=row["due_at"],
        frozen_zone=Zone(row["zone"]),
        stopped_at=row["stopped_at"],
        elapsed_s=row["elapsed_s"],
        met=bool(row["met"]),
        skipped=bool(row["skipped"]),
        by_status=bool(row["by_status"]),
        cause=row["cause"],
        source_due=row["source_due"],
    )


def raw(text: str) -> str:
    """`text` as it came: for JSON, which escapes, and never for a terminal."""
    return text


def ticket_of(
    row: Mapping[str, Any], clocks: Sequence[Clock], *, now: int, text: Callable[[str], str] = clean
) -> Ticket:
    """The one function that turns a row of `tickets` into a Ticket; `text` makes its strings safe."""
    bucket = Bucket(row["bucket"]) if row["bucket"] else None
    ticket = Ticket(
        id=text(_str(row["id"])),
        title=text(_str(row["title"])),
        customer=text(_str(row["customer"])),
        priority=text(_str(row["priority"])),
        status=text(_str(row["status"])),
        stage=_stage(row["stage"]),
        owner=text(_str(row["owner"])) if row["owner"] is not None else None,
        policy=text(row["policy"]) if row["policy"] else None,
        opened_at=epoch(row["opened_at"]),
        bucket=bucket,
        no_sla=row["no_sla"],
        url=text(_str(row["url"])),
        board=text(_str(row["board"])),
        type=text(_str(row["type"])),
        owned_at=row["owned_at"],
        changed_at=row["changed_at"],
        rev=row["rev"],
        clocks=tuple(clocks),
    )
    return replace(ticket, worse=is_worse(ticket, now))


def is_worse(ticket: Ticket, now: int) -> bool:
    """True when a clock beside the one it counts under is already in a worse zone (rule 2's mark)."""
    place = ticket.clock(ticket.bucket)
    if place is None:
        return False
    here = place.zone(now).rank
    return any(clock.is_live and clock.zone(now).rank > here for clock in ticket.clocks)


def _str(value: object) -> str:
    return "" if value is None else str(value)


def _stage(value: object) -> Stage:
    try:
        return Stage(str(value))
    except ValueError:
        return Stage.RESPOND


def grouped_clocks(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Clock]]:
    """Rows of `clocks` by ticket, each ticket's in the board's order of buckets."""
    found: dict[str, list[Clock]] = {}
    for row in rows:
        found.setdefault(row["ticket_id"], []).append(clock_of(row))
    order = list(Bucket)
    for clocks in found.values():
        clocks.sort(key=lambda clock: (order.index(clock.bucket), clock.cycle))
    return found
